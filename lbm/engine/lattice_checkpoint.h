/* SPDX-License-Identifier: Apache-2.0
 *
 * A lattice's populations in a file, from which a lattice made with the same options goes on to the
 * bit, with any number of threads and any instruction set: all populations, the outlet's state, the
 * guard's, and where moving bodies are. For long runs of one machine: numbers stand in the file as
 * in memory. A start state (lattice_state.h) is the thing to hand to another lattice. */
#pragma once

#include "error.h"

struct lattice;

/* Atomically. ERR_IO, ERR_MEMORY. */
enum status lattice_checkpoint_save(const struct lattice *lattice, const char *path);

/* Puts the lattice where the saved one was. ERR_DATA when the file is damaged, of another machine,
 * or its lattice had other options or bodies (the message names both); the lattice is then as it
 * was. */
enum status lattice_checkpoint_load(struct lattice *lattice, const char *path);
