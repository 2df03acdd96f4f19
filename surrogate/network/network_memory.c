/* SPDX-License-Identifier: Apache-2.0
 *
 * What a network will allocate, from its plan alone; in step with network.c. */
#include "network_plan.h"

/* Floats of a layer's output for one sample. */
static int64_t output_count(const struct network_step *step, int64_t nx, int64_t ny)
{
    return step->out_frames * (nx >> step->out_level) * (ny >> step->out_level) *
           step->out_channels;
}

static int64_t halo_count(const struct network_step *step, int64_t nx, int64_t ny)
{
    return step->in_frames * ((nx >> step->in_level) + 2) * ((ny >> step->in_level) + 2) *
           step->in_channels;
}

/* Floats of one sample. */
static int64_t sample_count(const struct network_plan *plan, const struct network_spec *spec,
                            int64_t nx, int64_t ny, enum network_use use)
{
    int64_t total = 0, largest = 0, widest = 0, last = 0;
    for (int64_t i = 0; i < plan->count; i++) {
        const struct network_step *step = &plan->steps[i];
        int64_t keeps = 1 + (use != NETWORK_FORECAST ? step->has_norm + step->feeds_skip : 0);
        last = output_count(step, nx, ny);
        total += keeps * last;
        largest = last > largest ? last : largest;
        if (step->kind != NETWORK_CONCAT && halo_count(step, nx, ny) > widest)
            widest = halo_count(step, nx, ny);
    }
    int64_t copies = use == NETWORK_FORECAST ? 1 : 2;
    total += use == NETWORK_FORECAST ? 0 : 2 * largest;
    total += plan->halo ? copies * widest : 0;
    return total + (spec->target == NETWORK_TARGET_DELTA ? last : 0);
}

double network_memory_estimate(const struct network_spec *spec, int64_t batch, int64_t nx,
                               int64_t ny, enum network_use use)
{
    struct network_plan plan;
    struct network_tensor tensors[NETWORK_TENSORS];
    double fixed = 0;
    if (network_plan_make(&plan, spec) != OK)
        return 0;
    int64_t count = network_tensor_list(tensors, spec);
    for (int64_t i = 0; i < count; i++)
        fixed += (double)tensors[i].count *
                 (use != NETWORK_FORECAST && !tensors[i].statistic ? 2.0 : 1.0);
    double floats = fixed + (double)batch * (double)sample_count(&plan, spec, nx, ny, use);
    return floats * (double)sizeof(float);
}
