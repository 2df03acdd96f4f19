/* SPDX-License-Identifier: Apache-2.0
 *
 * What a dataset's manifest says, for people and as JSON. */
#pragma once

#include "dataset.h"
#include "json.h"

#include <stdio.h>

void dataset_facts_print(FILE *stream, const struct dataset *dataset);

/* "rejected": the total, and "rejected_by": the count of every rule. */
enum status dataset_facts_set_refusals(struct json *root, const struct refusals *refused);

/* NULL with the failure recorded. */
struct json *dataset_facts_describe(const struct dataset *dataset);
