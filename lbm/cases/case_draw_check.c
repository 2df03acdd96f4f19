/* SPDX-License-Identifier: Apache-2.0
 *
 * What makes a plan impossible or unfair, found before the first case is drawn. */
#include "case_draw.h"

#include "case_range.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double discard_min = 10; /* D / U, physics.md */

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
    TRY(case_range_check(&family->size, "size"));
    TRY(case_range_check(&family->aspect, "aspect"));
    TRY(case_range_check(&family->rounding, "rounding"));
    TRY(case_range_check(&family->sides, "sides"));
    TRY(case_range_check(&family->angle, "angle"));
    TRY(case_range_check(&family->x, "x"));
    TRY(case_range_check(&family->y, "y"));
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

static int same_vertices(const struct case_draw_family *a, const struct case_draw_family *b)
{
    if (a->vertices == NULL || b->vertices == NULL)
        return a->vertices == b->vertices;
    return a->vertex_count == b->vertex_count && a->vertex_count > 0 &&
           memcmp(a->vertices, b->vertices, (size_t)a->vertex_count * 2 * sizeof *a->vertices) == 0;
}

/* Size, place and angle do not make another body. */
static enum status check_held_out(const struct case_draw_plan *plan)
{
    for (int64_t i = 0; i < plan->held_out_count; i++)
        for (int64_t j = 0; j < plan->family_count; j++) {
            const struct case_draw_family *a = &plan->held_out[i], *b = &plan->families[j];
            if (strcmp(a->family, b->family) == 0 && same_vertices(a, b) &&
                case_range_overlap(&a->aspect, &b->aspect) &&
                case_range_overlap(&a->rounding, &b->rounding) &&
                case_range_overlap(&a->sides, &b->sides))
                return FAIL(ERR_CONFIG,
                            "held-out body %" PRId64 " ('%s') is one that training may draw too; "
                            "another family, or ranges that do not meet, would do",
                            i + 1, a->family);
        }
    return OK;
}

static enum status check_gaps(const struct case_draw_plan *plan)
{
    if (plan->reynolds_gap_count < 0 || plan->reynolds_gap_count > CASE_DRAW_FAMILIES)
        return FAIL(ERR_CONFIG, "%" PRId64 " Reynolds gaps; 0 to %d would do",
                    plan->reynolds_gap_count, CASE_DRAW_FAMILIES);
    for (int64_t i = 0; i < plan->reynolds_gap_count; i++) {
        const double *gap = plan->reynolds_gaps[i];
        if (!(gap[0] > 0 && gap[1] > gap[0] && isfinite(gap[1])))
            return FAIL(ERR_CONFIG, "Reynolds gap %g..%g is empty or not positive", gap[0], gap[1]);
        if (i > 0 && gap[0] < plan->reynolds_gaps[i - 1][1])
            return FAIL(ERR_CONFIG,
                        "Reynolds gap %g..%g begins before the end of the one before it; give "
                        "them in ascending order, without overlap",
                        gap[0], gap[1]);
    }
    return OK;
}

/* Is there a Reynolds number on each side that a split draws from? */
static enum status check_reynolds(const struct case_draw_plan *plan)
{
    double unused;
    TRY(case_range_check(&plan->reynolds, "reynolds"));
    TRY(check_gaps(plan));
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
        int64_t families = split == SPLIT_TEST_BODY ? plan->held_out_count : plan->family_count;
        if (count > 0 && families == 0)
            return FAIL(ERR_CONFIG, "split %s has %" PRId64 " cases but no body to draw", name,
                        count);
    }
    return OK;
}

enum status case_draw_check(const struct case_draw_plan *plan)
{
    TRY(check_families(plan->families, plan->family_count, "body"));
    TRY(check_families(plan->held_out, plan->held_out_count, "held-out body"));
    TRY(check_counts(plan));
    TRY(check_reynolds(plan));
    TRY(check_held_out(plan));
    if (!(plan->base.numerics.discard >= discard_min))
        return FAIL(ERR_CONFIG, "discard %g is below %g D/U: frames would show the start-up",
                    plan->base.numerics.discard, discard_min);
    return OK;
}
