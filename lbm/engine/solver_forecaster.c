/* SPDX-License-Identifier: Apache-2.0 */
#include "solver_forecaster.h"

#include "simulation.h"
#include "stop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct solver_forecaster {
    struct forecaster base;
    struct solver_forecaster_options options;
    int64_t refine;
    struct simulation *simulation; /* NULL before start */
    int64_t cells;                 /* of the canvas */
    double seconds;
};

static enum status start(struct forecaster *forecaster, const struct forecaster_start *begin)
{
    struct solver_forecaster *solver = (struct solver_forecaster *)forecaster;
    struct simulation_options options = {.threads = solver->options.threads};
    struct flow_case flow_case;
    if (begin->state == NULL)
        return FAIL(ERR_UNSUPPORTED,
                    "%s needs a start state, and there is none: velocity alone is no restart state",
                    forecaster->name);
    TRY(solver->options.find_case(solver->options.context, &flow_case, begin->flow));
    flow_case.numerics.refine = solver->refine;
    simulation_destroy(solver->simulation);
    solver->simulation = NULL;
    solver->seconds = 0;
    solver->cells = frames_cells(begin->flow);
    TRY(simulation_create(&solver->simulation, &flow_case, &options));
    if (frames_cells(simulation_flow(solver->simulation)) != solver->cells)
        return FAIL(ERR_DATA, "%s: the case has %lld canvas cells, the frames have %lld",
                    forecaster->name, (long long)frames_cells(simulation_flow(solver->simulation)),
                    (long long)solver->cells);
    TRY(simulation_restart(solver->simulation, begin->state));
    return OK;
}

static enum status advance(struct forecaster *forecaster, float *frames, int64_t count)
{
    struct solver_forecaster *solver = (struct solver_forecaster *)forecaster;
    int64_t size = FRAME_FIELDS * solver->cells;
    enum status status = OK;
    double begin = stop_clock();
    for (int64_t k = 0; k < count; k++) {
        float *frame = frames + k * size;
        if (status == OK)
            status = simulation_advance(solver->simulation, frame, NULL, NULL);
        for (int64_t cell = 0; status != OK && cell < size; cell++)
            frame[cell] = NAN;
    }
    solver->seconds += stop_clock() - begin;
    TRY(status);
    return OK;
}

static double cost(const struct forecaster *forecaster)
{
    return ((const struct solver_forecaster *)forecaster)->seconds;
}

static void destroy(struct forecaster *forecaster)
{
    simulation_destroy(((struct solver_forecaster *)forecaster)->simulation);
    free(forecaster);
}

static const struct forecaster_ops solver_ops = {
    .kind = "solver",
    .start = start,
    .advance = advance,
    .inject = NULL,
    .cost = cost,
    .destroy = destroy,
};

enum status solver_forecaster_create(struct forecaster **out, int64_t refine,
                                     const struct solver_forecaster_options *options)
{
    struct solver_forecaster *solver = calloc(1, sizeof *solver);
    if (solver == NULL)
        return FAIL(ERR_MEMORY, "no memory for a forecaster");
    solver->base.ops = &solver_ops;
    snprintf(solver->base.name, sizeof solver->base.name, "solver r = %lld", (long long)refine);
    solver->options = *options;
    solver->refine = refine;
    *out = &solver->base;
    return OK;
}
