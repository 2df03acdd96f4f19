/* SPDX-License-Identifier: Apache-2.0
 *
 * Drawing cases from distributions, with counters: case k is the same case however many there are,
 * whoever computes it, in any order.
 *
 * Cases are numbered split after split (in the order of split.h). What a case is depends on the
 * plan's seed and distributions, its split and its place within the split, not on any count: more
 * training cases leave those there were, and all test cases, as they are (only the numbers of the
 * later splits move up). Random number `slot` of body `body` in try `attempt` has the counter
 *
 *     (((split + 8 body) * 2^40 + place) * 1024 + attempt) * 32 + slot
 *
 * in PHILOX_STREAM_CASE, so no body depends on how many others there are. The number of bodies is
 * drawn once; every attempt draws all the rest anew, Reynolds number and families included. So
 * the cases with n bodies are the plan's distribution under the condition that the rules accept,
 * and the shares of the numbers n are those asked for. */
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

/* What is drawn of a body. */
enum case_draw_parameter {
    CASE_DRAW_SIZE,
    CASE_DRAW_ASPECT,
    CASE_DRAW_ROUNDING,
    CASE_DRAW_SIDES, /* whole numbers: each of low..high is as likely with UNIFORM; else rounded */
    CASE_DRAW_ANGLE,
    CASE_DRAW_X, /* canvas cells */
    CASE_DRAW_Y,
    CASE_DRAW_INNER,
    CASE_DRAW_PROFILE, /* whole numbers */
    CASE_DRAW_ROUGHNESS,
    CASE_DRAW_PARAMETERS
};

/* "size", "aspect" ... as in body_spec. */
const char *case_draw_parameter_name(enum case_draw_parameter parameter);

/* One family that bodies may have. The seed of a blob's outline is drawn too. */
struct case_draw_family {
    char family[32];
    double weight; /* > 0 */
    struct case_draw_range ranges[CASE_DRAW_PARAMETERS];
    const double *vertices; /* of a polygon, as in body_spec. Borrowed; cases drawn borrow it too */
    int64_t vertex_count;
    const struct bitmap *bitmap; /* likewise */
};

enum { CASE_DRAW_FAMILIES = 32, CASE_DRAW_ATTEMPTS = 1000 };

struct case_draw_plan {
    struct flow_case base; /* everything that is not drawn; its bodies are not used */
    uint64_t seed;
    int64_t counts[SPLIT_COUNT];   /* cases per split, in this order */
    struct case_draw_range bodies; /* how many a case has, each drawn by itself */
    struct case_draw_family families[CASE_DRAW_FAMILIES];
    int64_t family_count;
    struct case_draw_family held_out[CASE_DRAW_FAMILIES]; /* of TEST_BODY alone */
    int64_t held_out_count;
    struct case_draw_family beyond[CASE_DRAW_FAMILIES]; /* of TEST_BEYOND; none: `families` */
    int64_t beyond_count;
    struct case_draw_range reynolds;
    /* [low, high), ascending: held out of the other splits, the only ones of TEST_REYNOLDS, which
     * draws from the whole gaps with the weight that `reynolds` gives (its list, if it is one). */
    double reynolds_gaps[CASE_DRAW_FAMILIES][2];
    int64_t reynolds_gap_count;
    /* [low, high), ascending: those of TEST_BEYOND, drawn log-uniform where `reynolds` is, else
     * uniform; none: as in training. */
    double reynolds_beyond[CASE_DRAW_FAMILIES][2];
    int64_t reynolds_beyond_count;
};

int64_t case_draw_count(const struct case_draw_plan *plan);
enum split case_draw_split_of(const struct case_draw_plan *plan, int64_t index);

/* Refuses a plan that cannot be drawn or whose splits would leak: empty or reversed ranges, unknown
 * families, bodies that cannot be at the ends of their ranges or at a value of their lists, weights
 * not positive, gaps that overlap or leave no Reynolds number, a split with cases but nothing to
 * draw them from, a number of bodies outside 1..FLOW_CASE_BODIES, discard below 10; a held-out body
 * that training may draw too, whatever its size (case_leak.h); Reynolds gaps that training does not
 * enclose; Reynolds numbers of TEST_BEYOND inside training's span; bodies of TEST_BEYOND that
 * training covers, size included. ERR_CONFIG. */
enum status case_draw_check(const struct case_draw_plan *plan);

/* Case `index`, of a plan that case_draw_check accepts; its `seed` is its own. `refused` (may be
 * NULL) gets the number of draws that each rule refused before it. ERR_CONFIG with the last refusal
 * when CASE_DRAW_ATTEMPTS draws were refused. Thread safe. */
enum status case_draw(struct flow_case *out, struct refusals *refused,
                      const struct case_draw_plan *plan, int64_t index);
