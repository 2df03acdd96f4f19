/* SPDX-License-Identifier: Apache-2.0
 *
 * One case before it is computed: bodies, Reynolds number, domain, numerics; and the rules by which
 * it is refused. Canvas units unless said. Drawing cases from distributions is case_draw.h's part.
 */
#pragma once

#include "body.h"
#include "error.h"
#include "frames.h"

#include <stdint.h>

enum { FLOW_CASE_BODIES = 8 };

enum flow_case_wall { FLOW_CASE_WALL_BOUZIDI, FLOW_CASE_WALL_HALFWAY };
enum flow_case_edge { FLOW_CASE_EDGE_SLIP, FLOW_CASE_EDGE_PERIODIC, FLOW_CASE_EDGE_NO_SLIP };

/* Numerics shared by all cases of a dataset. */
struct flow_case_numerics {
    char collision[32]; /* name in collision_list.h: "cumulant" (default), "trt", ... */
    enum flow_case_wall wall;
    enum flow_case_edge edge; /* top and bottom */
    int64_t refine;           /* r, 1..8 */
    int64_t entry;            /* canvas columns before the canvas; default 8 */
    int64_t sponge;           /* canvas columns behind it; default 16 */
    double ramp;              /* acoustic transits of the start-up, >= 2; default 2 */
    double kick;              /* transverse start-up kick / U; default 0.05 */
    double discard;           /* D / U between the end of the ramp and frame 0, >= 10 in datasets */
    int64_t frame_interval;   /* canvas steps; default 100 */
    int64_t frames;
};

struct flow_case {
    struct body_spec bodies[FLOW_CASE_BODIES];
    int64_t body_count;
    int64_t nx, ny; /* canvas */
    double reynolds;
    double speed;  /* U, <= 0.1 */
    uint64_t seed; /* of the kick, with `index` */
    int64_t index; /* number in its dataset */
    struct flow_case_numerics numerics;
};

/* Sensible values for everything but the bodies: canvas 64 x 64, Re 100, U 0.1, cumulant, Bouzidi,
 * slip, r = 4. */
void flow_case_defaults(struct flow_case *out);

/* Refuses (ERR_CONFIG) what would be unstable or wrong, with the reason and the value that would
 * do: U > 0.1, blockage > 0.35, a body touching a wall or the entry, a gap thinner than 3 cells,
 * tau out of the operator's range, refine outside 1..8, ... */
enum status flow_case_check(const struct flow_case *flow_case);

/* The facts of the case (length, viscosity, tau, blockage ...) for its frames. ERR_CONFIG as
 * body_create. */
enum status flow_case_describe(struct flow *out, const struct flow_case *flow_case);

/* Canvas steps from rest to frame 0 and in all; lattice cells of the solver's grid. */
int64_t flow_case_start_steps(const struct flow_case *flow_case);
int64_t flow_case_total_steps(const struct flow_case *flow_case);
int64_t flow_case_lattice_cells(const struct flow_case *flow_case);
