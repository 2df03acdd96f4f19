/* SPDX-License-Identifier: Apache-2.0
 *
 * A bare lattice: D2Q9 on nx x ny cells with a choice of operator, number type, boundaries, body
 * force and bodies, advanced a step at a time with forces and a guard against divergence. All
 * lattice units. One case with frames is simulation.h's part; verification flows use this. */
#pragma once

#include "body_course.h"
#include "boundary_kinds.h"
#include "error.h"
#include "inflow.h"
#include "link.h"
#include "row_kernel.h"

#include <stdint.h>

/* Left and right together. */
enum lattice_ends {
    LATTICE_ENDS_PERIODIC,
    LATTICE_ENDS_OPEN, /* inflow on the left, outflow on the right */
    LATTICE_ENDS_WALLS /* no-slip; corners rest */
};

struct lattice_options {
    int64_t nx, ny;
    enum row_number number;
    char collision[32]; /* name in collision_list.h */
    double tau;
    double magic;       /* Lambda of two-rate operators */
    double bulk_rate;   /* omega_b of cumulant, in (0, 2) */
    double smagorinsky; /* C_s of the eddy viscosity, 0 for none; see eddies_smagorinsky.h */
    enum lattice_ends ends;
    enum boundary_edge_kind bottom, top;
    double bottom_speed, top_speed;    /* of no-slip edges, along x */
    double left_speed, right_speed;    /* of no-slip ends, along y */
    double force_x, force_y;           /* body force per cell */
    struct inflow inflow;              /* open ends */
    double outflow_rate;               /* per step; see outflow.h */
    int64_t sponge;                    /* columns; see sponge.h */
    double refine;                     /* r of the sponge's end value */
    const struct geometry *geometry;   /* borrowed by create; NULL: no bodies */
    const struct body_course *courses; /* one for each body; NULL: all rest. Borrowed by create */
    double scale, shift_x;             /* where the lattice lies; see link.h */
    enum link_wall wall;
    int threads;    /* at most; with levels of 0, a small lattice is left to one */
    int64_t levels; /* steps of a sweep, 1..16; 0: as the cache likes it. No bit depends on it */
    enum row_isa isa;
};

struct lattice;

/* Periodic 64 x 64, float, cumulant, tau 0.8, no force, magic 3/16, bulk rate 1, no eddy viscosity,
 * one thread, best instruction set. */
void lattice_defaults(struct lattice_options *out);

/* At rest, rho = 1. ERR_CONFIG when a value is out of range or a body where it may not be
 * (lattice_place.c); ERR_UNSUPPORTED for the instruction set. */
enum status lattice_create(struct lattice **out, const struct lattice_options *options);
void lattice_destroy(struct lattice *lattice);

/* `steps` steps on. forces: [steps][2], force of the fluid on the bodies in each (may be NULL).
 * ERR_NUMERIC when the guard trips, which looks every LATTICE_GUARD_STEPS steps and at the end:
 * |u| > 0.55, a value that is not a number, or a mean density outside 1 +- 0.05; the message names
 * cell and step. |u| > 0.4 is a warning, once. */
enum { LATTICE_GUARD_STEPS = 32 };
enum status lattice_run(struct lattice *lattice, int64_t steps, double *forces);

/* What that message names; -1 before anything diverged. */
struct lattice_fault {
    int64_t x, y, step;
};
struct lattice_fault lattice_get_fault(const struct lattice *lattice);

/* The same, with each body's part: bodies is [steps][lattice_bodies][LATTICE_LOADS], F_x, F_y and
 * the torque about the (x, y) of the body's spec, counter-clockwise. The total of `forces` is their
 * sum, in order. */
enum { LATTICE_LOADS = 3 };
enum status lattice_run_bodies(struct lattice *lattice, int64_t steps, double *forces,
                               double *bodies);
int64_t lattice_bodies(const struct lattice *lattice);

/* Force of the fluid on the no-slip bottom and top together, in the last step. Exact between
 * periodic ends; else the links through the four corners, which the ends reflect, count as
 * lattice_wall.c says: the wall reaches to the corner, the pressure along x is the end's. */
void lattice_wall_force(double out[2], const struct lattice *lattice);

/* rho, ux, uy of one row, [ny] each; what bodies hold is meaningless. */
void lattice_row(double *rho, double *ux, double *uy, const struct lattice *lattice, int64_t x);

/* Relaxation time of column x. */
double lattice_tau(const struct lattice *lattice, int64_t x);

/* [nx][ny], 1 in bodies. Borrowed. */
const unsigned char *lattice_solid(const struct lattice *lattice);
int64_t lattice_fluid_cells(const struct lattice *lattice);
const char *lattice_isa(const struct lattice *lattice);

/* Threads that take part: as many as the options say, or one where more would only hinder. */
int lattice_threads(const struct lattice *lattice);

/* Steps done since rest. */
int64_t lattice_step(const struct lattice *lattice);

/* Sum of rho - 1 over fluid cells and the greatest |u|, as the guard sees them. */
void lattice_survey(double *mass, double *speed, const struct lattice *lattice);
