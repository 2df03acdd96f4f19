/* SPDX-License-Identifier: Apache-2.0
 *
 * What the result of an evaluation depends on, as it stands in evaluation.json: by it a finished
 * evaluation is known again. */
#pragma once

#include "config.h"
#include "dataset.h"
#include "error.h"
#include "json.h"
#include "judged_model.h"

#include <stdint.h>

struct evaluation_inputs {
    const struct config *config;
    const struct judged_model *judged;
    const struct dataset *dataset;
    enum split split;
    int64_t truth_refine, horizon;
};

/* The caller owns the tree. */
enum status evaluation_inputs_describe(struct json **out, const struct evaluation_inputs *facts);

/* 1 when the folder holds a finished evaluation of the same inputs. */
int evaluation_inputs_agree(const struct evaluation_inputs *facts, const char *folder);
