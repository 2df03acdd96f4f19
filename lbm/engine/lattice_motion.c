/* SPDX-License-Identifier: Apache-2.0 */
#include "lattice_motion.h"

#include "array.h"
#include "exact_math.h"
#include "geometry.h"
#include "lattice_private.h"
#include "stencil.h"

#include <math.h>
#include <string.h>

static const double degrees = 180 / EXACT_MATH_PI; /* of a radian */

static int outline_moves(const struct link_motion *motion, const struct body_spec *spec)
{
    int round = strcmp(spec->family, "circle") == 0;
    return motion->u != 0 || motion->v != 0 || (motion->spin != 0 && !round);
}

int lattice_motion_changes(const struct lattice *l)
{
    for (int64_t k = 0; l->motions != NULL && k < l->bodies; k++)
        if (outline_moves(&l->motions[k], body_get_spec(geometry_body(l->geometry, k))))
            return 1;
    return 0;
}

/* The bodies `steps` steps on from where `geometry` has them. */
static enum status place(struct geometry **out, const struct lattice *l,
                         const struct geometry *geometry, double steps)
{
    enum status status = OK;
    struct body_spec *specs = NULL;
    double unit = steps / l->options.scale;
    TRY(ARRAY_NEW(specs, l->bodies));
    for (int64_t k = 0; k < l->bodies; k++) {
        specs[k] = *body_get_spec(geometry_body(geometry, k));
        specs[k].x += l->motions[k].u * unit;
        specs[k].y += l->motions[k].v * unit;
        specs[k].angle = fmod(specs[k].angle + steps * l->motions[k].spin * degrees, 360);
    }
    status = geometry_create(out, specs, l->bodies);
    array_free(specs);
    return status;
}

static enum status check_place(const struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    const double margin = 2;
    double box[4];
    geometry_bounds(box, l->geometry);
    double left = (box[0] + o->shift_x) * o->scale, right = (box[1] + o->shift_x) * o->scale;
    double bottom = box[2] * o->scale, top = box[3] * o->scale;
    if (left < margin || right > (double)o->nx - margin || bottom < margin ||
        top > (double)o->ny - margin)
        return FAIL(ERR_CONFIG,
                    "at lattice step %lld a body has come within %g cells of the lattice's edge: "
                    "it spans %.2f to %.2f of %lld columns, %.2f to %.2f of %lld rows",
                    (long long)l->step, margin, left, right, (long long)o->nx, bottom, top,
                    (long long)o->ny);
    return OK;
}

enum status lattice_motion_begin(struct lattice *l)
{
    const struct lattice_options *o = &l->options;
    if (o->motions == NULL)
        return OK;
    TRY(ARRAY_NEW(l->motions, l->bodies));
    memcpy(l->motions, o->motions, (size_t)l->bodies * sizeof *l->motions);
    TRY(place(&l->geometry, l, o->geometry, 0));
    if (lattice_motion_changes(l))
        TRY(check_place(l));
    return OK;
}

void lattice_motion_poses(double *out, const struct lattice *l)
{
    for (int64_t k = 0; l->motions != NULL && k < l->bodies; k++) {
        const struct body_spec *spec = body_get_spec(geometry_body(l->geometry, k));
        out[LATTICE_MOTION_POSE * k] = spec->x;
        out[LATTICE_MOTION_POSE * k + 1] = spec->y;
        out[LATTICE_MOTION_POSE * k + 2] = spec->angle;
    }
}

enum status lattice_motion_set_poses(struct lattice *l, const double *poses)
{
    enum status status = OK;
    struct geometry *moved = NULL;
    struct body_spec *specs = NULL;
    if (l->motions == NULL)
        return OK;
    TRY(ARRAY_NEW(specs, l->bodies));
    for (int64_t k = 0; k < l->bodies; k++) {
        specs[k] = *body_get_spec(geometry_body(l->geometry, k));
        specs[k].x = poses[LATTICE_MOTION_POSE * k];
        specs[k].y = poses[LATTICE_MOTION_POSE * k + 1];
        specs[k].angle = poses[LATTICE_MOTION_POSE * k + 2];
    }
    TRY_GOTO(geometry_create(&moved, specs, l->bodies), cleanup);
    TRY_GOTO(lattice_private_place_bodies(l, moved), cleanup);
    geometry_destroy(l->geometry);
    l->geometry = moved;
    moved = NULL;
cleanup:
    geometry_destroy(moved);
    array_free(specs);
    return status;
}

static enum status move(struct lattice *l)
{
    struct geometry *moved = NULL;
    TRY(place(&moved, l, l->geometry, 1));
    geometry_destroy(l->geometry);
    l->geometry = moved;
    return OK;
}

/* What the nine populations of a cell hold: rho, u_x, u_y. */
static void macroscopic(double field[3], const double f[STENCIL_Q])
{
    double mass = 0, jx = 0, jy = 0;
    for (int i = 0; i < STENCIL_Q; i++) {
        mass += f[i];
        jx += stencil_cx[i] * f[i];
        jy += stencil_cy[i] * f[i];
    }
    field[0] = 1 + mass;
    field[1] = jx / field[0];
    field[2] = jy / field[0];
}

static void read_cell(double f[STENCIL_Q], const struct lattice *l, int64_t x, int64_t y)
{
    for (int i = 0; i < STENCIL_Q; i++)
        f[i] = lattice_private_get(l, x, y, i);
}

/* Outward normal of the nearest body at a cell's centre (not of unit length), and the velocity of
 * that body there. */
static void wall_at(double normal[2], double speed[2], const struct lattice *l, int64_t x,
                    int64_t y)
{
    const struct lattice_options *o = &l->options;
    const double step = 0.5 / o->scale;
    double px = ((double)x + 0.5) / o->scale - o->shift_x, py = ((double)y + 0.5) / o->scale;
    int64_t body;
    normal[0] = geometry_distance(NULL, l->geometry, px + step, py) -
                geometry_distance(NULL, l->geometry, px - step, py);
    normal[1] = geometry_distance(NULL, l->geometry, px, py + step) -
                geometry_distance(NULL, l->geometry, px, py - step);
    geometry_distance(&body, l->geometry, px, py);
    const struct body_spec *spec = body_get_spec(geometry_body(l->geometry, body));
    const struct link_motion *motion = &l->motions[body];
    speed[0] = motion->u - motion->spin * (py - spec->y) * o->scale;
    speed[1] = motion->v + motion->spin * (px - spec->x) * o->scale;
}

/* `solid`: of the step before. */
static void fill(struct lattice *l, const unsigned char *solid, int64_t x, int64_t y)
{
    int64_t ny = l->options.ny;
    double normal[2], speed[2], density = 0, fluid = 0, best = -INFINITY;
    double near[STENCIL_Q] = {0}, field[3] = {1, 0, 0};
    wall_at(normal, speed, l, x, y);
    for (int i = 1; i < STENCIL_Q; i++) {
        double f[STENCIL_Q], seen[3];
        int64_t cell = (x + stencil_cx[i]) * ny + y + stencil_cy[i];
        double along = (stencil_cx[i] * normal[0] + stencil_cy[i] * normal[1]) /
                       sqrt(stencil_cx[i] * stencil_cx[i] + stencil_cy[i] * stencil_cy[i]);
        if (solid[cell] || l->solid[cell])
            continue;
        read_cell(f, l, x + stencil_cx[i], y + stencil_cy[i]);
        macroscopic(seen, f);
        density += seen[0];
        fluid += 1;
        if (along > best) {
            best = along;
            memcpy(near, f, sizeof near);
            memcpy(field, seen, sizeof field);
        }
    }
    density = fluid > 0 ? density / fluid : 1;
    for (int i = 0; i < STENCIL_Q; i++) {
        double f = stencil_equilibrium(i, density, speed[0], speed[1]) - stencil_weight[i];
        if (fluid > 0)
            f = near[i] + (stencil_equilibrium(i, density, speed[0], speed[1]) -
                           stencil_equilibrium(i, field[0], field[1], field[2]));
        lattice_private_put(l, x, y, i, f);
    }
}

enum status lattice_motion_advance(struct lattice *l)
{
    enum status status = OK;
    unsigned char *solid = NULL;
    int64_t ny = l->options.ny, cells = l->options.nx * ny;
    TRY_GOTO(ARRAY_NEW(solid, cells), cleanup);
    memcpy(solid, l->solid, (size_t)cells);
    TRY_GOTO(move(l), cleanup);
    TRY_GOTO(check_place(l), cleanup);
    TRY_GOTO(lattice_private_place_bodies(l, l->geometry), cleanup);
    for (int64_t cell = 0; cell < cells; cell++)
        if (solid[cell] && !l->solid[cell])
            fill(l, solid, cell / ny, cell % ny);
cleanup:
    array_free(solid);
    return status;
}
