/* SPDX-License-Identifier: Apache-2.0
 *
 * From a configuration to the structs that the rooms take. Nothing here computes; combinations that
 * make no sense are refused at the place of their key (ERR_CONFIG). */
#pragma once

#include "arguments.h"
#include "case_draw.h"
#include "config.h"
#include "error.h"
#include "flow_case.h"
#include "network.h"
#include "simulation.h"

/* Everything of a case but its bodies and its Reynolds number. */
void settings_base_case(struct flow_case *out, const struct config *config);

/* One case as it stands: bodies, fixed Reynolds number; --body and its companions in `arguments`
 * (may be NULL) replace the bodies. The case is checked. `vertices` gets what its polygons point
 * to (NULL: none); free with array_free, after the case. */
enum status settings_case(struct flow_case *out, double **vertices, const struct config *config,
                          const struct arguments *arguments);

/* Threads that are worth while for one case: a small lattice is fastest on one. */
int settings_case_threads(const struct flow_case *flow_case, int threads);

/* The cases of a dataset. The families are tried by drawing one case of each split. */
enum status settings_plan(struct case_draw_plan *out, const struct config *config);

/* The frames of a test case at which start states are kept: the third input frames of rollouts. */
void settings_starts(struct simulation_options *out, const struct config *config);

enum status settings_network(struct network_spec *out, const struct config *config);

/* "slip", "periodic", "no-slip". */
const char *settings_edge_name(const struct config *config);
