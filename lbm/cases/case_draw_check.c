/* SPDX-License-Identifier: Apache-2.0
 *
 * What makes a plan impossible or unfair, found before the first case is drawn. */
#include "case_draw.h"

#include "case_body.h"
#include "case_leak.h"
#include "case_range.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double discard_min = 10; /* D / U, physics.md */

static enum status try_body(const struct case_draw_family *family, const double *u)
{
    struct body *body = NULL;
    struct body_spec spec;
    case_body_fill(&spec, family, u);
    TRY(body_create(&body, &spec));
    body_destroy(body);
    return OK;
}

/* A body at the beginning of all ranges, and at the end of each and every value of a list: what can
 * never be drawn is a mistake, not a matter of refusals. */
static enum status try_family(const struct case_draw_family *family)
{
    double u[CASE_DRAW_PARAMETERS] = {0};
    TRY(try_body(family, u));
    for (int i = 0; i < CASE_DRAW_PARAMETERS; i++) {
        const struct case_draw_range *range = &family->ranges[i];
        int64_t count = range->kind == CASE_DRAW_LIST ? range->list_count : 1;
        for (int64_t k = 0; k < count; k++) {
            u[i] = fmin(((double)k + 1) / (double)count, 1) - DBL_EPSILON;
            TRY(try_body(family, u));
        }
        u[i] = 0;
    }
    return OK;
}

static enum status check_family(const struct case_draw_family *family)
{
    int known = 0;
    for (int64_t i = 0; i < body_family_count(); i++)
        known = known || strcmp(family->family, body_family_name(i)) == 0;
    if (!known) {
        struct body *body = NULL;
        struct body_spec spec = {.size = 1};
        memcpy(spec.family, family->family, sizeof spec.family);
        TRY(body_create(&body, &spec)); // says which there are
    }
    if (!(family->weight > 0 && isfinite(family->weight)))
        return FAIL(ERR_CONFIG, "weight %g is not a positive number", family->weight);
    for (int i = 0; i < CASE_DRAW_PARAMETERS; i++)
        TRY(case_range_check(&family->ranges[i],
                             case_draw_parameter_name((enum case_draw_parameter)i)));
    TRY(try_family(family));
    return OK;
}

static enum status check_families(const struct case_draw_family *families, int64_t count,
                                  const char *what)
{
    if (count < 0 || count > CASE_DRAW_FAMILIES)
        return FAIL(ERR_CONFIG, "%" PRId64 " %s; 0 to %d would do", count, what,
                    CASE_DRAW_FAMILIES);
    for (int64_t i = 0; i < count; i++)
        if (check_family(&families[i]) != OK)
            return error_prefix(ERR_CONFIG, "%s %" PRId64, what, i + 1);
    return OK;
}

/* Intervals of Reynolds numbers: `what` names them. */
static enum status check_intervals(const double intervals[][2], int64_t count, const char *what)
{
    if (count < 0 || count > CASE_DRAW_FAMILIES)
        return FAIL(ERR_CONFIG, "%" PRId64 " Reynolds %ss; 0 to %d would do", count, what,
                    CASE_DRAW_FAMILIES);
    for (int64_t i = 0; i < count; i++) {
        const double *one = intervals[i];
        if (!(one[0] > 0 && one[1] > one[0] && isfinite(one[1])))
            return FAIL(ERR_CONFIG, "Reynolds %s %g..%g is empty or not positive", what, one[0],
                        one[1]);
        if (i > 0 && one[0] < intervals[i - 1][1])
            return FAIL(ERR_CONFIG,
                        "Reynolds %s %g..%g begins before the end of the one before it; give "
                        "them in ascending order, without overlap",
                        what, one[0], one[1]);
    }
    return OK;
}

/* Is there a Reynolds number on each side that a split draws from? */
static enum status check_reynolds(const struct case_draw_plan *plan)
{
    double unused;
    TRY(case_range_check(&plan->reynolds, "reynolds"));
    TRY(check_intervals(plan->reynolds_gaps, plan->reynolds_gap_count, "gap"));
    TRY(check_intervals(plan->reynolds_beyond, plan->reynolds_beyond_count, "interval beyond"));
    const int64_t *counts = plan->counts;
    if (counts[SPLIT_TRAIN] + counts[SPLIT_VALIDATION] + counts[SPLIT_TEST_BODY] > 0)
        TRY(case_range_gapped(&unused, &plan->reynolds, plan->reynolds_gaps,
                              plan->reynolds_gap_count, CASE_RANGE_OUTSIDE_GAPS, 0.5));
    if (counts[SPLIT_TEST_REYNOLDS] > 0)
        TRY(case_range_gapped(&unused, &plan->reynolds, plan->reynolds_gaps,
                              plan->reynolds_gap_count, CASE_RANGE_INSIDE_GAPS, 0.5));
    return OK;
}

static enum status check_counts(const struct case_draw_plan *plan)
{
    const int64_t most = 1000000000;
    for (int split = 0; split < SPLIT_COUNT; split++) {
        const char *name = split_name((enum split)split);
        int64_t count = plan->counts[split];
        if (count < 0 || count > most)
            return FAIL(ERR_CONFIG, "%" PRId64 " cases of split %s; 0 to %" PRId64 " would do",
                        count, name, most);
        const struct case_draw_family *families;
        if (count > 0 && case_body_families(&families, plan, (enum split)split) == 0)
            return FAIL(ERR_CONFIG, "split %s has %" PRId64 " cases but no body to draw", name,
                        count);
    }
    if (plan->counts[SPLIT_TEST_BEYOND] > 0 && plan->beyond_count == 0 &&
        plan->reynolds_beyond_count == 0)
        return FAIL(ERR_CONFIG,
                    "split test-beyond has %" PRId64 " cases but neither bodies nor "
                    "Reynolds numbers beyond those of training",
                    plan->counts[SPLIT_TEST_BEYOND]);
    return OK;
}

static enum status check_bodies(const struct case_draw_plan *plan)
{
    struct case_draw_range bodies = plan->bodies;
    struct case_range_span span;
    TRY(case_range_check(&bodies, "number of bodies"));
    case_range_make_whole(&bodies);
    case_range_get_span(&span, &bodies);
    if (!(span.low >= 1 && span.high <= FLOW_CASE_BODIES && span.low <= span.high))
        return FAIL(ERR_CONFIG, "%g to %g bodies a case; 1 to %d would do", span.low, span.high,
                    FLOW_CASE_BODIES);
    return OK;
}

enum status case_draw_check(const struct case_draw_plan *plan)
{
    TRY(check_families(plan->families, plan->family_count, "body"));
    TRY(check_families(plan->held_out, plan->held_out_count, "held-out body"));
    TRY(check_families(plan->beyond, plan->beyond_count, "body beyond"));
    TRY(check_bodies(plan));
    TRY(check_counts(plan));
    TRY(check_reynolds(plan));
    TRY(case_leak_check_held_out(plan));
    TRY(case_leak_check_beyond(plan));
    TRY(case_leak_check_reynolds(plan));
    if (!(plan->base.numerics.discard >= discard_min))
        return FAIL(ERR_CONFIG,
                    "discard %g is below %g D/U: frames would show the start-up; %g would do",
                    plan->base.numerics.discard, discard_min, discard_min);
    return OK;
}
