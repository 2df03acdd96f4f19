/* SPDX-License-Identifier: Apache-2.0 */
#include "stop.h"

#include <stddef.h>
#include <time.h>

enum stop_reason stop_requested(const struct stop *stop)
{
    if (stop == NULL)
        return STOP_NONE;
    if (stop->signal != NULL && *stop->signal != 0)
        return STOP_SIGNAL;
    if (stop->deadline > 0 && stop_clock() >= stop->deadline)
        return STOP_TIME;
    return STOP_NONE;
}

double stop_clock(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
