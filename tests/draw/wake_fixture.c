/* SPDX-License-Identifier: Apache-2.0 */
#include "wake_fixture.h"

#include <math.h>

static const double radius = 6, centre_x = 16, centre_y = 32.3, speed = 0.1;

enum { VORTICES = 12 };

static void add_vortex(double *u, double *v, double dx, double dy, double strength)
{
    double core = 4.5, r2 = dx * dx + dy * dy + 1e-9;
    double swirl = strength / r2 * (1 - exp(-r2 / (core * core)));
    *u -= swirl * dy;
    *v += swirl * dx;
}

static void velocity(double *u, double *v, double x, double y, double time)
{
    double wake =
        exp(-pow((y - centre_y) / 7, 2)) * (x > centre_x) * (1 - exp(-(x - centre_x) / 4));
    *u = speed * (1 - 0.55 * wake);
    *v = 0;
    double apart = 14, moved = fmod(time * 12 * 0.8, apart);
    int passed = (int)floor(time * 12 * 0.8 / apart);
    for (int k = 0; k < VORTICES; k++) {
        double at = centre_x + 6 + moved + apart * (k - 1);
        double grown = 1 - exp(-pow(fmax(at - centre_x, 0) / 12, 2));
        int up = (k + passed) % 2 == 0;
        add_vortex(u, v, x - at, y - centre_y - (up ? 4 : -4), (up ? -0.30 : 0.30) * grown);
    }
}

void wake_fixture_sdf(float *sdf)
{
    for (int i = 0; i < WAKE_NX; i++) {
        for (int j = 0; j < WAKE_NY; j++)
            sdf[i * WAKE_NY + j] = (float)(hypot(i + 0.5 - centre_x, j + 0.5 - centre_y) - radius);
    }
}

void wake_fixture_frame(float *frame, double time)
{
    for (int i = 0; i < WAKE_NX; i++) {
        for (int j = 0; j < WAKE_NY; j++) {
            double x = i + 0.5, y = j + 0.5, u, v;
            double distance = hypot(x - centre_x, y - centre_y) - radius;
            double wall = distance < 0 ? 0 : 1 - exp(-distance / 1.5);
            velocity(&u, &v, x, y, time);
            int c = i * WAKE_NY + j;
            frame[c] = distance < 0 ? 1 : (float)(1 + 1.5 * (0.01 - u * u - v * v) * wall);
            frame[WAKE_CELLS + c] = (float)(u * wall);
            frame[2 * WAKE_CELLS + c] = (float)(v * wall);
        }
    }
}
