/* SPDX-License-Identifier: Apache-2.0 */
#include "case_draw.h"

#include "case_body.h"
#include "case_range.h"
#include "philox.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Slots of an attempt; a new one goes to the end, never between. REYNOLDS and SEED are the case's
 * (those of its first body), NUMBER is looked up in the first attempt alone. */
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
    SLOT_INNER,
    SLOT_PROFILE,
    SLOT_ROUGHNESS,
    SLOT_OUTLINE,
    SLOT_NUMBER,
    SLOTS = 32
};

enum { ATTEMPT_STRIDE = 1024, BODY_STRIDE = 8 };

static const struct {
    const char *name;
    enum slot slot;
} parameters[CASE_DRAW_PARAMETERS] = {
    [CASE_DRAW_SIZE] = {"size", SLOT_SIZE},
    [CASE_DRAW_ASPECT] = {"aspect", SLOT_ASPECT},
    [CASE_DRAW_ROUNDING] = {"rounding", SLOT_ROUNDING},
    [CASE_DRAW_SIDES] = {"sides", SLOT_SIDES},
    [CASE_DRAW_ANGLE] = {"angle", SLOT_ANGLE},
    [CASE_DRAW_X] = {"x", SLOT_X},
    [CASE_DRAW_Y] = {"y", SLOT_Y},
    [CASE_DRAW_INNER] = {"inner", SLOT_INNER},
    [CASE_DRAW_PROFILE] = {"profile", SLOT_PROFILE},
    [CASE_DRAW_ROUGHNESS] = {"roughness", SLOT_ROUGHNESS},
};

const char *case_draw_parameter_name(enum case_draw_parameter parameter)
{
    return parameters[parameter].name;
}

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

/* Where the random numbers of one body in one attempt come from. */
struct attempt {
    uint64_t seed, counter;
};

static struct attempt make_attempt(const struct case_draw_plan *plan, enum split split,
                                   int64_t place, int64_t body, int64_t attempt)
{
    _Static_assert((int)SPLIT_COUNT <= (int)BODY_STRIDE,
                   "splits and bodies share the counter's upper bits");
    uint64_t range = (uint64_t)split + BODY_STRIDE * (uint64_t)body;
    uint64_t number = ((range << 40) + (uint64_t)place) * ATTEMPT_STRIDE + (uint64_t)attempt;
    return (struct attempt){plan->seed, number * SLOTS};
}

static double draw(const struct attempt *attempt, enum slot slot)
{
    return philox_uniform(attempt->seed, PHILOX_STREAM_CASE, attempt->counter + slot);
}

static uint64_t draw_bits(const struct attempt *attempt, enum slot slot)
{
    return philox_bits(attempt->seed, PHILOX_STREAM_CASE, attempt->counter + slot);
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

static void fill_body(struct body_spec *out, const struct case_draw_plan *plan, enum split split,
                      const struct attempt *attempt)
{
    const struct case_draw_family *families;
    int64_t count = case_body_families(&families, plan, split);
    const struct case_draw_family *family =
        pick_family(families, count, draw(attempt, SLOT_FAMILY));
    double u[CASE_DRAW_PARAMETERS];
    for (int i = 0; i < CASE_DRAW_PARAMETERS; i++)
        u[i] = draw(attempt, parameters[i].slot);
    case_body_fill(out, family, u);
    out->seed = draw_bits(attempt, SLOT_OUTLINE);
}

/* The weight of the intervals beyond training. */
static struct case_draw_range beyond_range(const struct case_draw_plan *plan)
{
    int is_log = plan->reynolds.kind == CASE_DRAW_LOG_UNIFORM;
    return (struct case_draw_range){
        .kind = is_log ? CASE_DRAW_LOG_UNIFORM : CASE_DRAW_UNIFORM,
        .low = plan->reynolds_beyond[0][0],
        .high = plan->reynolds_beyond[plan->reynolds_beyond_count - 1][1],
    };
}

static enum status draw_reynolds(double *out, const struct case_draw_plan *plan, enum split split,
                                 double u)
{
    if (split == SPLIT_TEST_BEYOND && plan->reynolds_beyond_count > 0) {
        struct case_draw_range beyond = beyond_range(plan);
        return case_range_gapped(out, &beyond, plan->reynolds_beyond, plan->reynolds_beyond_count,
                                 CASE_RANGE_INSIDE_GAPS, u);
    }
    return case_range_gapped(
        out, &plan->reynolds, plan->reynolds_gaps, plan->reynolds_gap_count,
        split == SPLIT_TEST_REYNOLDS ? CASE_RANGE_INSIDE_GAPS : CASE_RANGE_OUTSIDE_GAPS, u);
}

/* Which case is to be drawn. */
struct target {
    const struct case_draw_plan *plan;
    enum split split;
    int64_t place, bodies;
};

static enum status fill_case(struct flow_case *out, const struct target *target, int64_t attempt)
{
    const struct case_draw_plan *plan = target->plan;
    struct attempt first = make_attempt(plan, target->split, target->place, 0, attempt);
    *out = plan->base;
    TRY(draw_reynolds(&out->reynolds, plan, target->split, draw(&first, SLOT_REYNOLDS)));
    out->seed = draw_bits(&first, SLOT_SEED);
    memset(out->bodies, 0, sizeof out->bodies);
    out->body_count = target->bodies;
    for (int64_t body = 0; body < target->bodies; body++) {
        struct attempt own = make_attempt(plan, target->split, target->place, body, attempt);
        fill_body(&out->bodies[body], plan, target->split, &own);
    }
    return OK;
}

/* A refusal that is drawn again is no failure; every other one is. */
static enum status try_case(struct flow_case *out, struct refusals *refused, int *accepted,
                            const struct target *target, int64_t attempt)
{
    struct flow_case_fault fault;
    TRY(fill_case(out, target, attempt));
    enum status status = flow_case_check_fault(&fault, out, FLOW_CASE_ADVICE_BRIEF);
    *accepted = status == OK;
    if (status == ERR_CONFIG) {
        refused->counts[fault.rule]++;
        status = OK;
    }
    return status;
}

enum status case_draw(struct flow_case *out, struct refusals *refused,
                      const struct case_draw_plan *plan, int64_t index)
{
    char counts[REFUSAL_TEXT_SIZE];
    struct refusals unused, *sum = refused != NULL ? refused : &unused;
    struct target target = {.plan = plan};
    target.split = find_place(&target.place, plan, index);
    struct attempt first = make_attempt(plan, target.split, target.place, 0, 0);
    target.bodies = case_range_integer(&plan->bodies, draw(&first, SLOT_NUMBER));
    memset(sum, 0, sizeof *sum);
    for (int64_t attempt = 0; attempt < CASE_DRAW_ATTEMPTS; attempt++) {
        int accepted = 0;
        TRY(try_case(out, sum, &accepted, &target, attempt));
        out->index = index;
        if (accepted) {
            error_clear();
            return OK;
        }
    }
    (void)flow_case_check(out); // refused once more, with the advice that draws go without
    refusal_print(counts, sum);
    return error_prefix(
        ERR_CONFIG, "case %" PRId64 " (%s, bodies: %" PRId64 "): %s and none accepted; the last",
        index, split_name(target.split), target.bodies, counts);
}
