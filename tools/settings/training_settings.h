/* SPDX-License-Identifier: Apache-2.0
 *
 * From a configuration to the options of a training run. */
#pragma once

#include "config.h"
#include "error.h"
#include "trainer.h"

/* Everything that the configuration says; dataset, backend, folder and the like stay empty. */
enum status training_settings_read(struct trainer_options *out, const struct config *config);
