/* SPDX-License-Identifier: Apache-2.0 */
#include "channel_flow.h"

#include "geometry.h"
#include "lattice.h"
#include "outflow.h"
#include "physics_reference.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double reference_drag = 5.5795, reference_pressure = 0.11752;
static const double ramp = 20.0 / 3; /* D / U */
static const double look = 10;       /* D / U between two looks at the drag */
static const double steady = 1e-6;   /* greatest relative change of the drag between looks */
enum { LOOKS_MAX = 20 };

/* Value at the surface point half a cell beyond the nearest of three cells, `step` apart. */
static double at_surface(const double *line, int64_t nearest, int64_t step)
{
    return 1.875 * line[nearest] - 1.25 * line[nearest + step] + 0.375 * line[nearest + 2 * step];
}

/* Value on the axis, between cells axis - 1 and axis, from four cells. The mean of two is low where
 * the profile is curved: it takes 0.3 % off the pressure difference at D = 20, 1.2 % at D = 10. */
static double on_axis(const double *column, int64_t axis)
{
    return (9 * (column[axis - 1] + column[axis]) - column[axis - 2] - column[axis + 1]) / 16;
}

static struct lattice *create_channel(const struct geometry *geometry, int64_t d, double speed)
{
    struct lattice *lattice = NULL;
    struct lattice_options o;
    double cells = (double)d;
    lattice_defaults(&o);
    o.nx = 22 * d;
    o.ny = (int64_t)lround(4.1 * cells);
    o.number = ROW_DOUBLE;
    snprintf(o.collision, sizeof o.collision, "trt");
    o.tau = 0.5 + 3 * speed * cells / 20;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
    o.inflow = (struct inflow){
        .profile = INFLOW_PARABOLIC, .speed = speed, .ramp_steps = ramp * cells / speed};
    o.outflow_rate = outflow_default_rate((double)o.nx);
    o.geometry = geometry;
    cr_assert_eq(lattice_create(&lattice, &o), OK, "%s", error_message());
    return lattice;
}

static void run_until_steady(double force[2], struct lattice *lattice, int64_t interval)
{
    double before = 0, change = 1;
    for (int k = 0; change > steady; k++) {
        cr_assert_lt(k, LOOKS_MAX, "the drag still changes by %g of itself in %g D/U", change,
                     look);
        cr_assert_eq(lattice_run(lattice, interval - 1, NULL), OK, "%s", error_message());
        cr_assert_eq(lattice_run(lattice, 1, force), OK, "%s", error_message());
        change = fabs(force[0] - before) / fabs(force[0]);
        before = force[0];
    }
}

/* Pressure and velocity along the cylinder's axis, [22 d] each. */
static void read_axis(double *pressure, double *u, const struct lattice *lattice, int64_t d)
{
    int64_t ny = (int64_t)lround(4.1 * (double)d);
    double *row = calloc((size_t)(3 * ny), sizeof *row);
    cr_assert_not_null(row);
    for (int64_t x = 0; x < 22 * d; x++) {
        lattice_row(row, row + ny, row + 2 * ny, lattice, x);
        pressure[x] = on_axis(row, 2 * d) / 3;
        u[x] = on_axis(row + ny, 2 * d);
    }
    free(row);
}

/* Diameters from the cylinder's back to where the velocity on the axis turns. */
static double wake_length(const double *u, int64_t d)
{
    int64_t x = 2 * d + d / 2 + 1;
    while (x < 22 * d - 1 && u[x] < 0)
        x++;
    double zero = (double)x - 0.5 + u[x - 1] / (u[x - 1] - u[x]);
    return zero / (double)d - 2.5;
}

struct channel_flow channel_flow_run(int64_t d, double peak)
{
    const double speed = peak / 1.5, cells = (double)d;
    struct body_spec circle = {
        .family = "circle", .x = 2 * cells, .y = 2 * cells, .size = cells, .aspect = 1};
    struct geometry *geometry = NULL;
    cr_assert_eq(geometry_create(&geometry, &circle, 1), OK);
    struct lattice *lattice = create_channel(geometry, d, speed);
    double force[2], *pressure = calloc((size_t)(44 * d), sizeof *pressure), *u = pressure + 22 * d;
    cr_assert_not_null(pressure);
    run_until_steady(force, lattice, (int64_t)lround(look * cells / speed));
    read_axis(pressure, u, lattice, d);
    int64_t front = 2 * d - d / 2 - 1, back = 2 * d + d / 2;
    struct channel_flow flow = {
        .drag = 2 * force[0] / (speed * speed * cells),
        .lift = 2 * force[1] / (speed * speed * cells),
        .pressure = 0.04 / (speed * speed) *
                    (at_surface(pressure, front, -1) - at_surface(pressure, back, 1)),
        .wake = 0.1 * wake_length(u, d),
    };
    fprintf(stderr, "D = %d, peak speed %g: steady after %lld steps\n", (int)d, peak,
            (long long)lattice_step(lattice));
    free(pressure);
    lattice_destroy(lattice);
    geometry_destroy(geometry);
    return flow;
}

void channel_flow_check(const char *name, const struct channel_flow *flow)
{
    const struct {
        const char *quantity;
        double value;
    } figures[] = {{"drag", flow->drag},
                   {"lift", flow->lift},
                   {"pressure", flow->pressure},
                   {"wake", flow->wake}};
    for (size_t k = 0; k < sizeof figures / sizeof figures[0]; k++) {
        char key[128];
        snprintf(key, sizeof key, "dfg-2d1-%s-%s", name, figures[k].quantity);
        physics_reference_check(key, figures[k].value);
    }
}

static void check_gain(const char *name, const char *quantity, double coarse, double fine,
                       double reference)
{
    char key[128];
    snprintf(key, sizeof key, "dfg-2d1-%s-%s-gain", name, quantity);
    physics_reference_check(key, (coarse - reference) / (fine - reference));
}

void channel_flow_check_gain(const char *name, const struct channel_flow *coarse,
                             const struct channel_flow *fine)
{
    check_gain(name, "drag", coarse->drag, fine->drag, reference_drag);
    check_gain(name, "pressure", coarse->pressure, fine->pressure, reference_pressure);
}
