/* SPDX-License-Identifier: Apache-2.0 */
#include "case_leak.h"

#include "case_body.h"
#include "case_range.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- bodies ---- */

/* Those that shape a body. */
static const enum case_draw_parameter shaping[] = {CASE_DRAW_ASPECT,  CASE_DRAW_ROUNDING,
                                                   CASE_DRAW_SIDES,   CASE_DRAW_INNER,
                                                   CASE_DRAW_PROFILE, CASE_DRAW_ROUGHNESS};

enum { SHAPING = sizeof shaping / sizeof shaping[0], PROBES = 16 };

/* The largest difference of the two distances over a grid about the body; below 0 when one of them
 * cannot be made. */
static double compare(const struct body_spec *a, const struct body_spec *b)
{
    struct body *first = NULL, *second = NULL;
    double most = -1;
    if (body_create(&first, a) == OK && body_create(&second, b) == OK)
        for (int k = 0; k < PROBES * PROBES; k++) {
            int row = k / PROBES, column = k % PROBES;
            double x = (row + 0.5) / PROBES - 0.5, y = (column + 0.5) / PROBES - 0.5;
            most = fmax(most, fabs(body_distance(first, x, y) - body_distance(second, x, y)));
        }
    body_destroy(first);
    body_destroy(second);
    error_clear();
    return most;
}

/* Is the body another one when `change` has put something of `other` into its family? Where none
 * can be made (draws will be refused) it counts as one. */
static int is_another(const struct case_draw_family *family, const struct case_draw_family *changed)
{
    static const double places[] = {0.5, 0.1, 0.9};
    int compared = 0;
    for (int i = 0; i < 3; i++) {
        struct body_spec a, b;
        double u[CASE_DRAW_PARAMETERS];
        for (int k = 0; k < CASE_DRAW_PARAMETERS; k++)
            u[k] = places[i];
        case_body_fill(&a, family, u);
        case_body_fill(&b, changed, u);
        a.x = a.y = a.angle = b.x = b.y = b.angle = 0;
        a.size = b.size = 1;
        double difference = compare(&a, &b);
        if (difference > 1e-9)
            return 1;
        compared += difference >= 0;
    }
    return compared == 0;
}

static int is_another_outline(const struct case_draw_family *a, const struct case_draw_family *b)
{
    struct case_draw_family changed = *a;
    if (a->vertices == b->vertices && a->bitmap == b->bitmap)
        return 0;
    changed.vertices = b->vertices;
    changed.vertex_count = b->vertex_count;
    changed.bitmap = b->bitmap;
    return is_another(a, &changed);
}

/* No value in common, and that makes another body. */
static int differ(const struct case_draw_family *a, const struct case_draw_family *b,
                  enum case_draw_parameter parameter)
{
    struct case_draw_family changed = *a;
    struct case_draw_range first = a->ranges[parameter], second = b->ranges[parameter];
    if (parameter == CASE_DRAW_SIDES || parameter == CASE_DRAW_PROFILE) {
        case_range_make_whole(&first);
        case_range_make_whole(&second);
    }
    if (case_range_overlap(&first, &second))
        return 0;
    changed.ranges[parameter] = b->ranges[parameter];
    return is_another(a, &changed);
}

/* Can both give the same body but for its size? */
static int may_be_same(const struct case_draw_family *a, const struct case_draw_family *b)
{
    if (strcmp(a->family, b->family) != 0 || is_another_outline(a, b))
        return 0;
    for (int i = 0; i < SHAPING; i++)
        if (differ(a, b, shaping[i]))
            return 0;
    return 1;
}

enum status case_leak_check_held_out(const struct case_draw_plan *plan)
{
    for (int64_t i = 0; i < plan->held_out_count; i++)
        for (int64_t j = 0; j < plan->family_count; j++)
            if (may_be_same(&plan->held_out[i], &plan->families[j]))
                return FAIL(ERR_CONFIG,
                            "held-out body %" PRId64 " ('%s') is one that training may draw too; "
                            "another family, or ranges of what shapes it that do not meet, would "
                            "do",
                            i + 1, plan->held_out[i].family);
    return OK;
}

/* The sizes of all bodies of training that may be this one; 0 when there is none. */
static int find_sizes(struct case_range_span *out, const struct case_draw_plan *plan,
                      const struct case_draw_family *family)
{
    int found = 0;
    for (int64_t j = 0; j < plan->family_count; j++) {
        struct case_range_span one;
        if (!may_be_same(family, &plan->families[j]))
            continue;
        case_range_get_span(&one, &plan->families[j].ranges[CASE_DRAW_SIZE]);
        if (found)
            case_range_join(out, &one);
        else
            *out = one;
        found = 1;
    }
    return found;
}

enum status case_leak_check_beyond(const struct case_draw_plan *plan)
{
    for (int64_t i = 0; i < plan->beyond_count; i++) {
        struct case_range_span known, own;
        case_range_get_span(&own, &plan->beyond[i].ranges[CASE_DRAW_SIZE]);
        if (find_sizes(&known, plan, &plan->beyond[i]) && !case_range_is_outside(&own, &known))
            return FAIL(ERR_CONFIG,
                        "body %" PRId64 " of test-beyond ('%s', size %g to %g) is not beyond what "
                        "training draws (size %g to %g); a size above %g or below %g, or another "
                        "family, would do",
                        i + 1, plan->beyond[i].family, own.low, own.high, known.low, known.high,
                        known.high, known.low);
    }
    return OK;
}

/* ---- Reynolds numbers ---- */

static enum status check_gaps(const struct case_draw_plan *plan,
                              const struct case_range_span *training)
{
    struct case_range_span held;
    TRY(case_range_gapped_span(&held, &plan->reynolds, plan->reynolds_gaps,
                               plan->reynolds_gap_count, CASE_RANGE_INSIDE_GAPS));
    if (held.low >= training->low && held.high <= training->high)
        return OK;
    return FAIL(ERR_CONFIG,
                "test-reynolds would have Reynolds numbers of %g to %g, but training has those of "
                "%g to %g alone, and what lies outside is for test-beyond; gaps that leave numbers "
                "of training below and above would do",
                held.low, held.high, training->low, training->high);
}

static enum status check_beyond(const struct case_draw_plan *plan,
                                const struct case_range_span *training)
{
    for (int64_t i = 0; i < plan->reynolds_beyond_count; i++) {
        const double *interval = plan->reynolds_beyond[i];
        const struct case_range_span span = {interval[0], interval[1], CASE_RANGE_OPEN};
        if (!case_range_is_outside(&span, training))
            return FAIL(ERR_CONFIG,
                        "Reynolds numbers %g to %g of test-beyond are not beyond training's %g to "
                        "%g; an interval above %g or below %g would do",
                        interval[0], interval[1], training->low, training->high, training->high,
                        training->low);
    }
    return OK;
}

enum status case_leak_check_reynolds(const struct case_draw_plan *plan)
{
    struct case_range_span training;
    if (plan->counts[SPLIT_TEST_REYNOLDS] == 0 && plan->reynolds_beyond_count == 0)
        return OK;
    TRY(case_range_gapped_span(&training, &plan->reynolds, plan->reynolds_gaps,
                               plan->reynolds_gap_count, CASE_RANGE_OUTSIDE_GAPS));
    if (plan->counts[SPLIT_TEST_REYNOLDS] > 0)
        TRY(check_gaps(plan, &training));
    TRY(check_beyond(plan, &training));
    return OK;
}
