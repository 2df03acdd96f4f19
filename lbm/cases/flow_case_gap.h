/* SPDX-License-Identifier: Apache-2.0
 *
 * The rule on the gaps between bodies, and where a body that breaks it could stand; internal to
 * this room. */
#pragma once

#include "error.h"
#include "flow_case.h"

struct geometry;

/* BRIEF: the message does not say where a body could stand, which takes longer than the check. */
enum flow_case_gap_advice { FLOW_CASE_GAP_BRIEF, FLOW_CASE_GAP_FULL };

/* ERR_CONFIG names the two bodies and the nearest place, up- or downstream, at which one of them
 * would keep clear of the other and of the canvas's ends. */
enum status flow_case_gap_check(const struct flow_case *flow_case, const struct geometry *geometry,
                                enum flow_case_gap_advice advice);
