/* SPDX-License-Identifier: Apache-2.0
 *
 * A flow to draw without a solver: a stream past a circle with a street of Gaussian vortices behind
 * it, in closed form. For tests of pictures only. */
#pragma once

#include <stdint.h>

enum { WAKE_NX = 64, WAKE_NY = 64, WAKE_CELLS = WAKE_NX * WAKE_NY };

/* frame: [3][nx][ny] (rho, ux, uy) at `time` in units of D / U, U = 0.1, D = 12 cells. */
void wake_fixture_frame(float *frame, double time);

/* Distance to the circle: [nx][ny]. */
void wake_fixture_sdf(float *sdf);
