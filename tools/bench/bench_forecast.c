/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls of a network that forecasts: one sample a call, whose time is the latency, and several. */
#include "bench_network_sizes.h"

static int batches(int64_t out[BENCH_NETWORK_ROWS], const char *size, int64_t asked)
{
    (void)size;
    out[0] = 1;
    out[1] = asked > 0 ? asked : 16;
    return 2;
}

static enum status run(struct bench_report *report, struct session *session)
{
    return bench_network_sizes(report, session, NETWORK_FORECAST, batches);
}

const struct bench bench_forecast = {
    .name = "forecast",
    .summary = "Calls of the network, one sample each and several, by size; takes no CONFIG",
    .run = run};
