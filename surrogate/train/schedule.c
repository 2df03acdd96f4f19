/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule.h"

#include "exact_math.h"

#include <math.h>

enum status schedule_check(const struct schedule *schedule)
{
    if (!(schedule->rate > 0.0) || !isfinite(schedule->rate))
        return FAIL(ERR_CONFIG, "the learning rate is %g; it must be positive", schedule->rate);
    if (!(schedule->floor >= 0.0 && schedule->floor <= 1.0))
        return FAIL(ERR_CONFIG, "the learning rate's floor is %g; it must be within 0 and 1",
                    schedule->floor);
    if (schedule->steps < 1)
        return FAIL(ERR_CONFIG, "%lld training steps; there must be 1 at least",
                    (long long)schedule->steps);
    if (schedule->warmup < 0 || schedule->warmup > schedule->steps)
        return FAIL(ERR_CONFIG, "%lld warm-up steps; there are %lld steps in all",
                    (long long)schedule->warmup, (long long)schedule->steps);
    return OK;
}

double schedule_rate(const struct schedule *schedule, int64_t step)
{
    if (step <= schedule->warmup)
        return schedule->rate * (double)step / (double)schedule->warmup;
    double behind = (double)(step - schedule->warmup);
    double length = (double)(schedule->steps - schedule->warmup);
    double wave = 0.5 * (1.0 + exact_math_cos(EXACT_MATH_PI * (behind / length)));
    return schedule->rate * (schedule->floor + (1.0 - schedule->floor) * wave);
}
