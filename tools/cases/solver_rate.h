/* SPDX-License-Identifier: Apache-2.0
 *
 * How fast the solver is on this machine: cases run with their frames thrown away. For estimates of
 * time and for comparison. */
#pragma once

#include "error.h"
#include "flow_case.h"
#include "stop.h"

/* A whole case on one thread, unless it is asked to stop; how many updates of lattice cells that
 * took. Errors as simulation_run. */
enum status solver_rate_run(double *updates, const struct flow_case *flow_case,
                            const struct stop *stop);

/* Lattice updates per second of one thread, from a fraction of a second of the case. */
enum status solver_rate_measure(double *out, const struct flow_case *flow_case);

/* Of `threads` threads together, each at a run of the case of its own. */
enum status solver_rate_measure_threads(double *out, const struct flow_case *flow_case,
                                        int threads);
