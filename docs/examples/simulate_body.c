/* SPDX-License-Identifier: Apache-2.0
 * The flow past a cylinder, and a look at its last frame. Build against an installed wakecast:
 *     cc simulate_body.c $(pkg-config --cflags --libs wakecast) -o simulate_body */
#include "case_record.h"
#include "simulation.h"
#include <stdio.h>

int main(void)
{
    struct simulation_options options = {.threads = 1};
    struct simulation *simulation = NULL;
    struct case_record *record = NULL; /* takes the frames */
    struct flow_case c;
    flow_case_defaults(&c); /* canvas 64 x 64, Re 100, U 0.1 */
    c.bodies[0] = (struct body_spec){.family = "circle", .x = 18, .y = 32, .size = 12};
    c.body_count = c.numerics.refine = 1;
    c.numerics.frames = 4;
    enum status status = case_record_create(&record, 64, 64, 4, CASE_RECORD_DROP_STARTS);
    if (status == OK && (status = simulation_create(&simulation, &c, &options)) == OK)
        status = simulation_run(simulation, &record->sink);
    if (status == OK)
        printf("%s at Re %g: Cd %.3f, u behind it %.4f\n", record->flow.family, c.reynolds,
               record->drag[3], (double)case_record_frame(record, 3)[(64 + 28) * 64 + 32]);
    else
        fprintf(stderr, "%s\n", error_message());
    simulation_destroy(simulation);
    case_record_destroy(record);
    return (int)status;
}
