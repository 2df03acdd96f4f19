/* SPDX-License-Identifier: Apache-2.0
 *
 * One body of a family from uniform numbers, and the lists that a split draws from; internal to
 * this room. Where the numbers come from is case_draw.c's part. */
#pragma once

#include "case_draw.h"

#include <stdint.h>

/* `u`: one number in [0, 1) for every parameter. The outline's seed is 0. */
void case_body_fill(struct body_spec *out, const struct case_draw_family *family,
                    const double u[CASE_DRAW_PARAMETERS]);

/* The families that a split draws from, and how many. */
int64_t case_body_families(const struct case_draw_family **out, const struct case_draw_plan *plan,
                           enum split split);
