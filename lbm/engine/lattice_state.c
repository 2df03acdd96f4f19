/* SPDX-License-Identifier: Apache-2.0 */
#include "lattice_state.h"

#include "lattice_private.h"
#include "stencil.h"

#include <string.h>

static void get_cell(double field[START_FIELDS], const struct lattice *l,
                     const struct row_task *task, int64_t y, double force_x)
{
    double f[STENCIL_Q], mass = 0;
    double jx = 0.5 * force_x, jy = 0.5 * l->options.force_y;
    double xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < STENCIL_Q; i++) {
        double cx = stencil_cx[i], cy = stencil_cy[i];
        const void *row = task->from;
        int64_t at = i * l->line + y - stencil_cy[i] - stencil_cx[i] * l->row;
        f[i] = l->options.number == ROW_FLOAT ? (double)((const float *)row)[at]
                                              : ((const double *)row)[at];
        mass += f[i];
        jx += cx * f[i];
        jy += cy * f[i];
        xx += cx * cx * f[i];
        xy += cx * cy * f[i];
        yy += cy * cy * f[i];
    }
    field[START_RHO] = 1 + mass;
    field[START_UX] = jx / (1 + mass);
    field[START_UY] = jy / (1 + mass);
    field[START_PXX] = xx - mass / 3;
    field[START_PXY] = xy;
    field[START_PYY] = yy - mass / 3;
}

void lattice_state_look(double *values, const struct lattice *l, const struct row_task *task,
                        int64_t x, int64_t step)
{
    static const double rest[START_FIELDS] = {1, 0, 0, 0, 0, 0};
    int64_t ny = l->options.ny, cells = l->options.nx * ny;
    double force_x = lattice_private_force_x(l, step);
    for (int64_t cell = x * ny; cell < (x + 1) * ny; cell++) {
        double field[START_FIELDS];
        if (l->solid[cell])
            memcpy(field, rest, sizeof field);
        else
            get_cell(field, l, task, cell - x * ny, force_x);
        for (int k = 0; k < START_FIELDS; k++)
            values[k * cells + cell] = field[k];
    }
}

void lattice_state_watch(struct lattice *lattice, double *values)
{
    lattice->watch = values;
}

/* f_i(x, y) before collision lies in the slot from which it is pulled; across periodic ends that
 * is the one at the other end. */
static void put_pulled(const struct lattice *l, int64_t x, int64_t y, int i, double value)
{
    int64_t from = x - stencil_cx[i], nx = l->options.nx;
    if (l->options.ends == LATTICE_ENDS_PERIODIC)
        from = (from + nx) % nx;
    lattice_private_put(l, from, y - stencil_cy[i], i, value);
}

static void set_cell(const struct lattice *l, const double field[START_FIELDS], int64_t x,
                     int64_t y)
{
    double rho = field[START_RHO], ux = field[START_UX], uy = field[START_UY];
    double sxx = field[START_PXX] - rho * ux * ux, sxy = field[START_PXY] - rho * ux * uy;
    double syy = field[START_PYY] - rho * uy * uy;
    double force_x = lattice_private_force_x(l, l->step - 1);
    for (int i = 0; i < STENCIL_Q; i++) {
        /* The force's half step is part of u, not of the populations. */
        double push = -0.5 * 3 * stencil_weight[i] *
                      (stencil_cx[i] * force_x + stencil_cy[i] * l->options.force_y);
        double f = stencil_equilibrium(i, rho, ux, uy) + stencil_stress(i, sxx, sxy, syy) + push;
        put_pulled(l, x, y, i, f - stencil_weight[i]);
    }
}

void lattice_state_set(struct lattice *lattice, const double *values, int64_t step)
{
    int64_t nx = lattice->options.nx, ny = lattice->options.ny, cells = nx * ny;
    lattice->step = step;
    for (int64_t cell = 0; cell < cells; cell++) {
        double field[START_FIELDS];
        for (int k = 0; k < START_FIELDS; k++)
            field[k] = values[k * cells + cell];
        if (!lattice->solid[cell])
            set_cell(lattice, field, cell / ny, cell % ny);
    }
    /* A sweep without boundaries collides what lies in the slots. */
    double force_x = lattice_private_force_x(lattice, step - 1);
    int64_t way = lattice_private_way(lattice, 1), to = lattice->base + LATTICE_SHIFT * way;
    if (lattice->options.ends == LATTICE_ENDS_PERIODIC)
        lattice_private_close_ring(lattice);
    for (int64_t row = 0; row < nx; row++) {
        struct row_group group = {.rows = 1, .way = 1};
        int64_t x = way < 0 ? row : nx - 1 - row;
        lattice_private_task(&group.first, lattice, lattice->base, to, x, force_x);
        if (lattice->watch != NULL)
            lattice_state_look(lattice->watch, lattice, &group.first, x, step - 1);
        lattice_private_sweep(lattice, &group);
    }
    lattice->base = to;
    lattice->watch = NULL;
    lattice->health = LATTICE_WELL;
}

double lattice_state_outlet(const struct lattice *lattice)
{
    return lattice->outflow.base;
}

void lattice_state_set_outlet(struct lattice *lattice, double base)
{
    lattice->outflow.base = base;
}
