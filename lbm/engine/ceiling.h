/* SPDX-License-Identifier: Apache-2.0
 *
 * What this machine gives at most, to hold the solver's rate against: numbers read and written in
 * place, and fused multiply-adds in registers, float32, each on some threads at once and with the
 * best instruction set. It only works for a while and says how much it did; the caller has the
 * clock. */
#pragma once

#include "error.h"

#include <stdint.h>

struct ceiling;

/* `numbers` lie in memory, each thread's share first written by that thread. */
enum status ceiling_create(struct ceiling **out, int64_t numbers, int threads);
void ceiling_destroy(struct ceiling *ceiling);

/* Multiplies the numbers where they lie, all threads at once, for at least `seconds`. Returns the
 * numbers read and written back: 8 bytes of traffic each. */
double ceiling_stream(struct ceiling *ceiling, double seconds);

/* The fused multiply-adds done, counted one by one (each lane of a vector), likewise. */
double ceiling_multiply_add(struct ceiling *ceiling, double seconds);
