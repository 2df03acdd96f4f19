/* SPDX-License-Identifier: Apache-2.0 */
#include "plain_bodies.h"

#include "array.h"
#include "geometry.h"
#include "plain_collide.h"

#include <math.h>
#include <string.h>

#define Q PLAIN_STENCIL_Q

static double canvas_x(const struct plain_bodies *b, double x)
{
    return (x + 0.5) / b->options->scale - b->options->shift_x;
}

static double canvas_y(const struct plain_bodies *b, double y)
{
    return (y + 0.5) / b->options->scale;
}

static int is_fluid(const struct plain_bodies *b, const unsigned char *solid, int64_t x, int64_t y)
{
    const struct lattice_options *o = b->options;
    return x >= 0 && x < o->nx && y >= 0 && y < o->ny && !solid[x * o->ny + y];
}

/* Half-way where asked for, and where interpolation would need a cell that is no fluid. */
static double distance_to_wall(const struct plain_bodies *b, int64_t x, int64_t y, int i)
{
    int cx = plain_stencil_cx(i), cy = plain_stencil_cy(i);
    if (b->options->wall == LINK_HALFWAY)
        return 0.5;
    double q = geometry_crossing(b->geometry, canvas_x(b, (double)x), canvas_y(b, (double)y),
                                 canvas_x(b, (double)(x + cx)), canvas_y(b, (double)(y + cy)));
    return q < 0.5 && !is_fluid(b, b->solid, x - cx, y - cy) ? 0.5 : q;
}

/* The velocity of a body at a place of the lattice, in cells from the centre of cell (0, 0); and
 * that place from the body's centre. */
static void velocity_at(double speed[2], double arm[2], const struct plain_bodies *b, int64_t body,
                        double x, double y)
{
    const struct body_spec *spec = body_get_spec(geometry_body(b->geometry, body));
    static const struct body_course rest = {.u = 0};
    const struct body_course *motion =
        b->options->courses != NULL ? &b->options->courses[body] : &rest;
    arm[0] = (canvas_x(b, x) - spec->x) * b->options->scale;
    arm[1] = (canvas_y(b, y) - spec->y) * b->options->scale;
    speed[0] = motion->u - motion->spin * arm[1];
    speed[1] = motion->v + motion->spin * arm[0];
}

static struct plain_bodies_link link_at(const struct plain_bodies *b, int64_t x, int64_t y, int i)
{
    struct plain_bodies_link link = {.q = distance_to_wall(b, x, y, i)};
    double cx = plain_stencil_cx(i), cy = plain_stencil_cy(i), arm[2], speed[2];
    double at_x = (double)x, at_y = (double)y;
    geometry_distance(&link.body, b->geometry, canvas_x(b, at_x + cx), canvas_y(b, at_y + cy));
    velocity_at(speed, arm, b, link.body, at_x + 0.5 * cx, at_y + 0.5 * cy);
    link.half_x = arm[0];
    link.half_y = arm[1];
    velocity_at(speed, arm, b, link.body, at_x + link.q * cx, at_y + link.q * cy);
    link.u = speed[0];
    link.v = speed[1];
    return link;
}

static void place(struct plain_bodies *b)
{
    static const struct plain_bodies_link none = {.q = 0};
    int64_t nx = b->options->nx, ny = b->options->ny;
    for (int64_t x = 0; x < nx; x++)
        for (int64_t y = 0; y < ny; y++)
            b->solid[x * ny + y] = geometry_distance(NULL, b->geometry, canvas_x(b, (double)x),
                                                     canvas_y(b, (double)y)) < 0;
    for (int64_t x = 0; x < nx; x++)
        for (int64_t y = 0; y < ny; y++)
            for (int i = 0; i < Q; i++) {
                int64_t to_x = x + plain_stencil_cx(i), to_y = y + plain_stencil_cy(i);
                int inside = to_x >= 0 && to_x < nx && to_y >= 0 && to_y < ny;
                int linked = inside && !b->solid[x * ny + y] && b->solid[to_x * ny + to_y];
                b->links[(x * ny + y) * Q + i] = linked ? link_at(b, x, y, i) : none;
            }
}

/* The bodies `steps` steps after where `from` has them. */
static enum status make_geometry(struct geometry **out, const struct plain_bodies *b,
                                 const struct geometry *from, double steps)
{
    enum status status = OK;
    struct body_spec *specs = NULL;
    TRY(ARRAY_NEW(specs, b->count));
    for (int64_t k = 0; k < b->count; k++) {
        specs[k] = *body_get_spec(geometry_body(from, k));
        if (b->options->courses != NULL) {
            const struct body_course *motion = &b->options->courses[k];
            specs[k].x += motion->u * steps / b->options->scale;
            specs[k].y += motion->v * steps / b->options->scale;
            if (strcmp(specs[k].family, "circle") != 0) /* one that turns is the same one */
                specs[k].angle =
                    fmod(specs[k].angle + motion->spin * steps * (180 / acos(-1)), 360);
        }
    }
    status = geometry_create(out, specs, b->count);
    array_free(specs);
    return status;
}

enum status plain_bodies_init(struct plain_bodies *out, const struct lattice_options *options)
{
    enum status status = OK;
    struct plain_bodies bodies = {.options = options};
    TRY_GOTO(ARRAY_NEW(bodies.solid, options->nx * options->ny), cleanup);
    TRY_GOTO(ARRAY_NEW(bodies.before, options->nx * options->ny), cleanup);
    TRY_GOTO(ARRAY_NEW(bodies.links, options->nx * options->ny * Q), cleanup);
    if (options->geometry != NULL) {
        bodies.count = geometry_count(options->geometry);
        TRY_GOTO(make_geometry(&bodies.geometry, &bodies, options->geometry, 0), cleanup);
        place(&bodies);
    }
    *out = bodies;
    bodies = (struct plain_bodies){0};
cleanup:
    plain_bodies_fini(&bodies);
    return status;
}

void plain_bodies_fini(struct plain_bodies *bodies)
{
    geometry_destroy(bodies->geometry);
    array_free(bodies->solid);
    array_free(bodies->before);
    array_free(bodies->links);
}

/* Which way is out: the gradient of the distance. */
static void normal_at(double normal[2], const struct plain_bodies *b, int64_t x, int64_t y)
{
    double px = canvas_x(b, (double)x), py = canvas_y(b, (double)y), h = 0.5 / b->options->scale;
    normal[0] = geometry_distance(NULL, b->geometry, px + h, py) -
                geometry_distance(NULL, b->geometry, px - h, py);
    normal[1] = geometry_distance(NULL, b->geometry, px, py + h) -
                geometry_distance(NULL, b->geometry, px, py - h);
}

/* lattice_refill.h's rule: the equilibrium of the wall's velocity and the neighbours' mean density,
 * and the non-equilibrium of the neighbour that lies most nearly along the normal. */
static void fill(const struct plain_bodies *b, double *f, int64_t x, int64_t y)
{
    int64_t ny = b->options->ny, body;
    double normal[2], speed[2], arm[2], density = 0, best = -INFINITY;
    int neighbours = 0, along = 0;
    normal_at(normal, b, x, y);
    for (int i = 0; i < Q; i++) {
        int cx = plain_stencil_cx(i), cy = plain_stencil_cy(i);
        int64_t cell = (x + cx) * ny + y + cy;
        if ((cx == 0 && cy == 0) || b->before[cell] || b->solid[cell])
            continue;
        double cosine = (cx * normal[0] + cy * normal[1]) / sqrt(cx * cx + cy * cy);
        density += plain_collide_flow(f + cell * Q, 0, 0).rho;
        neighbours++;
        if (cosine > best) {
            best = cosine;
            along = i;
        }
    }
    geometry_distance(&body, b->geometry, canvas_x(b, (double)x), canvas_y(b, (double)y));
    velocity_at(speed, arm, b, body, (double)x, (double)y);
    const double *near = f + ((x + plain_stencil_cx(along)) * ny + y + plain_stencil_cy(along)) * Q;
    struct plain_collide_flow there = plain_collide_flow(near, 0, 0);
    struct plain_collide_flow here = {density / neighbours, speed[0], speed[1]};
    for (int i = 0; i < Q; i++)
        f[(x * ny + y) * Q + i] =
            plain_collide_product(i, &here) + near[i] - plain_collide_product(i, &there);
}

static int outlines_move(const struct plain_bodies *b)
{
    for (int64_t k = 0; b->options->courses != NULL && k < b->count; k++) {
        const struct body_course *motion = &b->options->courses[k];
        int round = strcmp(body_get_spec(geometry_body(b->geometry, k))->family, "circle") == 0;
        if (motion->u != 0 || motion->v != 0 || (motion->spin != 0 && !round))
            return 1;
    }
    return 0;
}

enum status plain_bodies_move(struct plain_bodies *b, double *f)
{
    int64_t nx = b->options->nx, ny = b->options->ny;
    struct geometry *moved = NULL;
    if (!outlines_move(b))
        return OK;
    b->steps++;
    TRY(make_geometry(&moved, b, b->options->geometry, (double)b->steps));
    geometry_destroy(b->geometry);
    b->geometry = moved;
    memcpy(b->before, b->solid, (size_t)(nx * ny));
    place(b);
    for (int64_t x = 0; x < nx; x++)
        for (int64_t y = 0; y < ny; y++)
            if (b->before[x * ny + y] && !b->solid[x * ny + y])
                fill(b, f, x, y);
    return OK;
}
