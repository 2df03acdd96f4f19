/* SPDX-License-Identifier: Apache-2.0
 *
 * DFG 2D-1 at D = 10 and 20. The solver's error has two parts, of the cells (1 / D^2) and of
 * compressibility (peak speed^2), so convergence is looked for where both fall together: the peak
 * speed is 1 / D. At peak speed 0.1 throughout, the second part stays. */
#include "channel_flow.h"
#include "physics_reference.h"

#include <criterion/criterion.h>

Test(channel, cylinder_at_reynolds_20_and_the_speed_of_production_meets_the_benchmark)
{
    struct channel_flow flow = channel_flow_run(20, 0.1);
    channel_flow_check("d20-fast", &flow);
}

Test(channel, cylinder_at_reynolds_20_converges_to_the_benchmark)
{
    struct channel_flow coarse = channel_flow_run(10, 0.1), fine = channel_flow_run(20, 0.05);
    channel_flow_check("d10", &coarse);
    channel_flow_check("d20", &fine);
    channel_flow_check_gain("d20", &coarse, &fine);
    const double wake = 0.0847; /* middle of the reference's interval */
    physics_reference_check("dfg-2d1-d20-wake-gain", (coarse.wake - wake) / (fine.wake - wake));
}
