/* SPDX-License-Identifier: Apache-2.0
 *
 * DFG benchmark 2D-1 (Schaefer and Turek 1996): cylinder in a channel 2.2 x 0.41, D = 0.1 at
 * (0.2, 0.2), parabolic inflow, no-slip walls, Re 20 with the mean velocity. Verification mode. */
#include "geometry.h"
#include "lattice.h"
#include "outflow.h"
#include "physics_reference.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct channel_result {
    double drag, lift, pressure, wake;
};

/* Value at the surface point half a cell beyond the nearest of three cells, `step` apart. */
static double at_surface(const double *line, int64_t nearest, int64_t step)
{
    return 1.875 * line[nearest] - 1.25 * line[nearest + step] + 0.375 * line[nearest + 2 * step];
}

/* D cells per diameter; `steps` to steady state. */
static struct channel_result run_channel(int64_t d, int64_t steps)
{
    const double speed = 0.1 / 1.5, cells = (double)d, nu = speed * cells / 20;
    int64_t nx = 22 * d, ny = (int64_t)lround(4.1 * cells), axis = 2 * d;
    struct body_spec circle = {
        .family = "circle", .x = 2 * cells, .y = 2 * cells, .size = cells, .aspect = 1};
    struct geometry *geometry = NULL;
    struct lattice *lattice = NULL;
    struct lattice_options o;
    double *row = calloc((size_t)(3 * ny + 2 * nx), sizeof *row), force[2];
    double *pressure = row + 3 * ny, *u = pressure + nx;
    cr_assert_not_null(row);
    cr_assert_eq(geometry_create(&geometry, &circle, 1), OK);
    lattice_defaults(&o);
    o.nx = nx;
    o.ny = ny;
    o.number = ROW_DOUBLE;
    snprintf(o.collision, sizeof o.collision, "trt");
    o.tau = 0.5 + 3 * nu;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
    o.inflow = (struct inflow){INFLOW_PARABOLIC, speed, 2000, 0};
    o.outflow_rate = outflow_default_rate((double)nx);
    o.geometry = geometry;
    cr_assert_eq(lattice_create(&lattice, &o), OK, "%s", error_message());
    cr_assert_eq(lattice_run(lattice, steps - 1, NULL), OK, "%s", error_message());
    cr_assert_eq(lattice_run(lattice, 1, force), OK);
    for (int64_t x = 0; x < nx; x++) {
        lattice_row(row, row + ny, row + 2 * ny, lattice, x);
        pressure[x] = (row[axis - 1] + row[axis]) / 6; /* rho / 3, mean of the two cells */
        u[x] = 0.5 * (row[ny + axis - 1] + row[ny + axis]);
    }
    int64_t front = 2 * d - d / 2 - 1, back = 2 * d + d / 2, x = back + 1;
    while (u[x] < 0)
        x++;
    double zero = (double)x - 0.5 + u[x - 1] / (u[x - 1] - u[x]);
    struct channel_result result = {
        .drag = 2 * force[0] / (speed * speed * cells),
        .lift = 2 * force[1] / (speed * speed * cells),
        .pressure = 0.04 / (speed * speed) *
                    (at_surface(pressure, front, -1) - at_surface(pressure, back, 1)),
        .wake = (zero - 2.5 * cells) / cells * 0.1,
    };
    lattice_destroy(lattice);
    geometry_destroy(geometry);
    free(row);
    return result;
}

Test(channel, cylinder_at_reynolds_20_meets_the_benchmark)
{
    struct channel_result r = run_channel(20, 40000);
    physics_reference_check("dfg-2d1-drag", r.drag);
    physics_reference_check("dfg-2d1-lift", r.lift);
    physics_reference_check("dfg-2d1-pressure", r.pressure);
    physics_reference_check("dfg-2d1-wake", r.wake);
}
