/* SPDX-License-Identifier: Apache-2.0
 *
 * The training of one network on one dataset, into one run folder:
 *
 *     metrics.jsonl                  what was computed: the same bytes when repeated
 *     timing.jsonl                   clocks and rates
 *     checkpoints/last.safetensors   where to go on from (checkpoint.h)
 *     checkpoints/best.safetensors   the model with the least validation loss so far
 *     model.safetensors              the model after the last step
 *
 * With an average of the weights (average.h) best and model hold that.
 *
 * For a fixed number of threads a run that was ended and resumed gives the same bits as one that
 * was not. It knows no config file and prints nothing: structures in, an observer out.
 *
 * Several ranks do one training together (crew.h): the samples of every step are those of one rank
 * alone, each takes its share of them, and all have the same weights after it. Rank 0 alone reads
 * checkpoints, writes, and is observed. For a fixed number of ranks the bits are the same. */
#pragma once

#include "backend.h"
#include "curriculum.h"
#include "dataset.h"
#include "error.h"
#include "learner.h"
#include "loader.h"
#include "loss.h"
#include "network.h"
#include "optimizer.h"
#include "rank_link.h"
#include "schedule.h"
#include "stop.h"
#include "validation.h"

#include <stdint.h>

/* What the observer is told, after steps and validations. */
struct trainer_progress {
    int64_t step, steps;
    int64_t batch; /* samples a step */
    double loss;   /* of this step */
    double rate;
    double samples_per_second;                  /* since the run began, here */
    double seconds_left;                        /* at that rate */
    const struct validation_scores *validation; /* of this step; NULL when there was none */
};

/* Where a run begins. */
enum trainer_begin {
    TRAINER_FRESH, /* at step 0; what stands in the folder under our names is overwritten */
    TRAINER_RESUME /* at the last checkpoint; without one, at step 0 */
};

struct trainer_options {
    /* what is trained, and on what; all kept until trainer_run returns */
    const struct dataset *dataset;
    struct backend *backend;
    struct rank_link *link; /* of those who train together; NULL: nobody else */
    const char *folder;     /* of the run; made if missing */
    const char *version;    /* of the program, for the model */
    struct network_spec network;
    const char *init; /* model to begin with, its normalisation too; NULL: random weights */

    /* what decides the result: recorded in the model, and on resume it must be the same */
    struct loss_spec loss;
    struct schedule schedule;
    struct optimizer_options optimizer;
    int64_t batch;                /* windows a step; 0: as many as network_budget allows */
    int64_t parts;                /* that a batch goes through in; parts times ranks divide it */
    struct curriculum curriculum; /* calls a step unrolls */
    enum learner_gradient gradient;
    enum gradient_share_norm norm; /* of several ranks */
    enum precision precision;      /* the backend's */
    double noise;                  /* standard deviation, of normalised fields; 0: none */
    double ema; /* decay of the weights' average, which is then judged and saved; 0: none */
    int64_t recalibrate;   /* batches from which the average's statistics are taken */
    double freeze;         /* share of the steps, the last, whose norms take running statistics */
    int64_t patience;      /* validations without a better loss that end it; 0: any number */
    int64_t buffer_shards; /* shards whose windows are mixed */
    uint64_t seed;
    enum loader_flips flips;
    int64_t log_every;          /* steps a line of metrics.jsonl, which holds means over them */
    int64_t validate_every;     /* steps; 0: never */
    int64_t validation_windows; /* at most */

    /* what does not */
    int64_t checkpoint_every; /* steps; 0: at the end only */
    int64_t stop_after;       /* this step is the last of this call; 0: none */
    int64_t memory_budget;    /* bytes: a larger dataset is streamed; 0: no limit */
    int64_t network_budget;   /* bytes for network, gradients and activations of a rank, where batch
                                 is 0 */
    enum trainer_begin begin;
    const struct stop *stop;
    void (*observe)(void *context, const struct trainer_progress *progress); /* may be NULL */
    void *context;
};

struct trainer_result {
    int64_t step;      /* done */
    int64_t steps;     /* in all */
    int64_t batch;     /* samples a step */
    int ended;         /* 1: step == steps, or patience ended it; the model is written */
    int64_t first;     /* step this call began at */
    double loss;       /* of the last step done here */
    double best_loss;  /* least validation loss; meaningless when best_step is 0 */
    int64_t best_step; /* 0: no validation yet */
    int signal;        /* that another rank, or this one of several, was asked to stop by; or 0 */
    double seconds;
    double seconds_waited; /* of these, for batches to be read and filled */
};

/* OK: all steps are done, or stop_after is reached. ERR_STOPPED: asked to stop, and everything is
 * saved. ERR_CONFIG: an option is out of range, the split is empty, the batch is larger than the
 * split, or on resume an option that decides the result has changed; or the batch cannot be shared
 * evenly, or ranks would not compute alike. What a rank fails with, rank 0 fails with. ERR_DATA: a
 * checkpoint, the initial model or the dataset is damaged or does not fit. ERR_NUMERIC: the loss or
 * the gradient is not finite; the message names the step, and the last good checkpoint stays. `out`
 * is filled as far as the run came. */
enum status trainer_run(struct trainer_result *out, const struct trainer_options *options);

/* Whether a run with TRAINER_RESUME would be refused for the checkpoint it finds: as trainer_run,
 * but nothing is changed. OK where there is no checkpoint. Needs dataset, folder and what decides
 * the result. */
enum status trainer_set_up_check_resume(const struct trainer_options *options);

/* The batch of an automatic size, for a training split of so many windows: the greatest power of
 * two, at most TRAINER_BATCH_MOST, that the budget and the split have room for; at least `parts`.
 * ERR_CONFIG when not even that fits. */
enum { TRAINER_BATCH_MOST = 256 };
enum status trainer_set_up_choose_batch(int64_t *out, const struct trainer_options *options,
                                        int64_t nx, int64_t ny, int64_t windows);

/* Bytes for network, gradients, activations and the optimizer's state, of a settled batch. */
double trainer_set_up_memory(const struct trainer_options *options, int64_t nx, int64_t ny);
