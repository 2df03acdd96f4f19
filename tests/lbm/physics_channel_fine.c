/* SPDX-License-Identifier: Apache-2.0
 *
 * DFG 2D-1 at D = 40: convergence as in physics_channel.c, and where the same cells end up at the
 * speed of production. Minutes. */
#include "channel_flow.h"
#include "physics_reference.h"

#include <criterion/criterion.h>

Test(channel, cylinder_at_reynolds_20_in_fine_cells_keeps_converging)
{
    struct channel_flow coarse = channel_flow_run(20, 0.05), fine = channel_flow_run(40, 0.025);
    channel_flow_check("d40", &fine);
    channel_flow_check_gain("d40", &coarse, &fine);
}

Test(channel, cylinder_at_reynolds_20_in_fine_cells_at_the_speed_of_production)
{
    struct channel_flow flow = channel_flow_run(40, 0.1);
    channel_flow_check("d40-fast", &flow);
}
