/* SPDX-License-Identifier: Apache-2.0
 *
 * What generating a dataset will take: every case drawn once, nothing computed. For --dry-run and
 * for progress. */
#pragma once

#include "case_draw.h"
#include "error.h"
#include "json.h"

#include <stdint.h>
#include <stdio.h>

struct generate_plan {
    int64_t cases, counts[SPLIT_COUNT];
    struct refusals refused;       /* draws that the rules refused */
    int64_t cells;                 /* of the solver's lattice */
    int64_t starts;                /* start states per test case */
    double updates;                /* lattice updates of all cases */
    double *case_updates;          /* [cases]; owned */
    int64_t steps_low, steps_high; /* solver steps of a case */
    double tau_low, tau_high;
    double reynolds_low, reynolds_high;
    double length_low, length_high;
    double mach;               /* U / c_s */
    double bytes, start_bytes; /* on disk, about */
    double memory;             /* while it runs, about */
};

/* Draws all cases. ERR_CONFIG as case_draw. */
enum status generate_plan_create(struct generate_plan *out, const struct case_draw_plan *plan,
                                 int64_t starts, int threads);
void generate_plan_destroy(struct generate_plan *plan);

/* `rate`: lattice updates per second over all threads, 0 when it is not known. */
void generate_plan_print(FILE *stream, const struct generate_plan *plan, double rate);
enum status generate_plan_describe(struct json **out, const struct generate_plan *plan,
                                   double rate);
