/* SPDX-License-Identifier: Apache-2.0
 *
 * One step of a training: a batch forward, backward and into the parameters. A batch may go through
 * in parts, whose gradients are added (accumulation), and a window may take several calls, each fed
 * by the one before. Then the loss is the mean over calls, and its gradient goes back through all
 * of them; or, for pushforward, the calls before the last only make its input, and loss and
 * gradient are the last one's (Brandstetter, Worrall and Welling 2022).
 *
 * Activations are those of one call, whatever the number of calls: the backward pass computes the
 * earlier calls once more from their inputs, which are kept. So K calls cost the work of K steps
 * and K - 1 forward passes, and K inputs and K outputs of memory. Knows no dataset and no file.
 *
 * Of several ranks each has the same parameters and takes its share of a batch; the means of the
 * loss run over the whole batch, the gradients are summed while the backward pass goes on, and all
 * ranks take the same step. Batch norms take statistics of a rank's own samples, and the running
 * ones move towards the mean over ranks of these; or of all ranks' samples (gradient_share.h). */
#pragma once

#include "backend.h"
#include "batch.h"
#include "crew.h"
#include "error.h"
#include "gradient_share.h"
#include "loss.h"
#include "network.h"
#include "optimizer.h"

#include <stdint.h>

enum learner_gradient {
    LEARNER_THROUGH, /* loss of all calls, gradient through all of them */
    LEARNER_LAST     /* pushforward */
};

struct learner_options {
    struct network_spec network;
    struct loss_spec loss;
    struct optimizer_options optimizer;
    struct batch shape; /* of a step's batch, without arrays; calls: the most there will be */
    int64_t parts;      /* that a batch goes through in; divides its windows */
    enum learner_gradient gradient;
    struct crew *crew; /* whose shares make a batch; NULL: the shape's is all of it; kept */
    enum gradient_share_norm norm;
    enum precision precision; /* the backend's; for learner_memory_estimate */
};

struct learner;

/* `backend` is kept; must outlive. ERR_CONFIG when the parts do not divide the batch. */
enum status learner_create(struct learner **out, struct backend *backend,
                           const struct learner_options *options);
void learner_destroy(struct learner *learner);

struct network *learner_network(struct learner *learner);
struct optimizer *learner_optimizer(struct learner *learner);

/* Bytes that it allocates on the backend, as network_memory_estimate tells the network's. */
double learner_memory_estimate(const struct learner_options *options);

struct learner_result {
    double loss, norm; /* norm: of the gradient, before clipping */
    double terms[LOSS_TERMS];
};

/* Update number `step` (1 ...) with the calls that the batch has filled. Running statistics take
 * part, as `statistics` says, in one call a step, by turns, of the batch's first part. ERR_NUMERIC,
 * with the parameters unchanged, when loss or gradient is not finite; on all ranks then. */
enum status learner_step(struct learner *learner, struct learner_result *out,
                         const struct batch *batch, double rate, int64_t step,
                         enum network_statistics statistics);
