/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies as a configuration and a command line describe them. */
#pragma once

#include "arguments.h"
#include "config.h"
#include "error.h"
#include "flow_case.h"
#include "settings_outlines.h"

/* The records of `bodies`; what --body and its companions describe stands in for them. `outlines`
 * keeps what the bodies borrow. */
enum status settings_bodies_read(struct flow_case *out, struct settings_outlines *outlines,
                                 const struct config *config, const struct arguments *arguments);
