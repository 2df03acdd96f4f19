/* SPDX-License-Identifier: Apache-2.0
 *
 * From a configuration to the structs that the rooms take. Nothing here computes; combinations that
 * make no sense are refused at the place of their key (ERR_CONFIG). Bodies, single cases and plans
 * are settings_bodies.h's, settings_case.h's and settings_plan.h's part. */
#pragma once

#include "config.h"
#include "error.h"
#include "flow_case.h"
#include "network.h"
#include "simulation.h"

/* Everything of a case but its bodies and its Reynolds number. ERR_CONFIG at the key. */
enum status settings_base_case(struct flow_case *out, const struct config *config);

/* The frames of a test case at which start states are kept: the third input frames of rollouts. */
void settings_starts(struct simulation_options *out, const struct config *config);

enum status settings_network(struct network_spec *out, const struct config *config);

/* "slip", "periodic", "no-slip". */
const char *settings_edge_name(const struct config *config);
