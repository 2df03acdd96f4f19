/* SPDX-License-Identifier: Apache-2.0
 *
 * A network's architecture as it stands in a model's metadata: a flat JSON object with a key for
 * every switch of struct network_spec. Knows no tensors.
 *
 *     size, layers             "base", "C 32 / 64 ..."
 *     input_channels, output_channels, frames (in), frames_out
 *     skips, reynolds, walls   true or false
 *     norm, output, target     words of network_words.h
 *     groups                   of a group norm
 *     padding_inlet, padding_outlet, padding_bottom, padding_top   likewise words
 *
 * From frames_out on, keys may be missing in models older than the switch: they have its default.
 * A key that is not known is refused: it may change what the network computes. */
#pragma once

#include "error.h"
#include "json.h"
#include "network.h"

enum status model_architecture_write(struct json **out, const struct network_spec *spec);

/* ERR_DATA names the key that is missing, unknown or of a wrong value. */
enum status model_architecture_read(struct network_spec *out, const struct json *json);

/* The extras of normalisation.h that its inputs have. */
unsigned model_architecture_extras(const struct network_spec *spec);

/* ERR_DATA names the first switch in which a model's architecture differs from a network's. */
enum status model_architecture_compare(const struct network_spec *have,
                                       const struct network_spec *want);
