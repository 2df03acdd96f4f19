/* SPDX-License-Identifier: Apache-2.0
 *
 * A fixed set of windows on which a training network is judged now and then: the loss as in
 * training, by running norm statistics, and the relative errors of one call, pooled over all
 * windows. The windows are spread evenly over the validation split and are the same every time. One
 * call only: rollouts are judged by `evaluate`. Several ranks judge a share of every batch each,
 * and all get the scores of the whole. */
#pragma once

#include "backend.h"
#include "case_pool.h"
#include "crew.h"
#include "error.h"
#include "loader.h"
#include "loss.h"
#include "network.h"
#include "stop.h"

#include <stdint.h>

struct validation_options {
    int64_t windows; /* at most; the whole batches within that and within the split are taken */
    int64_t batch;   /* at most, of all ranks */
    int64_t nx, ny;
    struct loss_spec loss;
    struct loader_options loader;
    const struct stop *stop; /* kept */
    struct crew *crew;       /* NULL: alone; kept */
};

struct validation_scores {
    double loss;              /* mean over batches */
    double terms[LOSS_TERMS]; /* likewise */
    /* |forecast - truth| / |truth| of one call over fluid cells and windows; for density the
     * denominator is the departure from 1 (and for the second the velocity's from U) */
    double velocity, velocity_wake, density, ux, uy;
};

struct validation;

/* Reads its windows from the pool, which is not needed afterwards. `backend` is kept; must outlive.
 */
enum status validation_create(struct validation **out, struct case_pool *pool,
                              const struct network_spec *spec, struct backend *backend,
                              const struct validation_options *options);
void validation_destroy(struct validation *validation);

int64_t validation_windows(const struct validation *validation);

/* Judges the parameters and statistics of a network of the same architecture. ERR_STOPPED when
 * asked to stop, on all ranks. */
enum status validation_judge(struct validation *validation, struct validation_scores *out,
                             struct network *network);
