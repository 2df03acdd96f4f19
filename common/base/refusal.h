/* SPDX-License-Identifier: Apache-2.0
 *
 * Why drawn cases were refused, counted per rule: a dataset says not only how many draws were
 * thrown away but what for. The rules themselves are flow_case.h's part; here are their names and
 * sums. */
#pragma once

#include "error.h"

#include <stdint.h>

/* In the order in which they are looked at: a case is refused for the first that it breaks. */
enum refusal {
    REFUSAL_SETTINGS,  /* numbers of canvas, stream or solver out of their ranges */
    REFUSAL_BODY,      /* a body that cannot be: its outline crosses itself, a value out of range */
    REFUSAL_BLOCKAGE,  /* too much of the stream covered */
    REFUSAL_SIZE,      /* too few solver cells across a body */
    REFUSAL_WALL,      /* too near to the wall above or below */
    REFUSAL_ENDS,      /* too near to the entry or the sponge */
    REFUSAL_GAP,       /* bodies that overlap or leave too thin a gap */
    REFUSAL_TAU,       /* below the least of the collision operator */
    REFUSAL_VISCOSITY, /* above that of the sponge */
    REFUSAL_COUNT
};

struct refusals {
    int64_t counts[REFUSAL_COUNT];
};

/* "settings", "body", "blockage", "size", "wall", "ends", "gap", "tau", "viscosity". */
const char *refusal_name(enum refusal refusal);

/* The rule of that name; ERR_DATA when there is none. */
enum status refusal_find(enum refusal *out, const char *name);

void refusal_add(struct refusals *sum, const struct refusals *more);
int64_t refusal_total(const struct refusals *refusals);

enum { REFUSAL_TEXT_SIZE = 384 };

/* "12 draws refused (blockage 3, wall 9)", "no draw refused". */
void refusal_print(char out[REFUSAL_TEXT_SIZE], const struct refusals *refusals);
