/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as text without the locale: a point is a point under every LC_NUMERIC. Decimal only; no
 * blanks, no names, nothing behind the number. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum config_number_verdict {
    CONFIG_NUMBER_GOOD,
    CONFIG_NUMBER_MALFORMED,
    CONFIG_NUMBER_TOO_LARGE, /* for the type; also too small, when not zero */
};

enum config_number_verdict config_number_integer(int64_t *out, const char *text);
enum config_number_verdict config_number_real(double *out, const char *text);

enum { CONFIG_NUMBER_SIZE = 32 };

/* The text of fewest digits that reads back to the same finite number; an exponent only below 1e-4
 * and from 1e15 on. */
void config_number_print(char out[CONFIG_NUMBER_SIZE], double value);
