/* SPDX-License-Identifier: Apache-2.0 */
#include "outflow.h"

static const double inverse_sound_speed = 1.7320508075688772; /* 1 / c_s = sqrt(3) */

/* In units of sound's rate of transit, c_s / length. */
static const double default_rate = 0.1;

void outflow_advance(struct outflow *outflow, double mean_u, double mean_rho, double mean_inflow)
{
    outflow->density = outflow->base + (mean_u - mean_inflow) * inverse_sound_speed;
    outflow->base -= outflow->rate * mean_rho;
}

double outflow_default_rate(double columns)
{
    return default_rate / (inverse_sound_speed * columns);
}
