/* SPDX-License-Identifier: Apache-2.0 */
#include "inflow.h"

#include "exact_math.h"
#include "stencil.h"

double inflow_rise(const struct inflow *inflow, int64_t step)
{
    if ((double)step >= inflow->ramp_steps)
        return 1;
    return 0.5 * (1 - exact_math_cos(EXACT_MATH_PI * (double)step / inflow->ramp_steps));
}

double inflow_push(const struct inflow *inflow, int64_t step)
{
    return inflow->speed * (inflow_rise(inflow, step + 1) - inflow_rise(inflow, step));
}

double inflow_lift(const struct inflow *inflow, int64_t step)
{
    if ((double)step >= inflow->ramp_steps)
        return 0;
    double phase = 2 * EXACT_MATH_PI * (double)step / inflow->ramp_steps;
    return inflow->kick * 0.5 * (1 - exact_math_cos(phase));
}

double inflow_shape(enum inflow_profile profile, double s)
{
    return profile == INFLOW_UNIFORM ? 1 : 6 * s * (1 - s);
}

double inflow_terms(double *terms, enum inflow_profile profile, int64_t ny)
{
    static const int direction[3] = {STENCIL_E, STENCIL_NE, STENCIL_SE};
    double flux = 0;
    for (int k = 0; k < 3; k++) {
        int i = direction[k];
        for (int64_t y = 0; y < ny; y++) {
            double height = ((double)y + 0.5 - 0.5 * stencil_cy[i]) / (double)ny;
            terms[k * ny + y] = 6 * stencil_weight[i] * inflow_shape(profile, height);
            flux += terms[k * ny + y];
        }
    }
    return flux / (double)ny;
}
