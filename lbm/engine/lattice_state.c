/* SPDX-License-Identifier: Apache-2.0 */
#include "lattice_state.h"

#include "lattice_private.h"
#include "stencil.h"

#include <string.h>

/* f_i(x, y) before collision lies in the slot from which it is pulled. */
static double read_number(const struct lattice *l, int64_t x, int64_t y, int i)
{
    return lattice_private_get(l, l->before, x - stencil_cx[i], y - stencil_cy[i], i);
}

static void get_cell(double field[START_FIELDS], const struct lattice *l, int64_t x, int64_t y)
{
    double f[STENCIL_Q], mass = 0;
    double jx = 0.5 * lattice_private_force_x(l, l->step - 1), jy = 0.5 * l->options.force_y;
    double xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < STENCIL_Q; i++) {
        double cx = stencil_cx[i], cy = stencil_cy[i];
        f[i] = read_number(l, x, y, i);
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

void lattice_state_get(double *values, const struct lattice *lattice)
{
    static const double rest[START_FIELDS] = {1, 0, 0, 0, 0, 0};
    int64_t ny = lattice->options.ny, cells = lattice->options.nx * ny;
    for (int64_t cell = 0; cell < cells; cell++) {
        double field[START_FIELDS];
        if (lattice->solid[cell])
            memcpy(field, rest, sizeof field);
        else
            get_cell(field, lattice, cell / ny, cell % ny);
        for (int k = 0; k < START_FIELDS; k++)
            values[k * cells + cell] = field[k];
    }
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
        lattice_private_put(l, l->before, x - stencil_cx[i], y - stencil_cy[i], i,
                            f - stencil_weight[i]);
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
    /* Before collision the populations lie in the slots they are pulled from: a sweep without
     * boundaries collides them. */
    for (int64_t x = 0; x < nx; x++) {
        struct row_task task;
        lattice_private_task(&task, lattice, lattice->before, lattice->now, x, step - 1);
        lattice_private_sweep(lattice, &task);
    }
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
