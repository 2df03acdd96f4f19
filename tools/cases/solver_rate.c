/* SPDX-License-Identifier: Apache-2.0 */
#include "solver_rate.h"

#include "simulation.h"
#include "stop.h"

#include <stddef.h>
#include <stdio.h>

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

enum status solver_rate_run(double *updates, const struct flow_case *flow_case,
                            const struct stop *stop)
{
    struct simulation *simulation = NULL;
    struct frame_sink sink = {.ops = &nowhere};
    const struct simulation_options options = {.threads = 1, .stop = stop};
    TRY(simulation_create(&simulation, flow_case, &options));
    enum status status = simulation_run(simulation, &sink);
    *updates = simulation_updates(simulation);
    simulation_destroy(simulation);
    return status;
}

enum status solver_rate_measure(double *out, const struct flow_case *flow_case)
{
    double began = stop_clock(), updates = 0;
    const struct stop stop = {.deadline = began + SECONDS};
    enum status status = solver_rate_run(&updates, flow_case, &stop);
    *out = updates / (stop_clock() - began);
    return status == ERR_STOPPED ? OK : status;
}

enum status solver_rate_measure_threads(double *out, const struct flow_case *flow_case, int threads)
{
    double sum = 0;
    enum status failed = OK;
    char message[ERROR_MESSAGE_SIZE] = "";
    (void)threads; /* without OpenMP there is one */
#pragma omp parallel num_threads(threads)
    {
        double rate = 0;
        enum status status = solver_rate_measure(&rate, flow_case);
#pragma omp critical
        {
            sum += rate;
            if (status != OK)
                snprintf(message, sizeof message, "%s", error_message());
            failed = status != OK ? status : failed;
        }
    }
    *out = sum;
    return failed == OK ? OK : FAIL(failed, "%s", message);
}
