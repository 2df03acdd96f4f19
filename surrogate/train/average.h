/* SPDX-License-Identifier: Apache-2.0
 *
 * A moving average of a network's weights,
 *     average += (1 - d) (weights - average),  d = min(decay, (1 + step) / (10 + step)),
 * so that a short training is not held back by its first weights. A batch norm's running statistics
 * are those of the trained weights and fit no others, so before the average is used they are taken
 * anew: each the mean, over a fixed set of batches of the training split, of the batch's own
 * statistics. */
#pragma once

#include "backend.h"
#include "batch.h"
#include "crew.h"
#include "error.h"
#include "network.h"
#include "stop.h"

#include <stdint.h>

struct average;

/* `network` and `backend` are kept; must outlive. Begins with the network's weights: average_begin
 * says when. */
enum status average_create(struct average **out, struct network *network, struct backend *backend,
                           double decay);
void average_destroy(struct average *average);

/* The batches of `size` windows for the statistics: taken over, destroyed with the average. Without
 * them the statistics stay. Each rank of `crew` (kept; NULL: alone) takes its share of every batch,
 * which is what its network takes. */
void average_give_batches(struct average *average, struct batch *batches, int64_t size,
                          struct crew *crew);

/* The average is the network's present weights. */
enum status average_begin(struct average *average);
/* After update `step` of the weights. */
enum status average_update(struct average *average, int64_t step);

/* The network gets the average and statistics that fit it, until average_leave gives it back its
 * own, to the bit. ERR_STOPPED when asked to stop: average_leave must follow then, too. */
enum status average_enter(struct average *average, const struct stop *stop);
enum status average_leave(struct average *average);

/* [network_parameter_count] */
enum status average_download(const struct average *average, float *values);
enum status average_upload(struct average *average, const float *values);
