/* SPDX-License-Identifier: Apache-2.0
 *
 * A network at work on made-up samples, for the benchmarks of training and forecasting: 64 x 64
 * cells, fields drawn at random, a circle of radius 8 in the middle. */
#pragma once

#include "bench.h"
#include "error.h"
#include "network.h"
#include "precision.h"

#include <stdint.h>

struct config;
struct stop;
struct bench_network;

struct bench_network_options {
    const char *size; /* "tiny", or a list of layers */
    int64_t batch;
    int threads;
    enum network_use use;        /* trained by whole steps, or called */
    const struct config *config; /* training.precision, or evaluate.precision of a forecast */
    const struct stop *stop;
};

enum status bench_network_create(struct bench_network **out,
                                 const struct bench_network_options *options);
void bench_network_destroy(struct bench_network *network);

/* Of its activations: what the configuration asks for, and the processor has. */
enum precision bench_network_precision(const struct bench_network *network);

/* A step (upload, forward, both losses, backward, clipping, AdamW, packing) or a call (upload,
 * forward, download) after the other for at least `seconds`, once at least. `samples` gets how many
 * went through, `operations` what their convolutions did on data. ERR_STOPPED when asked to stop.
 */
enum status bench_network_run(double *samples, double *operations, struct bench_network *network,
                              double seconds);

/* Adds where the time went since the network was made, a step or a call: by kind of work, and by
 * layer. */
enum status bench_network_break_down(struct bench_report *report, const char *title,
                                     const struct bench_network *network, double peak);
