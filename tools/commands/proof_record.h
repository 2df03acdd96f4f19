/* SPDX-License-Identifier: Apache-2.0
 *
 * What validation cases found as JSON, there and back, so that a run that was stopped goes on. */
#pragma once

#include "error.h"
#include "proof_table.h"

#include <stdint.h>

struct json;

/* {"version", "NAME": {"flow", "source", "reynolds", "cells", "pass", "seconds", "updates",
 * "rows"},
 * ..., "orders"} of those that have rows or a fault; NULL reports the recorded failure. */
struct json *proof_record_describe(const struct proof_outcome *outcomes, int64_t count);

/* Takes over the figures of validation.json in `folder`, if there is one. ERR_DATA for one of
 * another version of the program, whose figures may differ. */
enum status proof_record_read(struct proof_outcome *outcomes, int64_t count, const char *folder);
