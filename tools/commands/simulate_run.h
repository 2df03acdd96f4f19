/* SPDX-License-Identifier: Apache-2.0
 *
 * A simulation that keeps its frames, the forces on each body and what its probes see, and can be
 * stopped and gone on with: every so many frames all of it goes to the folder `checkpoints` of the
 * output. A run that goes on from there gives the same bits as one that was never stopped. Files of
 * the same program on the same kind of machine: no format for others. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "flow_case.h"
#include "simulate_series.h"
#include "simulation.h"

#include <stdint.h>

enum simulate_run_start { SIMULATE_RUN_FROM_REST, SIMULATE_RUN_GO_ON };

struct simulate_run {
    struct frame_sink sink;            /* first member */
    struct case_record *record;        /* owned */
    struct simulation *simulation;     /* owned */
    struct simulation_options options; /* its own */
    struct simulate_series loads;      /* a row a step from frame 0 on: drag, lift, torque */
    struct simulate_series probes;     /* a row a sample: pressure, u, v */
    const char *folder;                /* output; NULL: no checkpoints */
    int64_t every;                     /* frames between checkpoints; 0: none */
    int64_t first;                     /* frame that this run began with */
    int64_t saved;                     /* frames in the last checkpoint; 0: none */
};

/* `options` but for details. `folder` is kept and must outlive. With SIMULATE_RUN_GO_ON, from the
 * folder's checkpoint where there is one; ERR_DATA when it is damaged or of another case or other
 * probes. simulate_run_close after it, on success and failure. */
enum status simulate_run_open(struct simulate_run *out, const struct flow_case *flow_case,
                              const struct simulation_options *options, const char *folder,
                              int64_t every, enum simulate_run_start start);
void simulate_run_close(struct simulate_run *run);

/* To the end. ERR_STOPPED tells whether --resume can go on, and from where. */
enum status simulate_run_compute(struct simulate_run *run);
