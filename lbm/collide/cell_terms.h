/* SPDX-License-Identifier: Apache-2.0
 *
 * What a collision has to reckon with: a constant at every call of a per-cell function, so that
 * what is not asked for costs nothing. Each kind holds the ones before it. */
#pragma once

enum cell_terms {
    CELL_PLAIN,
    CELL_FORCED,  /* a body force */
    CELL_GENERAL, /* any bulk rate, and rates that differ from cell to cell */
    CELL_TERMS
};
