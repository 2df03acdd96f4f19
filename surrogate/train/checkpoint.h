/* SPDX-License-Identifier: Apache-2.0
 *
 * A training stopped in its tracks: a model (model.h) with the optimizer's moments, the average of
 * the weights and the trainer's progress. Nothing else decides how the training goes on: the order
 * of samples and the flips are functions of the seed and of the step. So a resumed run is the same
 * run, bit for bit. A checkpoint never holds a value that is not finite. */
#pragma once

#include "average.h"
#include "backend.h"
#include "error.h"
#include "model.h"
#include "network.h"
#include "optimizer.h"

#include <stdint.h>

enum { CHECKPOINT_SUMS = 16 };

struct checkpoint_progress {
    int64_t step;                 /* updates done */
    int64_t validated;            /* the last step whose validation is done; 0: none */
    double best_loss;             /* least validation loss; meaningless when best_step is 0 */
    int64_t best_step;            /* 0: none */
    int64_t stale;                /* validations since that were no better */
    int64_t threads;              /* it was made with: another number rounds differently */
    int64_t ranks;                /* likewise */
    double sums[CHECKPOINT_SUMS]; /* of what is logged, since the last logged step */
    int64_t summed;               /* steps in them */
};

/* Whose state it is. */
struct checkpoint_subject {
    struct network *network;
    struct backend *backend;
    struct optimizer *optimizer;
    struct average *average; /* NULL: there is none */
};

/* The file, whole or not at all. facts->step is the progress's. ERR_NUMERIC naming the tensor, and
 * the file that was there stays, when a value is not finite. */
enum status checkpoint_save(const char *path, const struct checkpoint_subject *subject,
                            const struct model_facts *facts,
                            const struct checkpoint_progress *progress);

/* Puts a loaded model back to work: weights, moments, average, progress. ERR_DATA when it is a
 * model but no checkpoint, or does not fit the network. */
enum status checkpoint_restore(struct checkpoint_progress *progress, const struct model *model,
                               const struct checkpoint_subject *subject);
