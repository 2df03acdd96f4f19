/* SPDX-License-Identifier: Apache-2.0 */
#include "lattice_probe.h"

#include "geometry.h"
#include "lattice.h"
#include "lattice_state.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NX = 40, NY = 30, CELLS = NX * NY };

static double quadratic(double x, double y)
{
    return 1 + 1e-3 * x - 2e-3 * y + 1e-4 * x * x - 5e-5 * x * y + 2e-4 * y * y;
}

/* A quadratic density and velocity around a circle. */
static struct lattice *make(void)
{
    const struct body_spec spec = {.family = "circle", .x = 20, .y = 15, .size = 11};
    struct geometry *geometry = NULL;
    struct lattice *lattice = NULL;
    struct lattice_options o;
    double *v = calloc(START_FIELDS * CELLS, sizeof *v);
    cr_assert_not_null(v);
    cr_assert_eq(geometry_create(&geometry, &spec, 1), OK);
    lattice_defaults(&o);
    o.nx = NX;
    o.ny = NY;
    o.number = ROW_DOUBLE;
    o.geometry = geometry;
    cr_assert_eq(lattice_create(&lattice, &o), OK);
    for (int64_t cell = 0; cell < CELLS; cell++) {
        double x = (double)(cell / NY) + 0.5, y = (double)(cell % NY) + 0.5;
        v[START_RHO * CELLS + cell] = quadratic(x, y);
        v[START_UX * CELLS + cell] = 0.1 * quadratic(y, x);
    }
    lattice_state_set(lattice, v, 0);
    free(v);
    geometry_destroy(geometry);
    return lattice;
}

Test(probe, is_exact_for_quadratics_in_the_open_on_edges_and_on_surfaces)
{
    const double places[][2] = {{5, 5},     {5.3, 24.8}, {0, 12},    {40, 30},
                                {14.5, 15}, {25.5, 15},  {20, 20.5}, {16.11, 18.89}};
    struct lattice *lattice = make();
    for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
        double x = places[k][0], y = places[k][1];
        struct lattice_probe probe;
        cr_assert_eq(lattice_probe_at(&probe, lattice, x, y), OK, "%s", error_message());
        cr_assert_float_eq(probe.rho, quadratic(x, y), 1e-12, "at (%g, %g)", x, y);
        cr_assert_float_eq(probe.ux, 0.1 * quadratic(y, x), 1e-12, "at (%g, %g)", x, y);
        cr_assert_float_eq(probe.uy, 0, 1e-12);
    }
    lattice_destroy(lattice);
}

Test(probe, deep_in_a_body_or_outside_is_told)
{
    struct lattice *lattice = make();
    struct lattice_probe probe;
    cr_assert_eq(lattice_probe_at(&probe, lattice, 20, 15), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), "fluid cells"), "%s", error_message());
    cr_assert_eq(lattice_probe_at(&probe, lattice, -1, 15), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), "outside"), "%s", error_message());
    lattice_destroy(lattice);
}
