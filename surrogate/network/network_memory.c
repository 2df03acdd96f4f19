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

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Bytes of one sample. The last layer's activation, and its sum with the input, are floats. */
static double sample_bytes(const struct network_plan *plan, const struct network_spec *spec,
                           int64_t nx, int64_t ny, enum network_use use, enum precision precision)
{
    int64_t total = 0, largest = 0, widest = 0, last = 0;
    int64_t rounded =
        precision == PRECISION_F32 ? 0 : spec->frames_in * nx * ny * plan->steps[0].in_channels;
    for (int64_t i = 0; i < plan->count; i++) {
        const struct network_step *step = &plan->steps[i];
        int64_t keeps = 1 + (use != NETWORK_FORECAST ? step->has_norm + step->feeds_skip : 0);
        last = output_count(step, nx, ny);
        total += keeps * last;
        largest = greater(greater(largest, last), rounded);
        if (step->kind != NETWORK_CONCAT)
            widest = greater(widest, halo_count(step, nx, ny));
    }
    int64_t copies = use == NETWORK_FORECAST ? 1 : 2;
    total += use == NETWORK_FORECAST ? 0 : 2 * largest;
    total += plan->halo ? copies * widest : 0;
    total += rounded - last;
    int64_t floats = spec->target == NETWORK_TARGET_DELTA ? 2 * last : last;
    return (double)total * (double)precision_bytes(precision) +
           (double)floats * (double)sizeof(float);
}

double network_memory_estimate(const struct network_spec *spec, int64_t batch, int64_t nx,
                               int64_t ny, enum network_use use, enum precision precision)
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
    return fixed * (double)sizeof(float) +
           (double)batch * sample_bytes(&plan, spec, nx, ny, use, precision);
}
