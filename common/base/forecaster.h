/* SPDX-License-Identifier: Apache-2.0
 *
 * Anything that carries 3 frames (or more, where there are) forward: persistence, the solver at
 * some refinement, the network, the corrected solver. The halves of the program meet here: `lbm`
 * and `surrogate` implement it, `evaluate` judges any list of them and knows none. */
#pragma once

#include "error.h"
#include "frames.h"
#include "start_state.h"

enum { FORECASTER_INPUT_FRAMES = 3 };

struct forecaster_start {
    const struct flow *flow;
    const float *sdf;                /* [nx][ny] */
    const unsigned char *mask;       /* [nx][ny], 1 in bodies */
    const float *frames;             /* [3][FRAME_FIELDS][nx][ny], oldest first */
    const struct start_state *state; /* of the last of them, or NULL */
    int64_t earlier;                 /* frames that stand right before these in memory */
};

struct forecaster;

struct forecaster_ops {
    const char *kind; /* "persistence", "solver", "network" */
    /* required: begins a rollout; the pointers in `start` are borrowed for the call.
     * ERR_UNSUPPORTED when it needs a state and there is none; ERR_DATA when it needs more frames
     * than there are. */
    enum status (*start)(struct forecaster *forecaster, const struct forecaster_start *start);
    /* required: the next `count` frames, [count][FRAME_FIELDS][nx][ny], bodies at rest (rho = 1, u
     * = 0). ERR_NUMERIC when it diverged: `frames` then holds what there was, the rest is not a
     * number. */
    enum status (*advance)(struct forecaster *forecaster, float *frames, int64_t count);
    /* may be NULL: it cannot be corrected from outside. Replaces its present frame,
     * [FRAME_FIELDS][nx][ny]. */
    enum status (*inject)(struct forecaster *forecaster, const float *frame);
    /* required: seconds of computing spent in advance since start. */
    double (*cost)(const struct forecaster *forecaster);
    /* required; the pointer is not NULL */
    void (*destroy)(struct forecaster *forecaster);
};

struct forecaster {
    const struct forecaster_ops *ops;
    char name[64]; /* for people: "persistence", "solver r = 2", "network" */
};

/* Accepts NULL. */
void forecaster_destroy(struct forecaster *forecaster);
