/* SPDX-License-Identifier: Apache-2.0
 *
 * The manifest as JSON: encoding, and decoding with every check that needs no other file. */
#pragma once

#include "error.h"
#include "json.h"
#include "manifest.h"

/* Destroy with json_destroy. */
enum status manifest_json_encode(struct json **out, const struct manifest *manifest);

/* ERR_DATA: not ours, another format version, changed by hand, or counts that disagree. */
enum status manifest_json_decode(struct manifest **out, const struct json *root);
