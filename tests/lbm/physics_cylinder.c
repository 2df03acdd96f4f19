/* SPDX-License-Identifier: Apache-2.0
 *
 * Cylinder at Re 100 on the 64 x 64 canvas, D = 12, production mode at r = 1: it sheds. St and
 * forces are those of 19 % blockage, for which there is no published reference: the interval says
 * that it is a regular wake, the committed figures that it stays the same. The outlet is judged
 * with it: time mean of (rho - 1) / (3 U^2) over the column before the sponge and the drift of the
 * canvas mean (docs/decisions/0002-outflow.md). */
#include "case_record.h"
#include "physics_reference.h"
#include "simulation.h"
#include "spectrum.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CANVAS = 64, CELLS = CANVAS * CANVAS };

static struct case_record *run_cylinder(void)
{
    struct flow_case flow_case;
    struct simulation *simulation = NULL;
    struct case_record *record = NULL;
    const struct simulation_options options = {.threads = 1};
    flow_case_defaults(&flow_case);
    flow_case.numerics.refine = 1;
    flow_case.numerics.discard = 80;
    flow_case.numerics.frame_interval = 20;
    flow_case.numerics.frames = 601;
    flow_case.bodies[0] =
        (struct body_spec){.family = "circle", .x = 20, .y = 32, .size = 12, .aspect = 1};
    flow_case.body_count = 1;
    cr_assert_eq(simulation_create(&simulation, &flow_case, &options), OK, "%s", error_message());
    cr_assert_eq(case_record_create(&record, CANVAS, CANVAS, 601, CASE_RECORD_DROP_STARTS), OK);
    cr_assert_eq(simulation_run(simulation, &record->sink), OK, "%s", error_message());
    simulation_destroy(simulation);
    return record;
}

/* Mean of (rho - 1) / (3 U^2) of frame t over canvas columns from `column` on. */
static double density(const struct case_record *record, int64_t t, int64_t column)
{
    const float *rho = case_record_frame(record, t) + FRAME_RHO * CELLS;
    double sum = 0;
    for (int64_t cell = column * CANVAS; cell < CELLS; cell++)
        sum += (double)rho[cell] - 1;
    return sum / (double)(CELLS - column * CANVAS) / 0.03;
}

Test(cylinder, sheds_at_reynolds_100)
{
    struct case_record *record = run_cylinder();
    int64_t steps = record->force_steps;
    double *lift = calloc((size_t)steps, sizeof *lift), drag = 0, deviation;
    cr_assert_not_null(lift);
    for (int64_t k = 0; k < steps; k++) {
        drag += record->forces[2 * k] / (double)steps;
        lift[k] = record->forces[2 * k + 1];
    }
    struct spectrum_peak peak;
    cr_assert_eq(spectrum_find_peak(&peak, lift, (size_t)steps), OK);
    double crossing = spectrum_crossing_frequency(&deviation, lift, (size_t)steps);
    const double time = record->flow.length / record->flow.speed; /* D / U */
    physics_reference_check("cylinder-re100-canvas-strouhal", peak.frequency * time);
    physics_reference_check("cylinder-re100-canvas-regularity", deviation / crossing);
    physics_reference_check("cylinder-re100-canvas-drag", drag);
    physics_reference_check("cylinder-re100-canvas-lift-amplitude", peak.amplitude);

    /* Whole periods: the frames from the first to the last multiple of the period. */
    int64_t period = (int64_t)lround(1 / peak.frequency / 20), periods = 600 / period;
    double outlet = 0, first = 0, last = 0;
    for (int64_t t = 0; t < period * periods; t++)
        outlet += density(record, t, CANVAS - 1) / (double)(period * periods);
    for (int64_t t = 0; t < period; t++) {
        first += density(record, period * (periods - 2) + t, 0) / (double)period;
        last += density(record, period * (periods - 1) + t, 0) / (double)period;
    }
    physics_reference_check("cylinder-re100-canvas-outlet-density", outlet);
    physics_reference_check("cylinder-re100-canvas-density-drift", last - first);
    free(lift);
    case_record_destroy(record);
}
