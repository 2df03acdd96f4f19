/* SPDX-License-Identifier: Apache-2.0
 *
 * The per-cell functions of all operators of collision_list.h, for those who make a loop of each.
 * Define cell_real and its fellows first (cell.h). */
#pragma once

#include "collide_bgk.h"
#include "collide_cumulant.h"
#include "collide_recursive_regularised.h"
#include "collide_trt.h"
