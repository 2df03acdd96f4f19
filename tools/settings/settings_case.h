/* SPDX-License-Identifier: Apache-2.0
 *
 * One case as a configuration and a command line describe it, nothing drawn. */
#pragma once

#include "arguments.h"
#include "config.h"
#include "error.h"
#include "flow_case.h"
#include "settings_outlines.h"

/* Bodies and a fixed Reynolds number; --body and its companions in `arguments` (may be NULL)
 * replace the bodies. The case is checked. It borrows from `outlines` (settings_outlines_fini,
 * after it, on success and failure). */
enum status settings_case(struct flow_case *out, struct settings_outlines *outlines,
                          const struct config *config, const struct arguments *arguments);

/* Threads that are worth while for one case: a small lattice is fastest on one. */
int settings_case_threads(const struct flow_case *flow_case, int threads);
