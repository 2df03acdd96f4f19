/* SPDX-License-Identifier: Apache-2.0
 *
 * From a configuration to the plan of a dataset's cases. Combinations that make no sense are
 * refused at the place of their key (ERR_CONFIG). */
#pragma once

#include "case_draw.h"
#include "config.h"
#include "error.h"
#include "settings_outlines.h"

/* The cases of a dataset, checked (case_draw_check), and tried by drawing one of each split. The
 * plan borrows from `outlines` (settings_outlines_fini, after it, on success and failure). */
enum status settings_plan(struct case_draw_plan *out, struct settings_outlines *outlines,
                          const struct config *config);
