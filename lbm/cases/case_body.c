/* SPDX-License-Identifier: Apache-2.0 */
#include "case_body.h"

#include "case_range.h"

#include <stdio.h>

static double real(const struct case_draw_family *family, const double *u,
                   enum case_draw_parameter parameter)
{
    return case_range_value(&family->ranges[parameter], u[parameter]);
}

static int64_t whole(const struct case_draw_family *family, const double *u,
                     enum case_draw_parameter parameter)
{
    return case_range_integer(&family->ranges[parameter], u[parameter]);
}

void case_body_fill(struct body_spec *out, const struct case_draw_family *family,
                    const double u[CASE_DRAW_PARAMETERS])
{
    *out = (struct body_spec){
        .x = real(family, u, CASE_DRAW_X),
        .y = real(family, u, CASE_DRAW_Y),
        .size = real(family, u, CASE_DRAW_SIZE),
        .aspect = real(family, u, CASE_DRAW_ASPECT),
        .rounding = real(family, u, CASE_DRAW_ROUNDING),
        .sides = whole(family, u, CASE_DRAW_SIDES),
        .inner = real(family, u, CASE_DRAW_INNER),
        .profile = whole(family, u, CASE_DRAW_PROFILE),
        .roughness = real(family, u, CASE_DRAW_ROUGHNESS),
        .angle = real(family, u, CASE_DRAW_ANGLE),
        .vertices = family->vertices,
        .vertex_count = family->vertex_count,
        .bitmap = family->bitmap,
    };
    snprintf(out->family, sizeof out->family, "%s", family->family);
}

int64_t case_body_families(const struct case_draw_family **out, const struct case_draw_plan *plan,
                           enum split split)
{
    if (split == SPLIT_TEST_BODY) {
        *out = plan->held_out;
        return plan->held_out_count;
    }
    if (split == SPLIT_TEST_BEYOND && plan->beyond_count > 0) {
        *out = plan->beyond;
        return plan->beyond_count;
    }
    *out = plan->families;
    return plan->family_count;
}
