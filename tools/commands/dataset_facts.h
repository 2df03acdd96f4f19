/* SPDX-License-Identifier: Apache-2.0
 *
 * What a dataset's manifest says, for people and as JSON. */
#pragma once

#include "dataset.h"
#include "json.h"

#include <stdio.h>

void dataset_facts_print(FILE *stream, const struct dataset *dataset);

/* NULL with the failure recorded. */
struct json *dataset_facts_describe(const struct dataset *dataset);
