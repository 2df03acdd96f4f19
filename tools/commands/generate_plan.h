/* SPDX-License-Identifier: Apache-2.0
 *
 * What generating a dataset, or a part of one, will take: cases drawn, nothing computed. Of many
 * cases a sample is drawn, evenly spread, and stands for all. For --dry-run and for progress. */
#pragma once

#include "case_draw.h"
#include "dataset_part.h"
#include "error.h"
#include "json.h"

#include <stdint.h>
#include <stdio.h>

enum { GENERATE_PLAN_SAMPLE = 4096 }; /* cases drawn at most */

/* What runs it. */
struct generate_plan_crew {
    int ranks, threads; /* threads of each rank */
};

struct generate_plan {
    struct dataset_part part;
    struct generate_plan_crew crew;
    int64_t cases;                 /* of the part */
    int64_t counts[SPLIT_COUNT];   /* of those, by split */
    int64_t drawn;                 /* the sample; what follows is of these cases unless said */
    struct refusals refused;       /* draws that the rules refused */
    int64_t cells;                 /* of the solver's lattice */
    int64_t starts;                /* start states per test case */
    double updates;                /* lattice updates of all cases of the part */
    int64_t steps_low, steps_high; /* solver steps of a case */
    double tau_low, tau_high;
    double reynolds_low, reynolds_high;
    double length_low, length_high;
    double mach;               /* U / c_s */
    double bytes, start_bytes; /* on disk, about */
    double memory;             /* of rank 0 while it runs, about */
};

/* What is asked for besides the cases. */
struct generate_plan_options {
    struct dataset_part part;
    struct generate_plan_crew crew;
    int64_t starts;      /* start states per test case */
    int64_t shard_bytes; /* at most */
};

/* ERR_CONFIG as case_draw. */
enum status generate_plan_make(struct generate_plan *out, const struct case_draw_plan *plan,
                               const struct generate_plan_options *options);

/* `rate`: lattice updates per second over all threads of all ranks, 0 when it is not known. */
void generate_plan_print(FILE *stream, const struct generate_plan *plan, double rate);
enum status generate_plan_describe(struct json **out, const struct generate_plan *plan,
                                   double rate);
