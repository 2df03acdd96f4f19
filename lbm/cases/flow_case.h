/* SPDX-License-Identifier: Apache-2.0
 *
 * One case before it is computed: bodies, Reynolds number, domain, numerics; and the rules by which
 * it is refused. Canvas units unless said. Drawing cases from distributions is case_draw.h's part.
 *
 * The solver's lattice at refinement r has the same velocity U and r times the cells: D_r = r D,
 * nu_r = r nu, tau_r = 1/2 + 3 r nu, and r steps for each canvas step. */
#pragma once

#include "body.h"
#include "error.h"
#include "flow_case_fault.h"
#include "frames.h"

#include <stdint.h>

struct geometry;

enum { FLOW_CASE_BODIES = 8, FLOW_CASE_REFINE_MAX = 8 };

/* Free cells that the rules ask for: between bodies and to every edge of the canvas; and the
 * solver cells that a body's projection must have. */
enum { FLOW_CASE_CLEARANCE = 3, FLOW_CASE_SOLVER_CELLS = 4 };

#define FLOW_CASE_SPEED_MIN 1e-4
#define FLOW_CASE_SPEED_MAX 0.1
#define FLOW_CASE_BLOCKAGE_MAX 0.35

enum flow_case_wall { FLOW_CASE_WALL_BOUZIDI, FLOW_CASE_WALL_HALFWAY };
enum flow_case_edge { FLOW_CASE_EDGE_SLIP, FLOW_CASE_EDGE_PERIODIC, FLOW_CASE_EDGE_NO_SLIP };
enum flow_case_profile {
    FLOW_CASE_PROFILE_UNIFORM,
    FLOW_CASE_PROFILE_PARABOLIC,
    FLOW_CASE_PROFILE_TABLE
};

enum { FLOW_CASE_TABLE = 64 };
#define FLOW_CASE_PEAK_MAX 0.15 /* fastest place of the inflow: that of a parabola at U = 0.1 */
#define FLOW_CASE_WALL_SPEED_MAX 0.2
#define FLOW_CASE_HEAD_MAX 0.05 /* density that a body force may pile up from end to end */
#define FLOW_CASE_MAGIC (3.0 / 16)
#define FLOW_CASE_WITH_STREAM                                                                      \
    (-1000.0) /* a motion's begin: at rest, and rising with the stream                             \
               */
#define FLOW_CASE_RISE_MIN 0.25

/* Numerics shared by all cases of a dataset. */
struct flow_case_numerics {
    char collision[32]; /* name in collision_list.h: "cumulant" (default), "trt", ... */
    enum flow_case_wall wall;
    double bulk_rate;               /* omega_b, 0.01..1.99: cumulant alone; default 1 */
    double magic;                   /* Lambda, 1e-4..1: trt alone; default 3/16 */
    double smagorinsky;             /* C_s of the eddy viscosity, 0..0.5; default 0, none */
    enum flow_case_edge edge;       /* top and bottom */
    double bottom_speed, top_speed; /* of no-slip edges, along x, from the first step / U */
    double force_x, force_y;        /* body force on unit mass from the first step / (U^2 / D) */
    enum flow_case_profile profile; /* of the inflow; its mean over the height is U */
    double table[FLOW_CASE_TABLE];  /* PROFILE_TABLE: speeds >= 0 at evenly spaced heights, bottom
                                       to top, linear between; only their shape counts */
    int64_t table_count;            /* 2 or more of it; 0 for other profiles */
    int64_t refine;                 /* r, 1..8 */
    int64_t entry;                  /* canvas columns before the canvas, 4..512; default 8 */
    int64_t sponge;                 /* canvas columns behind it, 12..512; default 16 */
    double ramp;                    /* acoustic transits of the start-up, 2..100; default 2 */
    double kick;                    /* transverse start-up kick / U, 0..0.5; default 0.05 */
    double discard;         /* D / U between the end of the ramp and frame 0, 0..1000 (>= 10 in
                               datasets); default 10 */
    int64_t frame_interval; /* canvas steps; default 100 */
    int64_t frames;         /* default 30 */
};

/* How a body moves by itself; all 0: it rests. */
struct flow_case_motion {
    double u, v;  /* velocity of its place / U, -1..1 */
    double spin;  /* omega D / (2 U), counter-clockwise: the surface speed / U of a circle of
                     diameter D */
    double begin; /* D / U after frame 0; where that is before the flow's own beginning, the body
                     rises with the stream */
    double
        rise; /* D / U from rest to full speed, by a half cosine; not looked at with the stream */
};

struct flow_case {
    struct body_spec bodies[FLOW_CASE_BODIES]; /* vertices of polygons are borrowed */
    struct flow_case_motion motions[FLOW_CASE_BODIES];
    int64_t body_count;
    int64_t nx, ny; /* canvas */
    double reynolds;
    double speed;  /* U, 1e-4..0.1 */
    uint64_t seed; /* of the kick */
    int64_t index; /* number in its dataset; a name, no part of the flow */
    struct flow_case_numerics numerics;
};

/* Sensible values for everything but the bodies: canvas 64 x 64, Re 100, U 0.1, cumulant, Bouzidi,
 * slip, r = 4. */
void flow_case_defaults(struct flow_case *out);

/* Refuses (ERR_CONFIG) what would be unstable or wrong, with the reason and the value that would
 * do: U > 0.1, blockage > 0.35, a body nearer than FLOW_CASE_CLEARANCE to an edge of the canvas
 * (walls above and below, entry and sponge before and behind), bodies that overlap or leave a gap
 * thinner than that, an unknown collision operator, tau below the operator's limit
 * (collision_tau_min), refine outside 1..8, a body whose motion breaks one of these rules later on
 * (flow_case_motion.h), ... No body at all is allowed: a free stream, whose D
 * is the height. */
enum status flow_case_check(const struct flow_case *flow_case);

/* BRIEF: where bodies are too near, the message does not say which place would do, which takes
 * longer than the check. */
enum flow_case_advice { FLOW_CASE_ADVICE_FULL, FLOW_CASE_ADVICE_BRIEF };

/* The same, and when ERR_CONFIG is returned, in `fault` the rule that was broken first and where.
 */
enum status flow_case_check_fault(struct flow_case_fault *fault, const struct flow_case *flow_case,
                                  enum flow_case_advice advice);

/* The facts of the case (length, viscosity, tau, blockage ...) for its frames; family: each body's
 * label once, "circle+triangle". ERR_CONFIG as body_create; the rules are flow_case_check's. */
enum status flow_case_describe(struct flow *out, const struct flow_case *flow_case);

/* The case's bodies; the caller destroys them. ERR_CONFIG as geometry_create. */
enum status flow_case_geometry(struct geometry **out, const struct flow_case *flow_case);

/* 1 when a flow of these numerics that is mirrored across the stream is one of them too: the inflow
 * is the same from top to bottom, and so are the speeds of bottom and top. The bodies and the kick
 * do not count: they are mirrored with it. */
int flow_case_mirrors(const struct flow_case_numerics *numerics);

/* Of a case that flow_case_check accepts. Canvas steps of the ramp (acoustic transits of entry,
 * canvas and sponge at c_s = 1/sqrt(3), rounded up); from rest to frame 0 (ramp, then `discard` D /
 * U, rounded up to whole frame intervals); in all. Cells of the solver's grid, entry and sponge
 * included. */
int64_t flow_case_ramp_steps(const struct flow_case *flow_case);
int64_t flow_case_start_steps(const struct flow_case *flow_case);
int64_t flow_case_total_steps(const struct flow_case *flow_case);
int64_t flow_case_lattice_cells(const struct flow_case *flow_case);
