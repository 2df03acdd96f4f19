/* SPDX-License-Identifier: Apache-2.0 */
#include "case_draw.h"

#include "case_range.h"
#include "philox.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Slots of an attempt; a new one goes to the end, never between. */
enum slot {
    SLOT_FAMILY,
    SLOT_REYNOLDS,
    SLOT_SIZE,
    SLOT_ASPECT,
    SLOT_ROUNDING,
    SLOT_SIDES,
    SLOT_ANGLE,
    SLOT_X,
    SLOT_Y,
    SLOT_SEED,
    SLOTS = 32
};

enum { ATTEMPT_STRIDE = 1024 };

int64_t case_draw_count(const struct case_draw_plan *plan)
{
    int64_t count = 0;
    for (int split = 0; split < SPLIT_COUNT; split++)
        count += plan->counts[split];
    return count;
}

/* The split of a case and, in *place, which of the split's cases it is. */
static enum split find_place(int64_t *place, const struct case_draw_plan *plan, int64_t index)
{
    assert(index >= 0 && index < case_draw_count(plan));
    int split = 0;
    while (index >= plan->counts[split])
        index -= plan->counts[split++];
    *place = index;
    return (enum split)split;
}

enum split case_draw_split_of(const struct case_draw_plan *plan, int64_t index)
{
    int64_t place;
    return find_place(&place, plan, index);
}

/* One attempt at a case: where its random numbers come from. */
struct attempt {
    uint64_t seed, counter;
};

static double draw(const struct attempt *attempt, enum slot slot)
{
    return philox_uniform(attempt->seed, PHILOX_STREAM_CASE, attempt->counter + slot);
}

static const struct case_draw_family *pick_family(const struct case_draw_family *families,
                                                  int64_t count, double u)
{
    double total = 0;
    for (int64_t i = 0; i < count; i++)
        total += families[i].weight;
    double rest = u * total;
    int64_t i = 0;
    while (i + 1 < count && rest >= families[i].weight)
        rest -= families[i++].weight;
    return &families[i];
}

static void fill_body(struct body_spec *out, const struct case_draw_family *family,
                      const struct attempt *attempt)
{
    *out = (struct body_spec){
        .x = case_range_value(&family->x, draw(attempt, SLOT_X)),
        .y = case_range_value(&family->y, draw(attempt, SLOT_Y)),
        .size = case_range_value(&family->size, draw(attempt, SLOT_SIZE)),
        .aspect = case_range_value(&family->aspect, draw(attempt, SLOT_ASPECT)),
        .rounding = case_range_value(&family->rounding, draw(attempt, SLOT_ROUNDING)),
        .sides = case_range_integer(&family->sides, draw(attempt, SLOT_SIDES)),
        .angle = case_range_value(&family->angle, draw(attempt, SLOT_ANGLE)),
        .vertices = family->vertices,
        .vertex_count = family->vertex_count,
    };
    snprintf(out->family, sizeof out->family, "%s", family->family);
}

static enum status fill_case(struct flow_case *out, const struct case_draw_plan *plan,
                             enum split split, const struct attempt *attempt)
{
    int held_out = split == SPLIT_TEST_BODY;
    const struct case_draw_family *family = pick_family(
        held_out ? plan->held_out : plan->families,
        held_out ? plan->held_out_count : plan->family_count, draw(attempt, SLOT_FAMILY));
    *out = plan->base;
    TRY(case_range_gapped(
        &out->reynolds, &plan->reynolds, plan->reynolds_gaps, plan->reynolds_gap_count,
        split == SPLIT_TEST_REYNOLDS ? CASE_RANGE_INSIDE_GAPS : CASE_RANGE_OUTSIDE_GAPS,
        draw(attempt, SLOT_REYNOLDS)));
    memset(out->bodies, 0, sizeof out->bodies);
    fill_body(&out->bodies[0], family, attempt);
    out->body_count = 1;
    out->seed = philox_bits(attempt->seed, PHILOX_STREAM_CASE, attempt->counter + SLOT_SEED);
    return OK;
}

enum status case_draw(struct flow_case *out, struct refusals *refused,
                      const struct case_draw_plan *plan, int64_t index)
{
    int64_t place;
    enum split split = find_place(&place, plan, index);
    struct refusals counts = {{0}};
    uint64_t first = (((uint64_t)split << 40) + (uint64_t)place) * ATTEMPT_STRIDE;
    for (uint64_t k = 0; k < CASE_DRAW_ATTEMPTS; k++) {
        struct attempt attempt = {plan->seed, (first + k) * SLOTS};
        TRY(fill_case(out, plan, split, &attempt));
        out->index = index;
        enum refusal broken;
        enum status status = flow_case_check_rule(&broken, out);
        if (status == OK) {
            if (refused != NULL)
                *refused = counts;
            error_clear(); // a refusal that was drawn again is no failure
            return OK;
        }
        if (status != ERR_CONFIG)
            TRY(status);
        counts.counts[broken]++;
    }
    return error_prefix(ERR_CONFIG,
                        "case %" PRId64 " (%s): all of %d draws were refused, the last one because",
                        index, split_name(split), CASE_DRAW_ATTEMPTS);
}
