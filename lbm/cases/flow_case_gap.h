/* SPDX-License-Identifier: Apache-2.0
 *
 * The rule on the gaps between bodies, and where a body that breaks it could stand; internal to
 * this room. */
#pragma once

#include "error.h"
#include "flow_case.h"

struct geometry;

/* ERR_CONFIG names the two bodies and the nearest place, up- or downstream, at which one of them
 * would keep clear of the other and of the canvas's ends; `fault` that one. */
enum status flow_case_gap_check(struct flow_case_fault *fault, const struct flow_case *flow_case,
                                const struct geometry *geometry, enum flow_case_advice advice);
