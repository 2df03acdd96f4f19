/* SPDX-License-Identifier: Apache-2.0 */
#include "solver_rate.h"

#include "simulation.h"
#include "stop.h"

#include <stddef.h>

static const double SECONDS = 0.4;

static enum status take_begin(struct frame_sink *sink, const struct flow *flow, const float *sdf)
{
    (void)sink;
    (void)flow;
    (void)sdf;
    return OK;
}

static enum status take_frame(struct frame_sink *sink, const struct frame *frame)
{
    (void)sink;
    (void)frame;
    return OK;
}

static const struct frame_sink_ops nowhere = {
    .name = "nowhere", .begin = take_begin, .frame = take_frame};

enum status solver_rate_measure(double *out, const struct flow_case *flow_case)
{
    struct simulation *simulation = NULL;
    struct frame_sink sink = {.ops = &nowhere};
    double began = stop_clock();
    const struct stop stop = {.deadline = began + SECONDS};
    const struct simulation_options options = {.threads = 1, .stop = &stop};
    TRY(simulation_create(&simulation, flow_case, &options));
    enum status status = simulation_run(simulation, &sink);
    *out = simulation_updates(simulation) / (stop_clock() - began);
    simulation_destroy(simulation);
    return status == ERR_STOPPED ? OK : status;
}
