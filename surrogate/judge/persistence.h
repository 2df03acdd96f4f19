/* SPDX-License-Identifier: Apache-2.0
 *
 * The forecaster that every other must beat: the last frame, for ever. Costs nothing but the
 * copying. A periodic wake returns to itself, so it is read over whole periods. */
#pragma once

#include "forecaster.h"

/* name and kind: "persistence". */
enum status persistence_create(struct forecaster **out);
