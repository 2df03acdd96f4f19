/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules on a case's numbers that ask nothing of its bodies: canvas, stream, inflow, solver;
 * internal to this room. */
#pragma once

#include "error.h"
#include "flow_case.h"

/* ERR_CONFIG with the field in `fault`, whose rule and body stay as they are. */
enum status flow_case_numbers_check(struct flow_case_fault *fault,
                                    const struct flow_case *flow_case);
