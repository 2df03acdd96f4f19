/* SPDX-License-Identifier: Apache-2.0
 *
 * A foreign trajectory in our words: canvas lattice units (cell = 1; the time unit is chosen so
 * that a whole number of canvas steps lies between frames), a signed distance, the facts of a case.
 * What the file does not say is taken from what it shows, or asked for. Reads no file. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "foreign_facts.h"

#include <stdint.h>

/* In the file's units; not a number: from the file. */
struct foreign_convert_options {
    double speed;     /* U; else the mean of u_x over the first column of cells */
    double length;    /* D; else what the bodies project across the stream, else the height */
    double reynolds;  /* else U D / nu; there is no default */
    double density;   /* which stands for 1 */
    int64_t interval; /* canvas steps a frame, >= 1; see below */
};

/* Canvas steps a frame: the file's own, or the least number at which U is at most 0.1. */
int64_t foreign_convert_interval(const struct foreign_convert_options *options,
                                 const struct foreign_facts *facts,
                                 const struct foreign_facts_case *one, const void *fields);

/* Fills the record, which has room for facts->frames frames of its canvas, as case `index`; works
 * in `fields`. ERR_USAGE names the option that has to say what the file does not; ERR_DATA for a
 * flow that stands still. A trajectory that has a reason becomes a failed case. */
enum status foreign_convert_record(struct case_record *record,
                                   const struct foreign_convert_options *options,
                                   const struct foreign_facts *facts,
                                   const struct foreign_facts_case *one, void *fields,
                                   int64_t index);
