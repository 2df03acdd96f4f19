/* SPDX-License-Identifier: Apache-2.0
 *
 * What simulate leaves beside its report: pictures, animation, and the series of forces and probes
 * and the bodies' motion as CSV. */
#pragma once

#include "error.h"
#include "flow_case.h"
#include "flow_outline.h"
#include "simulate_run.h"

/* Of a run that came to its end, into a folder that is there. */
enum status simulate_results_write(const char *folder, const struct simulate_run *run,
                                   const struct flow_case *flow_case,
                                   const struct flow_outline *outline);
