/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_case_gap.h"

#include "body_gap.h"
#include "geometry.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { ADVICE = 96 };

/* Gap between a body and another one moved to x; -1 also when it cannot be had. */
static double gap_at(const struct body *still, struct body_spec moved, double x)
{
    struct body *body = NULL;
    double gap = -1;
    moved.x = x;
    if (body_create(&body, &moved) != OK || body_gap(&gap, still, body) != OK)
        gap = -1;
    body_destroy(body);
    return gap;
}

/* The place nearest to where it is, in tenths of a cell in that direction (1: downstream), at which
 * it leaves the gap; not a number when the canvas ends before. */
static double find_place(const struct body *still, const struct body *moved, int direction,
                         double nx)
{
    const struct body_spec *spec = body_get_spec(moved);
    double box[4];
    body_bounds(box, moved);
    double room = (direction > 0 ? nx - box[1] : box[0]) - FLOW_CASE_CLEARANCE;
    double reach = direction > 0 ? floor((spec->x + room) * 10) : ceil((spec->x - room) * 10);
    double near = direction > 0 ? floor(spec->x * 10) : ceil(spec->x * 10), far = reach;
    if (room <= 0 || gap_at(still, *spec, far / 10) < FLOW_CASE_CLEARANCE)
        return NAN;
    while (fabs(far - near) > 1) { /* at `far` it would do, at `near` it would not */
        double middle = floor((near + far) / 2);
        if (gap_at(still, *spec, middle / 10) < FLOW_CASE_CLEARANCE)
            near = middle;
        else
            far = middle;
    }
    return far / 10;
}

/* Which of the two to move, and where: the one downstream further on, else the other one back.
 * Returns which. */
static int64_t advise(char out[ADVICE], const struct flow_case *flow_case,
                      const struct geometry *geometry, const int64_t pair[2])
{
    int swap = flow_case->bodies[pair[0]].x > flow_case->bodies[pair[1]].x;
    int64_t front = pair[swap], back = pair[!swap];
    const struct body *first = geometry_body(geometry, front);
    const struct body *second = geometry_body(geometry, back);
    double nx = (double)flow_case->nx, place = find_place(first, second, 1, nx);
    int64_t moved = back;
    const char *bound = "least";
    if (isnan(place)) {
        place = find_place(second, first, -1, nx);
        moved = front;
        bound = "most";
    }
    if (isnan(place))
        snprintf(out, ADVICE, "a wider canvas or smaller bodies would do");
    else
        snprintf(out, ADVICE, "body %" PRId64 " at x of at %s %.1f would do", moved + 1, bound,
                 place);
    return moved;
}

enum status flow_case_gap_check(struct flow_case_fault *fault, const struct flow_case *flow_case,
                                const struct geometry *geometry, enum flow_case_advice advice)
{
    double gap;
    int64_t pair[2];
    char words[ADVICE];
    *fault = (struct flow_case_fault){REFUSAL_GAP, FLOW_CASE_FAULT_X, 0};
    TRY(geometry_gap(&gap, pair, geometry));
    if (!(gap < FLOW_CASE_CLEARANCE))
        return OK;
    fault->body = pair[flow_case->bodies[pair[0]].x <= flow_case->bodies[pair[1]].x];
    if (advice == FLOW_CASE_ADVICE_FULL)
        fault->body = advise(words, flow_case, geometry, pair);
    else
        snprintf(words, ADVICE, "%d would do", FLOW_CASE_CLEARANCE);
    if (gap < 0)
        return FAIL(ERR_CONFIG,
                    "bodies %" PRId64 " and %" PRId64 " overlap or touch, and a gap of %d cells is "
                    "needed; %s",
                    pair[0] + 1, pair[1] + 1, FLOW_CASE_CLEARANCE, words);
    return FAIL(ERR_CONFIG,
                "the gap of %.3g cells between bodies %" PRId64 " and %" PRId64 " is thinner than "
                "%d; %s",
                gap, pair[0] + 1, pair[1] + 1, FLOW_CASE_CLEARANCE, words);
}
