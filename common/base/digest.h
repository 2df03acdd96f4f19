/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 (libcrypto), in one go or in pieces, as lower-case hexadecimal text. */
#pragma once

#include "error.h"

#include <stddef.h>

enum { DIGEST_SIZE = 65 }; /* 64 hexadecimal digits and the terminator */

struct digest;

enum status digest_create(struct digest **out);
enum status digest_update(struct digest *digest, const void *data, size_t size);
/* Writes the digest of everything so far and ends the object's use; destroy it next. */
enum status digest_finish(char out[DIGEST_SIZE], struct digest *digest);
void digest_destroy(struct digest *digest);

enum status digest_bytes(char out[DIGEST_SIZE], const void *data, size_t size);
