/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as text without the locale: a point is a point under every LC_NUMERIC. Decimal only; no
 * blanks, no names, nothing behind the number. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum number_verdict {
    NUMBER_GOOD,
    NUMBER_MALFORMED,
    NUMBER_TOO_LARGE, /* for the type; also too small, when not zero */
};

enum number_verdict number_integer(int64_t *out, const char *text);
enum number_verdict number_real(double *out, const char *text);

enum { NUMBER_SIZE = 32 };

/* The text of fewest digits that reads back to the same finite number; an exponent only below 1e-4
 * and from 1e15 on. */
void number_print(char out[NUMBER_SIZE], double value);
