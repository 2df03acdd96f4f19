/* SPDX-License-Identifier: Apache-2.0
 *
 * How fast the solver is on this machine: a case run for a fraction of a second, its frames thrown
 * away. For estimates of time. */
#pragma once

#include "error.h"
#include "flow_case.h"

/* Lattice updates per second of one thread. */
enum status solver_rate_measure(double *out, const struct flow_case *flow_case);
