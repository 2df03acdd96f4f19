/* SPDX-License-Identifier: Apache-2.0
 *
 * One number for all that a safetensors file holds, whatever its order: SHA-256 over, each followed
 * by a zero byte unless said otherwise, the metadata's keys and texts, by ascending key, without
 * the digest's own; then, by ascending name, each tensor's name, type ("F32"), shape ("3,4,4"; ""
 * of a scalar) and its bytes (without a zero byte). docs/models.md repeats it for writers in other
 * languages. */
#pragma once

#include "digest.h"
#include "json.h"
#include "safetensors.h"

#define SAFETENSORS_DIGEST_KEY "content_digest"

/* `metadata` may be NULL; its values are texts. */
enum status safetensors_digest_make(char out[DIGEST_SIZE], const struct json *metadata,
                                    const struct safetensors_tensor *tensors, size_t count);
