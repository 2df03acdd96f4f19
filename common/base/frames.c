/* SPDX-License-Identifier: Apache-2.0 */
#include "frames.h"

void frames_mask(unsigned char *mask, const float *sdf, int64_t cells)
{
    for (int64_t i = 0; i < cells; i++)
        mask[i] = sdf[i] < 0;
}

void frames_vorticity(float *out, const float *frame, const unsigned char *mask, int64_t nx,
                      int64_t ny)
{
    const float *ux = frame + FRAME_UX * nx * ny;
    const float *uy = frame + FRAME_UY * nx * ny;
    for (int64_t i = 0; i < nx; i++) {
        for (int64_t j = 0; j < ny; j++) {
            int64_t at = i * ny + j;
            out[at] = 0;
            if (i == 0 || j == 0 || i == nx - 1 || j == ny - 1)
                continue;
            if (mask[at] || mask[at - 1] || mask[at + 1] || mask[at - ny] || mask[at + ny])
                continue;
            out[at] = 0.5F * ((uy[at + ny] - uy[at - ny]) - (ux[at + 1] - ux[at - 1]));
        }
    }
}
