/* SPDX-License-Identifier: Apache-2.0
 *
 * Training curves of one or several runs over each other, from their metrics.jsonl: loss of
 * training and of validation, and the velocity error of one call. */
#pragma once

#include "error.h"

#include <stdint.h>

enum training_curves_part { TRAINING_CURVES_ALL, TRAINING_CURVES_LOSS };

/* STEM-loss and STEM-error (TRAINING_CURVES_LOSS: the losses alone, as STEM) as SVG, PNG and CSV;
 * names NULL: runs are named by their folders. ERR_DATA when a run has no metrics; else as
 * chart_write. */
enum status training_curves_write(const char *stem, const char *const *folders,
                                  const char *const *names, int64_t count,
                                  enum training_curves_part part);

/* The training loss of the last line of a run: a mean over the last few steps. Not a number when
 * there is none. */
enum status training_curves_last_loss(double *out, const char *folder);
