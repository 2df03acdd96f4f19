/* SPDX-License-Identifier: Apache-2.0
 *
 * What a network will allocate, from its plan alone; in step with network.c. */
#include "network_lifetime.h"
#include "network_plan.h"

double network_memory_estimate(const struct network_spec *spec, int64_t batch, int64_t nx,
                               int64_t ny, enum network_use use, enum precision precision)
{
    struct network_plan plan;
    struct network_lifetime lifetime;
    struct network_tensor tensors[NETWORK_TENSORS];
    double fixed = 0;
    if (network_plan_make(&plan, spec) != OK)
        return 0;
    int64_t count = network_tensor_list(tensors, spec);
    for (int64_t i = 0; i < count; i++)
        fixed += (double)tensors[i].count *
                 (use != NETWORK_FORECAST && !tensors[i].statistic ? 2.0 : 1.0);
    const struct network_lifetime_use how = {.plan = &plan,
                                             .delta = spec->target == NETWORK_TARGET_DELTA,
                                             .batch = batch,
                                             .nx = nx,
                                             .ny = ny,
                                             .use = use,
                                             .precision = precision};
    network_lifetime_plan(&lifetime, &how);
    return fixed * (double)sizeof(float) + (double)lifetime.bytes;
}
