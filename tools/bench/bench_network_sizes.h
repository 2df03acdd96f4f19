/* SPDX-License-Identifier: Apache-2.0
 *
 * The benchmarks of networks, over the sizes of --networks: rows of samples a second with the share
 * of the machine's peak, measured in the same run, and where the time goes. */
#pragma once

#include "bench.h"
#include "network.h"

/* Batches of one size, at most BENCH_NETWORK_ROWS: fills `out` and returns how many. `asked`: of
 * --batch; 0: not given. */
enum { BENCH_NETWORK_ROWS = 2 };
typedef int (*bench_network_batches)(int64_t out[BENCH_NETWORK_ROWS], const char *size,
                                     int64_t asked);

enum status bench_network_sizes(struct bench_report *report, struct session *session,
                                enum network_use use, bench_network_batches batches);
