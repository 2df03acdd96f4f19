/* SPDX-License-Identifier: Apache-2.0
 *
 * Production mode does not diverge: six bodies, Re 20 to 1000, D 10 to 20 cells, two canvases, 10^4
 * canvas steps at r = 1 in float32. The guard inside (|u| < 0.55, mean density within 1 +- 0.05)
 * ends a run that fails; forces must be finite. */
#include "case_record.h"
#include "philox.h"
#include "physics_reference.h"
#include "simulation.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct body_spec bodies[] = {
    {.family = "circle", .aspect = 1},
    {.family = "ellipse", .aspect = 0.5, .angle = 60},
    {.family = "rectangle", .aspect = 1},
    {.family = "rectangle", .aspect = 0.6, .angle = 30},
    {.family = "rounded-rectangle", .aspect = 1, .rounding = 0.4, .angle = 45},
    {.family = "regular-polygon", .aspect = 1, .sides = 3, .angle = 20},
};

static double draw(int64_t run, uint64_t what, double low, double high)
{
    uint64_t index = 8 * (uint64_t)run + what;
    return low + (high - low) * philox_uniform(11, PHILOX_STREAM_TEST, index);
}

/* Run `run` of the sweep; 1 when the rules let it in. */
static int sweep_case(struct flow_case *out, int64_t run)
{
    int64_t body = run % (int64_t)(sizeof bodies / sizeof bodies[0]);
    flow_case_defaults(out);
    out->nx = run % 2 == 0 ? 64 : 128;
    out->index = run;
    out->seed = (uint64_t)run;
    out->reynolds = 20 * pow(50, draw(run, 0, 0, 1));
    out->numerics.refine = 1;
    out->bodies[0] = bodies[body];
    out->bodies[0].size = draw(run, 1, 12, 20);
    out->bodies[0].x = draw(run, 2, 16, 24);
    out->bodies[0].y = draw(run, 3, 26, 38);
    out->body_count = 1;
    out->numerics.frames = (10000 - flow_case_start_steps(out)) / out->numerics.frame_interval + 1;
    return flow_case_check(out) == OK;
}

Test(sweep, production_mode_never_diverges)
{
    enum { RUNS = 60 };
    const struct simulation_options options = {.threads = 1};
    int64_t done = 0, diverged = 0;
    for (int64_t run = 0; run < RUNS; run++) {
        struct flow_case flow_case;
        struct simulation *simulation = NULL;
        struct case_record *record = NULL;
        if (!sweep_case(&flow_case, run))
            continue;
        cr_assert_eq(simulation_create(&simulation, &flow_case, &options), OK);
        cr_assert_eq(case_record_create(&record, flow_case.nx, flow_case.ny,
                                        flow_case.numerics.frames, CASE_RECORD_DROP_STARTS),
                     OK);
        enum status status = simulation_run(simulation, &record->sink);
        if (status != OK) {
            fprintf(stderr, "run %lld: %s\n", (long long)run, error_message());
            diverged++;
        }
        for (int64_t k = 0; status == OK && k < 2 * record->force_steps; k++)
            cr_assert(isfinite(record->forces[k]));
        done++;
        case_record_destroy(record);
        simulation_destroy(simulation);
    }
    physics_reference_check("production-sweep-runs", (double)done);
    physics_reference_check("production-sweep-diverged", (double)diverged);
}
