/* SPDX-License-Identifier: Apache-2.0
 *
 * Where bodies at rest may be on a lattice: for lattice.c alone. */
#pragma once

#include "error.h"

struct lattice;

/* ERR_CONFIG when a body of the options' geometry reaches cells that it may not cover; says which
 * place would do. */
enum status lattice_place_check(const struct lattice *lattice);
