/* SPDX-License-Identifier: Apache-2.0
 *
 * A case that the rules refuse, told at the place of the configuration where it can be mended. */
#pragma once

#include "config.h"
#include "error.h"
#include "flow_case.h"

enum settings_refusal_bodies { SETTINGS_REFUSAL_FROM_CONFIG, SETTINGS_REFUSAL_FROM_WORDS };

/* flow_case_check. What is wrong with bodies that were given in words (--body) has no place. */
enum status settings_refusal_check(const struct flow_case *flow_case, const struct config *config,
                                   enum settings_refusal_bodies bodies);

/* The key where a field is written; of a body's, within its record. NULL where there is none. */
const char *settings_refusal_key(enum flow_case_fault_field field);
