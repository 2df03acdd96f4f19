/* SPDX-License-Identifier: Apache-2.0 */
#include "plain_solver.h"

#include "array.h"
#include "plain_collide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define Q PLAIN_STENCIL_Q

static const double pi = 3.14159265358979323846;

static double *cell_of(const struct plain_solver *s, double *f, int64_t x, int64_t y)
{
    return f + (x * s->options.ny + y) * Q;
}

enum status plain_solver_create(struct plain_solver **out, const struct lattice_options *options)
{
    enum status status = OK;
    int64_t cells = options->nx * options->ny;
    struct plain_solver *s = calloc(1, sizeof *s);
    TRY_GOTO(s != NULL ? OK : FAIL(ERR_MEMORY, "no memory for the plain loop"), cleanup);
    s->options = *options;
    s->outlet_base = 1;
    TRY_GOTO(collision_find(&s->collision, options->collision), cleanup);
    TRY_GOTO(plain_bodies_init(&s->bodies, &s->options), cleanup);
    TRY_GOTO(ARRAY_NEW(s->now, cells * Q), cleanup);
    TRY_GOTO(ARRAY_NEW(s->next, cells * Q), cleanup);
    TRY_GOTO(ARRAY_NEW(s->seen, cells * START_FIELDS), cleanup);
    TRY_GOTO(ARRAY_NEW(s->loads, s->bodies.count * LATTICE_LOADS), cleanup);
    for (int64_t k = 0; k < cells * Q; k++)
        s->now[k] = plain_stencil_weight((int)(k % Q));
    *out = s;
    s = NULL;
cleanup:
    plain_solver_destroy(s);
    return status;
}

void plain_solver_destroy(struct plain_solver *s)
{
    if (s == NULL)
        return;
    plain_bodies_fini(&s->bodies);
    array_free(s->now);
    array_free(s->next);
    array_free(s->seen);
    array_free(s->loads);
    free(s);
}

/* How far the stream has risen at a step: half a cosine. */
static double rise(const struct plain_solver *s, int64_t step)
{
    double part = (double)step / s->options.inflow.ramp_steps;
    return s->options.inflow.ramp_steps > 0 && part < 1 ? 0.5 * (1 - cos(pi * part)) : 1;
}

/* The kick across it. */
static double kick(const struct plain_solver *s)
{
    double part = (double)s->step / s->options.inflow.ramp_steps;
    return part < 1 ? s->options.inflow.kick * 0.5 * (1 - cos(2 * pi * part)) : 0;
}

/* The body force along x: the option's, and what makes the whole stream rise with its inflow. */
static double force_x(const struct plain_solver *s)
{
    double push = s->options.inflow.speed * (rise(s, s->step + 1) - rise(s, s->step));
    return s->options.force_x + (s->options.ends == LATTICE_ENDS_OPEN ? push : 0);
}

/* Inflow speed over its mean, at height h of 0 to 1. */
static double profile(const struct inflow *inflow, double h)
{
    if (inflow->profile == INFLOW_UNIFORM)
        return 1;
    if (inflow->profile == INFLOW_PARABOLIC)
        return 6 * h * (1 - h);
    int64_t pieces = inflow->points - 1, piece = 0;
    double mean = 0;
    for (int64_t k = 0; k < pieces; k++) {
        mean += 0.5 * (inflow->table[k] + inflow->table[k + 1]) / (double)pieces;
        if (h * (double)pieces >= (double)k)
            piece = k;
    }
    double part = h * (double)pieces - (double)piece;
    return ((1 - part) * inflow->table[piece] + part * inflow->table[piece + 1]) / mean;
}

/* Bounced back by a wall of the lattice that moves with (u, v). */
static double reflected(const struct plain_solver *s, int64_t x, int64_t y, int i, double u,
                        double v)
{
    double cu = plain_stencil_cx(i) * u + plain_stencil_cy(i) * v;
    return cell_of(s, s->now, x, y)[plain_stencil_opposite(i)] + 6 * plain_stencil_weight(i) * cu;
}

/* u_in where the link crosses the plane x = -1/2, half-way along it. */
static double from_inflow(const struct plain_solver *s, int64_t x, int64_t y, int i)
{
    double height = ((double)y + 0.5 - 0.5 * plain_stencil_cy(i)) / (double)s->options.ny;
    double speed = s->options.inflow.speed * rise(s, s->step);
    return reflected(s, x, y, i, speed * profile(&s->options.inflow, height), kick(s));
}

/* The 4th-order equilibrium of rho_out and of the cell's velocity, as its populations carry it
 * after collision: with the whole force of that step, not half. */
static double from_outflow(const struct plain_solver *s, int64_t x, int64_t y, int i)
{
    struct plain_collide_flow flow = plain_collide_flow(cell_of(s, s->now, x, y), 0, 0);
    flow.rho = s->outlet_density;
    return plain_collide_product(i, &flow);
}

static double from_end(const struct plain_solver *s, int64_t x, int64_t y, int i)
{
    const struct lattice_options *o = &s->options;
    int left = plain_stencil_cx(i) > 0;
    if (o->ends == LATTICE_ENDS_OPEN)
        return left ? from_inflow(s, x, y, i) : from_outflow(s, x, y, i);
    int64_t from_y = y - plain_stencil_cy(i);
    int corner = o->bottom != BOUNDARY_EDGE_PERIODIC && (from_y < 0 || from_y >= o->ny);
    double speed = left ? o->left_speed : o->right_speed;
    return reflected(s, x, y, i, 0, corner ? 0 : speed);
}

/* Bottom or top. from_x: column that the population comes from. */
static double from_edge(struct plain_solver *s, int64_t from_x, int64_t x, int64_t y, int i)
{
    const struct lattice_options *o = &s->options;
    int up = plain_stencil_cy(i) > 0, back = plain_stencil_opposite(i);
    enum boundary_edge_kind kind = up ? o->bottom : o->top;
    double u = up ? o->bottom_speed : o->top_speed;
    if (kind == BOUNDARY_EDGE_PERIODIC)
        return cell_of(s, s->now, from_x, up ? o->ny - 1 : 0)[i];
    if (kind == BOUNDARY_EDGE_SLIP)
        return cell_of(s, s->now, from_x, y)[plain_stencil_mirror(i)];
    double enters = reflected(s, x, y, i, u, 0), leaves = cell_of(s, s->now, x, y)[back];
    double at_rest = plain_stencil_weight(i);
    s->edge[0] += (plain_stencil_cx(back) - u) * leaves - (plain_stencil_cx(i) - u) * enters;
    s->edge[1] +=
        plain_stencil_cy(back) * (leaves - at_rest) - plain_stencil_cy(i) * (enters - at_rest);
    return enters;
}

/* A link through a corner, which an end reflects: the wall above or below feels it as if it were
 * its own and at rest, but for the pressure along x. */
static void note_corner(struct plain_solver *s, int64_t x, int64_t y, int i)
{
    const struct lattice_options *o = &s->options;
    int back = plain_stencil_opposite(i);
    const double *here = cell_of(s, s->now, x, y);
    double weight = plain_stencil_weight(i), rho = 0;
    if ((plain_stencil_cy(i) > 0 ? o->bottom : o->top) != BOUNDARY_EDGE_NO_SLIP)
        return;
    for (int k = 0; k < Q; k++)
        rho += here[k];
    s->edge[0] += 2 * plain_stencil_cx(back) * (here[back] - weight * rho);
    s->edge[1] += 2 * plain_stencil_cy(back) * (here[back] - weight);
}

/* Off a body, and what that does to the body. */
static double from_body(struct plain_solver *s, int64_t x, int64_t y, int i)
{
    int to = plain_stencil_opposite(i), cx = plain_stencil_cx(to), cy = plain_stencil_cy(to);
    const struct plain_bodies_link wall = s->bodies.links[(x * s->options.ny + y) * Q + to];
    const double *here = cell_of(s, s->now, x, y);
    double q = wall.q, cu = cx * wall.u + cy * wall.v, push = 6 * plain_stencil_weight(i) * cu;
    double back =
        q < 0.5 ? 2 * q * here[to] + (1 - 2 * q) * cell_of(s, s->now, x - cx, y - cy)[to] - push
                : here[to] / (2 * q) + (2 * q - 1) / (2 * q) * here[i] - push / (2 * q);
    double px = (cx - wall.u) * here[to] - (-cx - wall.u) * back;
    double py = (cy - wall.v) * here[to] - (-cy - wall.v) * back;
    double *load = s->loads + LATTICE_LOADS * wall.body;
    load[0] += px;
    load[1] += py;
    load[2] += wall.half_x * py - wall.half_y * px;
    return back;
}

/* Population i that arrives at fluid cell (x, y) in this step. */
static double arriving(struct plain_solver *s, int64_t x, int64_t y, int i)
{
    const struct lattice_options *o = &s->options;
    int64_t from_x = x - plain_stencil_cx(i), from_y = y - plain_stencil_cy(i);
    if (o->ends == LATTICE_ENDS_PERIODIC)
        from_x = (from_x + o->nx) % o->nx;
    if (from_x < 0 || from_x >= o->nx) {
        if (from_y < 0 || from_y >= o->ny)
            note_corner(s, x, y, i);
        return from_end(s, x, y, i);
    }
    if (from_y < 0 || from_y >= o->ny)
        return from_edge(s, from_x, x, y, i);
    if (s->bodies.solid[from_x * o->ny + from_y])
        return from_body(s, x, y, i);
    return cell_of(s, s->now, from_x, from_y)[i];
}

/* Viscosity rises as the square of the way into the sponge, to 1/6 of a canvas cell. */
static double sponge(const struct plain_solver *s, int64_t x)
{
    const struct lattice_options *o = &s->options;
    double end = 0.5 + o->refine / 2, into = (double)(x + 1 - (o->nx - o->sponge));
    if (into <= 0 || end < o->tau)
        return o->tau;
    return o->tau + (end - o->tau) * pow(into / (double)o->sponge, 2);
}

static void look(double *seen, const double *f, double fx, double fy)
{
    struct plain_collide_flow flow = plain_collide_flow(f, fx, fy);
    double fields[START_FIELDS] = {[START_RHO] = flow.rho,
                                   [START_UX] = flow.u,
                                   [START_UY] = flow.v,
                                   [START_PXX] = -flow.rho / 3,
                                   [START_PYY] = -flow.rho / 3};
    for (int i = 0; i < Q; i++) {
        double cx = plain_stencil_cx(i), cy = plain_stencil_cy(i);
        fields[START_PXX] += cx * cx * f[i];
        fields[START_PXY] += cx * cy * f[i];
        fields[START_PYY] += cy * cy * f[i];
    }
    memcpy(seen, fields, sizeof fields);
}

static void step_cell(struct plain_solver *s, int64_t x, int64_t y, double fx)
{
    const struct lattice_options *o = &s->options;
    struct plain_collide_rates rates = {.tau = sponge(s, x),
                                        .magic = o->magic,
                                        .omega_bulk = o->bulk_rate,
                                        .fx = fx,
                                        .fy = o->force_y};
    double *f = cell_of(s, s->next, x, y);
    for (int i = 0; i < Q; i++)
        f[i] = arriving(s, x, y, i);
    look(s->seen + (x * o->ny + y) * START_FIELDS, f, fx, o->force_y);
    if (o->smagorinsky > 0)
        rates.tau = plain_collide_eddies(f, rates.tau, o->smagorinsky, fx, o->force_y);
    plain_collide(f, s->collision, &rates);
}

/* rho_out = base + (<u> - <u_in>) / c_s over the last column; <u_in> is the mean flux that the
 * inflow's links bring. The base gives way to the density measured. */
static void measure_outlet(struct plain_solver *s)
{
    const struct lattice_options *o = &s->options;
    double u = 0, excess = 0, flux = 0;
    for (int64_t y = 0; y < o->ny; y++) {
        struct plain_collide_flow flow = plain_collide_flow(cell_of(s, s->now, o->nx - 1, y), 0, 0);
        u += flow.u / (double)o->ny;
        excess += (flow.rho - 1) / (double)o->ny;
        for (int i = 0; i < Q; i++) {
            double height = ((double)y + 0.5 - 0.5 * plain_stencil_cy(i)) / (double)o->ny;
            if (plain_stencil_cx(i) > 0)
                flux += 6 * plain_stencil_weight(i) * profile(&o->inflow, height) / (double)o->ny;
        }
    }
    double in = flux * o->inflow.speed * rise(s, s->step);
    s->outlet_density = s->outlet_base + (u - in) * sqrt(3);
    s->outlet_base -= o->outflow_rate * excess;
}

enum status plain_solver_step(struct plain_solver *s)
{
    const struct lattice_options *o = &s->options;
    double fx = force_x(s);
    TRY(plain_bodies_move(&s->bodies, s->now));
    memset(s->loads, 0, (size_t)(s->bodies.count * LATTICE_LOADS) * sizeof *s->loads);
    s->edge[0] = s->edge[1] = 0;
    if (o->ends == LATTICE_ENDS_OPEN)
        measure_outlet(s);
    for (int64_t x = 0; x < o->nx; x++)
        for (int64_t y = 0; y < o->ny; y++)
            if (!s->bodies.solid[x * o->ny + y])
                step_cell(s, x, y, fx);
    double *swap = s->now;
    s->now = s->next;
    s->next = swap;
    s->step++;
    return OK;
}
