/* SPDX-License-Identifier: Apache-2.0 */
#include "frames.h"

#include <criterion/criterion.h>

enum { NX = 6, NY = 5, CELLS = NX * NY };

Test(frames, mask_is_one_inside_bodies)
{
    const float sdf[4] = {-0.1F, 0, 0.1F, -3};
    unsigned char mask[4];
    frames_mask(mask, sdf, 4);
    cr_assert(mask[0] == 1 && mask[1] == 0 && mask[2] == 0 && mask[3] == 1);
}

/* ux = -a y + y x, uy = b x: vorticity b + a - x, exact for central differences. */
Test(frames, vorticity_of_a_shear_and_a_turn_is_exact_and_zero_near_bodies_and_edges)
{
    float frame[FRAME_FIELDS * CELLS];
    float vorticity[CELLS];
    unsigned char mask[CELLS] = {0};
    mask[3 * NY + 3] = 1;
    for (int i = 0; i < NX; i++) {
        for (int j = 0; j < NY; j++) {
            frame[FRAME_RHO * CELLS + i * NY + j] = 1;
            frame[FRAME_UX * CELLS + i * NY + j] = (float)(-3 * j + i * j);
            frame[FRAME_UY * CELLS + i * NY + j] = (float)(2 * i);
        }
    }
    frames_vorticity(vorticity, frame, mask, NX, NY);
    for (int i = 0; i < NX; i++) {
        for (int j = 0; j < NY; j++) {
            int edge = i == 0 || j == 0 || i == NX - 1 || j == NY - 1;
            int near_body = (i == 3 && j >= 2) || (j == 3 && i >= 2 && i <= 4);
            float expected = edge || near_body ? 0 : (float)(2 + 3 - i);
            cr_assert_eq(vorticity[i * NY + j], expected, "cell %d %d", i, j);
        }
    }
}
