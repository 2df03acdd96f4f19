/* SPDX-License-Identifier: Apache-2.0
 *
 * row_loop.h for double populations; compiled once per instruction set. */
#define ROW_T double
#include "row_loop.h"
