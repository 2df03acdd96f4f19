/* SPDX-License-Identifier: Apache-2.0
 *
 * How far two words lie apart; `config_suggest` itself stands in config.h. */
#pragma once

#include <stddef.h>

/* In half faults; INT_MAX where it is more than `bound`, and for words beyond 128 characters. */
int config_suggest_distance(const char *a, size_t a_length, const char *b, size_t b_length,
                            int bound);

/* The distance up to which a word of this length may be meant: a fault per three letters, one at
 * least, three at most. */
int config_suggest_limit(size_t length);
