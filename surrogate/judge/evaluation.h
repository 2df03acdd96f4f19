/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge: lets a list of forecasters run from the same instants of the same truths and keeps
 * every number. It knows no kind of forecaster but through forecaster.h. One that diverges is
 * scored as such and stays in; one that cannot start (no start state) is named with its reason.
 * scoreboard.h takes means, verdict.h puts them into words, evaluation_report.h into files. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "forecaster.h"
#include "metrics.h"
#include "stop.h"

#include <stdint.h>

/* What a forecaster is in the comparison. */
enum evaluation_role {
    EVALUATION_BASELINE, /* what must be beaten: persistence */
    EVALUATION_RIVAL,    /* what is used without us: the solver at some r */
    EVALUATION_CANDIDATE /* what is judged: the network, a corrected solver */
};

struct evaluation_entry {
    struct forecaster *forecaster; /* kept; must outlive the evaluation */
    enum evaluation_role role;
};

enum { EVALUATION_INSTANTS = 6, EVALUATION_ENTRIES = 32 };

struct evaluation_options {
    struct evaluation_entry entries[EVALUATION_ENTRIES];
    int64_t count;
    int64_t horizon;         /* frames a rollout */
    int64_t call;            /* frames a call of the network: the window of the one-call error */
    double truth_cost;       /* seconds the truth's solver takes for a frame; 0: not known */
    const struct stop *stop; /* NULL: never asked to stop; kept */
};

/* One truth and where rollouts begin on it: each start is the number of the third input frame. */
struct evaluation_case {
    const struct case_record *truth; /* borrowed for the call; its start states are used */
    const int64_t *starts;
    int64_t start_count;
    int64_t keep; /* index into starts whose frames are kept for pictures; -1: none */
};

/* One rollout: what all forecasters share. */
struct evaluation_rollout {
    struct flow flow;
    int64_t start;   /* number of the third input frame */
    double period;   /* frames a shedding period, from the truth's probe over all its frames; not a
                        number when it does not shed */
    double strouhal; /* of the truth, over all its frames */
    double horizon_strouhal; /* of the truth, over this rollout's frames */
};

/* What became of one forecaster in one rollout. */
struct evaluation_outcome {
    int64_t diverged; /* step (1 ...) of the first frame that was not finite; 0: none */
    double cost;      /* seconds a frame */
    double strouhal;  /* over the rollout's frames */
};

/* Frames of one rollout kept for pictures. */
struct evaluation_picture {
    struct flow flow;
    int64_t start;
    int64_t steps[EVALUATION_INSTANTS]; /* 1 ... horizon */
    float *sdf;                         /* [nx][ny] */
    unsigned char *mask;                /* [nx][ny] */
    float *truth;                       /* [EVALUATION_INSTANTS][FRAME_FIELDS][nx][ny] */
    float *forecasts;                   /* [entry][EVALUATION_INSTANTS][FRAME_FIELDS][nx][ny]; not a
                                           number where an entry has no frame */
};

struct evaluation;

/* ERR_CONFIG names the option that is out of range. */
enum status evaluation_create(struct evaluation **out, const struct evaluation_options *options);
void evaluation_destroy(struct evaluation *evaluation);

/* Runs every forecaster from every start. ERR_CONFIG when the truth is too short for a start,
 * ERR_STOPPED when asked to stop (the case is then not in). Fails otherwise only for what is no
 * forecast's fault: memory, an internal error. */
enum status evaluation_add(struct evaluation *evaluation, const struct evaluation_case *one);

const struct evaluation_options *evaluation_get_options(const struct evaluation *evaluation);
int64_t evaluation_rollouts(const struct evaluation *evaluation);
const struct evaluation_rollout *evaluation_rollout_at(const struct evaluation *evaluation,
                                                       int64_t rollout);
/* Meaningless for an absent entry. */
const struct evaluation_outcome *evaluation_outcome_at(const struct evaluation *evaluation,
                                                       int64_t entry, int64_t rollout);
int64_t evaluation_pictures(const struct evaluation *evaluation);
const struct evaluation_picture *evaluation_picture_at(const struct evaluation *evaluation,
                                                       int64_t picture);

/* Why an entry took no part; "" when it did. An entry takes part in all rollouts or in none. */
const char *evaluation_absence(const struct evaluation *evaluation, int64_t entry);

/* The value at step 1 ... horizon; not a number when undefined, when the frame was not finite, and
 * for an absent entry. */
double evaluation_value(const struct evaluation *evaluation, int64_t entry, int64_t rollout,
                        int64_t step, enum metrics_kind metric);
