/* SPDX-License-Identifier: Apache-2.0
 *
 * Lattices whose sides are 1, 15, 16, 17, 63 and 65 cells, around the blocks of 16 that a sweep
 * takes: what every instruction set makes of them, in both precisions, against the plain loop.
 * Without a test framework, so that valgrind can watch it too. */
#pragma once

#include "error.h"
#include "row_kernel.h"

#include <stdint.h>

enum { ODD_SIZES = 6 };
extern const int64_t odd_sizes[ODD_SIZES];

/* Greatest difference in rho, u, moments and loads, over the whole of the lattice and every step's
 * loads. Not a number where a value is none. */
struct odd_sizes_result {
    double difference[ROW_NUMBERS];
    double speed; /* greatest of the flow, to show that there is one */
    int64_t runs; /* of the engine */
    char name[200];
};

/* Operator `kind` on nx x ny cells, everything else drawn by `number`; `steps` steps. */
enum status odd_sizes_try(struct odd_sizes_result *out, int kind, int64_t nx, int64_t ny,
                          int number, int64_t steps);
