/* SPDX-License-Identifier: Apache-2.0
 *
 * Drawing cases from distributions, with counters: case k is the same case however many there are,
 * whoever computes it, in any order. */
#pragma once

#include "error.h"
#include "flow_case.h"

#include <stdint.h>

/* A number that is drawn: fixed, uniform, log-uniform or one of a list. */
enum case_draw_kind { CASE_DRAW_FIXED, CASE_DRAW_UNIFORM, CASE_DRAW_LOG_UNIFORM, CASE_DRAW_LIST };

enum { CASE_DRAW_LIST_SIZE = 64 };

struct case_draw_range {
    enum case_draw_kind kind;
    double low, high; /* FIXED: low */
    double list[CASE_DRAW_LIST_SIZE];
    int64_t list_count;
};

/* One family that cases may have. Positions are canvas cells. */
struct case_draw_family {
    char family[32];
    double weight;
    struct case_draw_range size, aspect, rounding, sides, angle, x, y;
};

enum case_draw_split {
    CASE_DRAW_TRAIN,
    CASE_DRAW_VALIDATION,
    CASE_DRAW_TEST_REYNOLDS, /* families of training, Reynolds numbers held out */
    CASE_DRAW_TEST_BODY,     /* families held out */
    CASE_DRAW_SPLITS
};

enum { CASE_DRAW_FAMILIES = 32 };

struct case_draw_plan {
    struct flow_case base; /* everything that is not drawn */
    uint64_t seed;
    int64_t counts[CASE_DRAW_SPLITS]; /* cases per split, in this order */
    struct case_draw_family families[CASE_DRAW_FAMILIES];
    int64_t family_count;
    struct case_draw_family held_out[CASE_DRAW_FAMILIES]; /* of TEST_BODY alone */
    int64_t held_out_count;
    struct case_draw_range reynolds;
    double reynolds_gaps[CASE_DRAW_FAMILIES]
                        [2]; /* held out of training, the only ones of TEST_REYNOLDS */
    int64_t reynolds_gap_count;
};

/* "train", "validation", "test-reynolds", "test-body". */
const char *case_draw_split_name(enum case_draw_split split);

int64_t case_draw_count(const struct case_draw_plan *plan);
enum case_draw_split case_draw_split_of(const struct case_draw_plan *plan, int64_t index);

/* Case `index`; `rejected` (may be NULL) gets the number of draws that the rules refused before it.
 * ERR_CONFIG with the last refusal when 1000 draws were refused. */
enum status case_draw(struct flow_case *out, int64_t *rejected, const struct case_draw_plan *plan,
                      int64_t index);
