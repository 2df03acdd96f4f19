/* SPDX-License-Identifier: Apache-2.0
 *
 * What no-slip bottom and top feel of rows that have been prepared for a step: for lattice_run.c
 * alone, which asks for it in the last step of a call. */
#pragma once

#include <stdint.h>

struct lattice;
struct row_group;

/* F_x, F_y of each row of the group, whose first one is row x, into the first two of its
 * lattice->loads numbers; forces: those of row x. */
void lattice_wall_load(double *forces, const struct lattice *lattice, const struct row_group *group,
                       int64_t x);
