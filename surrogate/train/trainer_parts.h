/* SPDX-License-Identifier: Apache-2.0
 *
 * What a training consists of. Private to the trainer: trainer_set_up.c makes it, trainer_log.c
 * tells of it, trainer.c runs it. */
#pragma once

#include "average.h"
#include "case_pool.h"
#include "checkpoint.h"
#include "learner.h"
#include "loader.h"
#include "model.h"
#include "path.h"
#include "prefetch.h"
#include "run_log.h"
#include "trainer.h"
#include "validation.h"

/* What metrics.jsonl averages: places in checkpoint_progress.sums. */
enum trainer_sum { SUM_LOSS, SUM_NORM, SUM_TERMS, SUM_END = SUM_TERMS + LOSS_TERMS };
_Static_assert((int)SUM_END <= (int)CHECKPOINT_SUMS, "a checkpoint holds all sums");

struct trainer {
    struct trainer_options options; /* the caller's, with the batch settled */
    struct backend *backend;
    struct crew *crew; /* NULL: there are no other ranks */
    struct case_pool *pool;
    struct loader *loader;
    struct batch shape;        /* sizes of this rank's share of a batch, without arrays */
    struct prefetch *prefetch; /* NULL before the first step */
    struct learner *learner;
    struct average *average;       /* NULL: none */
    struct validation *validation; /* NULL: never */
    struct model *begin;           /* checkpoint or initial model; NULL: neither */
    int resumed;                   /* `begin` is a checkpoint */
    struct model_facts facts;
    char *training; /* what facts.training points to */
    struct checkpoint_progress progress;
    int64_t saved; /* step of the last checkpoint; 0: none */
    int unsaved;   /* 1: something has happened since */
    struct run_log *metrics, *timing;
    char checkpoint_path[PATH_SIZE], best_path[PATH_SIZE], model_path[PATH_SIZE];
    double begun; /* on stop_clock */
    int64_t first;
};

/* trainer_set_up.c: whatever can be wrong with the options is found before the folder is touched.
 */
enum status trainer_set_up(struct trainer *self);
void trainer_set_up_undo(struct trainer *self);
struct checkpoint_subject trainer_set_up_subject(const struct trainer *self);

/* Does this rank write? */
static inline int trainer_leads(const struct trainer *self)
{
    return crew_rank(self->crew) == 0;
}

/* trainer_ranks.c: whether all ranks would compute the same; how a training begins, from rank 0 to
 * all: the batch and the normalisation, then weights and all the rest of the state. */
enum status trainer_ranks_compare(struct trainer *self);
enum status trainer_ranks_share_facts(struct trainer *self);
enum status trainer_ranks_share_state(struct trainer *self);

/* trainer_log.c: a line of each file, means over the steps since the last; a validation's line; the
 * line of a training that patience ended. */
enum status trainer_log_step(struct trainer *self, double rate);
enum status trainer_log_validation(struct trainer *self, const struct validation_scores *scores);
enum status trainer_log_end(struct trainer *self);
void trainer_log_observe(const struct trainer *self, double loss, double rate,
                         const struct validation_scores *validation);
double trainer_log_seconds_waited(const struct trainer *self);
