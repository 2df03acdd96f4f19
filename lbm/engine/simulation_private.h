/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a simulation, for simulation*.c alone: simulation_setup.c makes it,
 * simulation_pace.c takes it through time, simulation.c hands over what comes of it. */
#pragma once

#include "flow_case_motion.h"
#include "lattice.h"
#include "probe_set.h"
#include "simulation.h"

struct simulation {
    struct flow_case flow_case;
    struct simulation_options options;
    struct flow flow;
    struct geometry *geometry; /* the bodies where the lattice has them */
    struct lattice *lattice;
    struct restriction *restriction;
    enum flow_case_motion_kind motion;
    int64_t nx, ny, entry; /* of the lattice */
    float *sdf;            /* [flow.nx][flow.ny], of the last frame */
    unsigned char *mask;
    float *frame;   /* [FRAME_FIELDS][flow.nx][flow.ny] */
    double *forces; /* [interval r][2]: Cd, Cl of the interval that ended last */
    double *loads;  /* NULL, or [interval r][bodies][SIMULATION_LOADS] of it */
    double *probed; /* NULL, or [samples][probes][SIMULATION_PROBED] of it */
    double drag, lift;
    double *tau;   /* [nx] of the lattice */
    double *state; /* [START_FIELDS][nx][ny] of the lattice, of the last frame that keeps one */
    double updates;
    int loaded; /* from a checkpoint, and not run since */
};

/* Checks the case and the probes and makes everything else of them. */
enum status simulation_setup_make(struct simulation *simulation);

/* What the probes need, as things are now. */
struct probe_set simulation_setup_probes(const struct simulation *simulation);

/* `steps` lattice steps on, nothing kept. */
enum status simulation_pace_lead(struct simulation *simulation, int64_t steps);

/* One frame interval on: forces, means, details where they are wanted; with
 * SIMULATION_PACE_KEEP_STATE the state at its end. */
enum simulation_pace_keeping { SIMULATION_PACE_FORGET_STATE, SIMULATION_PACE_KEEP_STATE };
enum status simulation_pace_interval(struct simulation *simulation,
                                     enum simulation_pace_keeping keeping);

/* Bodies, and with them sdf and mask of the canvas, to where the lattice has them. */
enum status simulation_pace_follow(const struct simulation *simulation);
