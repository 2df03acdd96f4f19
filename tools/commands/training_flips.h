/* SPDX-License-Identifier: Apache-2.0
 *
 * training.flips against the dataset: half of the samples may be mirrored only where a mirrored
 * flow is one of the dataset's kind. */
#pragma once

#include "config.h"
#include "dataset.h"
#include "error.h"
#include "trainer.h"

/* Where it is not: switched off with a warning, or refused (ERR_CONFIG) when it was asked for. Of a
 * dataset whose configuration is not one of this program nothing is known: flips stay. */
enum status training_flips_settle(struct trainer_options *options, const struct config *config,
                                  const struct dataset *dataset);
