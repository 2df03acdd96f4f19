/* SPDX-License-Identifier: Apache-2.0
 *
 * The collision operators by name and number. What they compute stands in collide_<name>.h. */
#pragma once

#include "error.h"

#include <stdint.h>

enum collision_kind {
#define X(name, words, tau_min, text) COLLISION_##name,
#include "collision_list.h"
#undef X
    COLLISIONS
};

/* ERR_CONFIG with the names there are when `name` is not one of them. */
enum status collision_find(enum collision_kind *out, const char *name);

const char *collision_name(enum collision_kind kind);
const char *collision_text(enum collision_kind kind);

/* The smallest relaxation time the operator is trusted with. */
double collision_tau_min(enum collision_kind kind);
