/* SPDX-License-Identifier: Apache-2.0
 *
 * Drawing cases from distributions, with counters: case k is the same case however many there are,
 * whoever computes it, in any order.
 *
 * Cases are numbered split after split (in the order of split.h). What a case
 * is depends on the plan's seed and distributions, its split and its place within the split, not on
 * any count: more training cases leave those there were, and all test cases, as they are (only the
 * numbers of the later splits move up). Random number `slot` of try `attempt` has the counter
 *
 *     ((split * 2^40 + place) * 1024 + attempt) * 32 + slot
 *
 * in PHILOX_STREAM_CASE. Every attempt draws the whole case anew, Reynolds number and family
 * included, so the cases are the plan's distribution under the condition that the rules accept. */
#pragma once

#include "error.h"
#include "flow_case.h"
#include "refusal.h"
#include "split.h"

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

/* One family that cases may have. Positions are canvas cells. Whole numbers (sides): every one of
 * low..high is as likely with UNIFORM; otherwise the number drawn is rounded. */
struct case_draw_family {
    char family[32];
    double weight; /* > 0 */
    struct case_draw_range size, aspect, rounding, sides, angle, x, y;
    const double *vertices; /* of a polygon, as in body_spec. Borrowed; cases drawn borrow it too */
    int64_t vertex_count;
};

enum { CASE_DRAW_FAMILIES = 32, CASE_DRAW_ATTEMPTS = 1000 };

struct case_draw_plan {
    struct flow_case base; /* everything that is not drawn; its bodies are not used */
    uint64_t seed;
    int64_t counts[SPLIT_COUNT]; /* cases per split, in this order */
    struct case_draw_family families[CASE_DRAW_FAMILIES];
    int64_t family_count;
    struct case_draw_family held_out[CASE_DRAW_FAMILIES]; /* of TEST_BODY alone */
    int64_t held_out_count;
    struct case_draw_range reynolds;
    /* [low, high): held out of the other splits, the only ones of TEST_REYNOLDS. That split draws
     * from the whole gaps, with the weight that `reynolds` gives (its list, if it is one), so a gap
     * may lie beyond the range. */
    double reynolds_gaps[CASE_DRAW_FAMILIES][2];
    int64_t reynolds_gap_count;
};

int64_t case_draw_count(const struct case_draw_plan *plan);
enum split case_draw_split_of(const struct case_draw_plan *plan, int64_t index);

/* Refuses a plan that cannot be drawn or whose splits would leak: empty or reversed ranges, unknown
 * families, weights not positive, gaps that overlap or leave no Reynolds number, a split with cases
 * but nothing to draw them from, a held-out body that training may draw too (same family and
 * vertices, and every one of aspect, rounding and sides in common), discard below 10. ERR_CONFIG.
 */
enum status case_draw_check(const struct case_draw_plan *plan);

/* Case `index`, of a plan that case_draw_check accepts; its `seed` is its own. `refused` (may be
 * NULL) gets the number of draws that each rule refused before it. ERR_CONFIG with the last refusal
 * when CASE_DRAW_ATTEMPTS draws were refused. Thread safe. */
enum status case_draw(struct flow_case *out, struct refusals *refused,
                      const struct case_draw_plan *plan, int64_t index);
