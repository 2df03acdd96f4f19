/* SPDX-License-Identifier: Apache-2.0 */
#include "sponge.h"

double sponge_tau(int64_t x, int64_t nx, int64_t columns, double tau, double refine)
{
    int64_t into = x - (nx - columns) + 1;
    double s = (double)into / (double)columns, tau_end = 0.5 + 0.5 * refine;
    if (into <= 0 || tau_end <= tau)
        return tau;
    return tau + (tau_end - tau) * s * s;
}
