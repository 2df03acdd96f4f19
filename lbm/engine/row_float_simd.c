/* SPDX-License-Identifier: Apache-2.0
 *
 * row_loop.h for float populations; compiled once per instruction set. */
#define ROW_T float
#include "row_loop.h"
