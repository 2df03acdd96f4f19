/* SPDX-License-Identifier: Apache-2.0
 *
 * training.precision and evaluate.precision: what a configuration wants, and what of it the
 * processor has. */
#pragma once

#include "backend.h"
#include "config.h"
#include "error.h"

/* What the key asks for; of "auto" float32, which needs the more memory. */
enum precision precision_setting_word(const struct config *config, const char *key);

/* Has networks on the backend take what the key says. Where bf16 is asked for and there is none, a
 * warning says so and float32 goes on; "auto" takes bf16 where it is fast, and never warns. */
enum status precision_setting_use(struct backend *backend, const struct config *config,
                                  const char *key);
