/* SPDX-License-Identifier: Apache-2.0
 *
 * The bodies of a case in time: their courses, where they are at a step, and the rules that hold as
 * long as they move. Datasets' cases rest: mask and sdf stand once in a case. */
#pragma once

#include "body_course.h"
#include "error.h"
#include "flow_case.h"

struct geometry;

/* NONE: all rest. TURN: masks stay as they are, for only circles move and they only spin. */
enum flow_case_motion_kind {
    FLOW_CASE_MOTION_NONE,
    FLOW_CASE_MOTION_TURN,
    FLOW_CASE_MOTION_TRAVEL
};
enum flow_case_motion_kind flow_case_motion_kind(const struct flow_case *flow_case);

/* One for each body, in canvas units; `flow`: the case's facts (flow_case_describe). */
void flow_case_motion_courses(struct body_course out[FLOW_CASE_BODIES],
                              const struct flow_case *flow_case, const struct flow *flow);

/* The case with its bodies where they are at canvas step `step` since rest. */
void flow_case_motion_place(struct flow_case *out, const struct flow_case *flow_case,
                            const struct flow *flow, double step);

/* Refuses (ERR_CONFIG) values out of range, a surface that is too fast, and a run in which a body
 * comes too near to an edge of the canvas or to another one, or too much of the stream is covered;
 * says when, and what would do. `geometry`: the case's bodies at rest, for which the rules hold.
 * `fault` as flow_case_check_fault. */
enum status flow_case_motion_check(struct flow_case_fault *fault, const struct flow_case *flow_case,
                                   const struct geometry *geometry);
