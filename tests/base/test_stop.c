/* SPDX-License-Identifier: Apache-2.0 */
#include "stop.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <time.h>

Test(stop, signal_and_deadline_are_seen)
{
    volatile sig_atomic_t received = 0;
    struct stop stop = {0};
    cr_assert_eq(stop_requested(NULL), STOP_NONE);
    cr_assert_eq(stop_requested(&stop), STOP_NONE);
    stop.deadline = stop_clock() + 1000;
    stop.signal = &received;
    cr_assert_eq(stop_requested(&stop), STOP_NONE);
    stop.deadline = stop_clock();
    cr_assert_eq(stop_requested(&stop), STOP_TIME);
    received = SIGTERM;
    cr_assert_eq(stop_requested(&stop), STOP_SIGNAL);
}

Test(stop, clock_counts_seconds)
{
    const struct timespec pause = {0, 20000000};
    double before = stop_clock();
    cr_assert_eq(nanosleep(&pause, NULL), 0);
    double passed = stop_clock() - before;
    cr_assert(passed >= 0.02 && passed < 10, "%g s", passed);
}
