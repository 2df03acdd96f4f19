/* SPDX-License-Identifier: Apache-2.0 */
#include "lattice_refill.h"

#include "array.h"
#include "geometry.h"
#include "lattice_private.h"
#include "stencil.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct lattice_refill {
    unsigned char *fresh; /* [nx][ny]: 1 in cells that are to be filled */
    int64_t *cells;
    size_t count, room;
};

enum status lattice_refill_create(struct lattice_refill **out, int64_t cells)
{
    enum status status = OK;
    struct lattice_refill *refill = NULL;
    TRY(ARRAY_NEW(refill, 1));
    TRY_GOTO(ARRAY_NEW(refill->fresh, cells), cleanup);
    *out = refill;
    refill = NULL;
cleanup:
    lattice_refill_destroy(refill);
    return status;
}

void lattice_refill_destroy(struct lattice_refill *refill)
{
    if (refill == NULL)
        return;
    array_free(refill->fresh);
    free(refill->cells);
    array_free(refill);
}

enum status lattice_refill_note(struct lattice_refill *refill, int64_t cell)
{
    int64_t *grown =
        array_grow(refill->cells, &refill->room, refill->count + 1, sizeof *refill->cells);
    if (grown == NULL)
        return ERR_MEMORY;
    refill->cells = grown;
    refill->cells[refill->count++] = cell;
    refill->fresh[cell] = 1;
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
static void wall_at(double normal[2], double speed[2], const struct lattice *l,
                    const struct geometry *geometry, const struct link_motion *speeds, int64_t x,
                    int64_t y)
{
    const struct lattice_options *o = &l->options;
    const double step = 0.5 / o->scale;
    double px = ((double)x + 0.5) / o->scale - o->shift_x, py = ((double)y + 0.5) / o->scale;
    int64_t body;
    normal[0] = geometry_distance(NULL, geometry, px + step, py) -
                geometry_distance(NULL, geometry, px - step, py);
    normal[1] = geometry_distance(NULL, geometry, px, py + step) -
                geometry_distance(NULL, geometry, px, py - step);
    geometry_distance(&body, geometry, px, py);
    const struct body_spec *spec = body_get_spec(geometry_body(geometry, body));
    const struct link_motion *motion = &speeds[body];
    speed[0] = motion->u - motion->spin * (py - spec->y) * o->scale;
    speed[1] = motion->v + motion->spin * (px - spec->x) * o->scale;
}

static void fill(const struct lattice_refill *refill, struct lattice *l,
                 const struct geometry *geometry, const struct link_motion *speeds, int64_t x,
                 int64_t y)
{
    int64_t ny = l->options.ny;
    double normal[2], speed[2], density = 0, fluid = 0, best = -INFINITY;
    double near[STENCIL_Q] = {0}, field[3] = {1, 0, 0};
    wall_at(normal, speed, l, geometry, speeds, x, y);
    for (int i = 1; i < STENCIL_Q; i++) {
        double f[STENCIL_Q], seen[3];
        int64_t cell = (x + stencil_cx[i]) * ny + y + stencil_cy[i];
        double along = (stencil_cx[i] * normal[0] + stencil_cy[i] * normal[1]) /
                       sqrt(stencil_cx[i] * stencil_cx[i] + stencil_cy[i] * stencil_cy[i]);
        if (refill->fresh[cell] || l->solid[cell])
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

void lattice_refill_apply(struct lattice_refill *refill, struct lattice *lattice,
                          const struct geometry *geometry, const struct link_motion *speeds)
{
    int64_t ny = lattice->options.ny;
    for (size_t k = 0; k < refill->count; k++)
        fill(refill, lattice, geometry, speeds, refill->cells[k] / ny, refill->cells[k] % ny);
    for (size_t k = 0; k < refill->count; k++)
        refill->fresh[refill->cells[k]] = 0;
    refill->count = 0;
}
