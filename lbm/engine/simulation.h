/* SPDX-License-Identifier: Apache-2.0
 *
 * One case computed: a lattice at refinement r from rest (or from another run's state) through its
 * frames. For bare lattices with other boundaries (verification flows) see lattice.h. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "flow_case.h"
#include "frame_sink.h"
#include "row_isa.h"
#include "start_state.h"
#include "stop.h"

#include <stdint.h>

enum { SIMULATION_STARTS = 64, SIMULATION_PROBES = 64 };

/* What is told of each body in each step, and of each probe in each sample. */
enum { SIMULATION_LOADS = 3, SIMULATION_PROBED = 3 };

/* Of which frames simulation_state can tell. */
enum simulation_states { SIMULATION_STATES_STARTS, SIMULATION_STATES_ALL };

/* What a frame does not hold, of the interval that ends with it. Borrowed for the call. */
struct simulation_details {
    int64_t frame;       /* 1, 2, ... */
    const double *loads; /* [steps][bodies][SIMULATION_LOADS]: Cd, Cl and Cm = 2 T / (rho U^2 D^2)
                            of each body, T the torque about its centre, counter-clockwise */
    int64_t steps, bodies;
    const double *probes; /* [samples][probes][SIMULATION_PROBED]: Cp = 2 (p - p_0) / (rho U^2), p_0
                             that of rho = 1, and u / U, v / U at the end of each probe interval;
                             no numbers while a body is there */
    int64_t samples;
};

struct simulation_options {
    int threads;                             /* for this one case; 1 in ensembles */
    int64_t start_frames[SIMULATION_STARTS]; /* frames at which a start state goes to the sink,
                                                ascending */
    int64_t start_count;
    enum simulation_states states;
    enum row_isa isa;        /* 0: the best there is; the bits are the same with any */
    const struct stop *stop; /* kept; must outlive; may be NULL */
    /* Called now and then with the canvas steps done and in all; may be NULL. */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *progress_context;
    double probes[SIMULATION_PROBES][2]; /* places on the canvas, in cells; lattice_probe.h */
    int64_t probe_count;
    int64_t probe_interval; /* canvas steps; frame_interval is a multiple of it */
    /* Called before each frame but frame 0 goes to the sink; may be NULL. No bit of frames or
     * forces depends on it. */
    enum status (*details)(void *context, const struct simulation_details *details);
    void *details_context;
};

struct simulation;

/* Checks the case (flow_case_check) and probes (outside the canvas, or in a body: ERR_CONFIG with
 * the place that would do), builds lattice and links. */
enum status simulation_create(struct simulation **out, const struct flow_case *flow_case,
                              const struct simulation_options *options);
void simulation_destroy(struct simulation *simulation);

/* From rest, or from the frame after a checkpoint, to the last frame; `sink` begins and ends in
 * either case, and gets the frames of this run. ERR_NUMERIC (cell, step and what was seen) when it
 * diverged, ERR_STOPPED when asked. */
enum status simulation_run(struct simulation *simulation, struct frame_sink *sink);

/* Where and when it diverged. */
struct case_failure simulation_failure(const struct simulation *simulation);

/* The populations in a file, and back: the run goes on to the bit with any number of threads
 * (lattice_checkpoint.h). Saved while a sink takes a frame, so that simulation_run goes on with the
 * next one. ERR_IO; ERR_DATA when the file is damaged or of another case. */
enum status simulation_save(const struct simulation *simulation, const char *path);
enum status simulation_load(struct simulation *simulation, const char *path);

/* The frame that comes next, from rest or after a frame; negative between frames. */
int64_t simulation_next_frame(const struct simulation *simulation);

/* Puts the lattice into another run's instant (overlap-weighted restriction or prolongation,
 * equilibrium plus first-order non-equilibrium, moments scaled by (tau_2 r_1) / (tau_1 r_2)).
 * ERR_UNSUPPORTED where bodies change their place. */
enum status simulation_restart(struct simulation *simulation, const struct start_state *state);

/* One frame interval on; writes the canvas frame [FRAME_FIELDS][nx][ny], and mean Cd, Cl (may be
 * NULL). */
enum status simulation_advance(struct simulation *simulation, float *frame, double *drag,
                               double *lift);

/* The present canvas frame. */
void simulation_frame(const struct simulation *simulation, float *frame);
/* The state of the last frame that was a start frame, or of the last one where the options keep all
 * (the caller destroys it). */
enum status simulation_state(struct start_state **out, const struct simulation *simulation,
                             int64_t frame_index);

const struct flow *simulation_flow(const struct simulation *simulation);
/* [nx][ny] of the canvas; where bodies move, of the last frame (of rest before any). Borrowed. */
const float *simulation_sdf(const struct simulation *simulation);

/* Lattice updates done so far (all cells counted), for rates. */
double simulation_updates(const struct simulation *simulation);
