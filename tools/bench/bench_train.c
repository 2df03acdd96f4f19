/* SPDX-License-Identifier: Apache-2.0
 *
 * Samples a second of whole training steps: forward, both losses, backward, clipping, AdamW,
 * packing of the weights. Reading the samples is bench_io.c's. */
#include "bench_network_sizes.h"

#include <string.h>

static int batches(int64_t out[BENCH_NETWORK_ROWS], const char *size, int64_t asked)
{
    int64_t usual = strcmp(size, "tiny") == 0 ? 32 : 16;
    out[0] = asked > 0 ? asked : usual;
    return 1;
}

static enum status run(struct bench_report *report, struct session *session)
{
    return bench_network_sizes(report, session, NETWORK_TRAIN, batches);
}

const struct bench bench_train = {
    .name = "train",
    .summary = "Samples a second of whole training steps, by size of network; takes no CONFIG",
    .run = run};
