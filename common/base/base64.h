/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as text (RFC 4648, the usual alphabet, padded, no line breaks): how a configuration carries
 * a small file. */
#pragma once

#include "error.h"

#include <stddef.h>

/* Free with free(). */
enum status base64_encode(char **out, const unsigned char *bytes, size_t size);

/* Free with array_free. ERR_DATA when the text is not what base64_encode gives. */
enum status base64_decode(unsigned char **out, size_t *size, const char *text);
