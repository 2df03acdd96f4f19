/* SPDX-License-Identifier: Apache-2.0
 *
 * The manifest's block `error_bar` as JSON. What the numbers mean is error_bar.h's part. */
#pragma once

#include "error.h"
#include "error_bar.h"
#include "json.h"

#include <stdint.h>

/* Sets "error_bar" of the manifest's root; nothing when `bar` is NULL. */
enum status manifest_error_bar_encode(struct json *root, const struct error_bar *bar);

/* *out stays NULL when there is none; else destroy it with error_bar_destroy. ERR_DATA when it is
 * not about cases 0 .. planned - 1, has a run twice or not `frames` numbers. */
enum status manifest_error_bar_decode(struct error_bar **out, const struct json *root,
                                      int64_t planned, int64_t frames);
