/* SPDX-License-Identifier: Apache-2.0 */
#include "inflow.h"

#include "exact_math.h"
#include "stencil.h"

double inflow_rise(const struct inflow *inflow, int64_t step)
{
    if ((double)step >= inflow->ramp_steps || inflow->ramp_steps <= 0)
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

double inflow_table_mean(const struct inflow *inflow)
{
    double sum = 0;
    if (inflow->profile != INFLOW_TABLE)
        return 1;
    for (int64_t k = 0; k + 1 < inflow->points; k++)
        sum += 0.5 * (inflow->table[k] + inflow->table[k + 1]);
    return sum / (double)(inflow->points - 1);
}

static double table_at(const struct inflow *inflow, double s)
{
    int64_t last = inflow->points - 1, k = (int64_t)(s * (double)last);
    k = k > last - 1 ? last - 1 : k;
    double part = s * (double)last - (double)k;
    return inflow->table[k] + part * (inflow->table[k + 1] - inflow->table[k]);
}

double inflow_shape(const struct inflow *inflow, double s)
{
    switch (inflow->profile) {
    case INFLOW_PARABOLIC:
        return 6 * s * (1 - s);
    case INFLOW_TABLE:
        return table_at(inflow, s) / inflow_table_mean(inflow);
    case INFLOW_UNIFORM:
        break;
    }
    return 1;
}

double inflow_terms(double *terms, const struct inflow *inflow, int64_t ny)
{
    static const int direction[3] = {STENCIL_E, STENCIL_NE, STENCIL_SE};
    double flux = 0;
    for (int k = 0; k < 3; k++) {
        int i = direction[k];
        for (int64_t y = 0; y < ny; y++) {
            double height = ((double)y + 0.5 - 0.5 * stencil_cy[i]) / (double)ny;
            terms[k * ny + y] = 6 * stencil_weight[i] * inflow_shape(inflow, height);
            flux += terms[k * ny + y];
        }
    }
    return flux / (double)ny;
}
