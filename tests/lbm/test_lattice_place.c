/* SPDX-License-Identifier: Apache-2.0
 *
 * Bodies at the edges of a lattice: refused where they would cover what no body may, with a place
 * that would do; and right up to there no bit depends on how the lattice is swept. */
#include "geometry.h"
#include "lattice.h"
#include "outflow.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NX = 60, NY = 40, CELLS = NX * NY, STEPS = 70 };

static void options_of(struct lattice_options *o, enum lattice_ends ends,
                       enum boundary_edge_kind edge)
{
    lattice_defaults(o);
    o->nx = NX;
    o->ny = NY;
    o->tau = 0.56;
    o->ends = ends;
    o->bottom = o->top = edge;
    o->scale = 2;
    o->shift_x = 3;
    o->refine = 2;
    o->sponge = ends == LATTICE_ENDS_OPEN ? 20 : 0;
    o->inflow = (struct inflow){.speed = 0.05};
    o->outflow_rate = outflow_default_rate(NX);
    o->force_x = ends == LATTICE_ENDS_OPEN ? 0 : 1e-5;
    o->top_speed = edge == BOUNDARY_EDGE_NO_SLIP ? 0.05 : 0;
}

/* With one ellipse of 6 x 3 canvas cells. */
static enum status create(struct lattice **out, struct lattice_options *o, double x, double y)
{
    const struct body_spec spec = {.family = "ellipse", .x = x, .y = y, .size = 6, .aspect = 0.5};
    struct geometry *geometry = NULL;
    cr_assert_eq(geometry_create(&geometry, &spec, 1), OK, "%s", error_message());
    o->geometry = geometry;
    enum status status = lattice_create(out, o);
    geometry_destroy(geometry);
    return status;
}

/* Canvas places of the lattice's middle, and beyond its four sides. */
static const double middle[2] = {NX / 4.0 - 3, NY / 4.0};
static const struct {
    const char *name;
    double x, y;
} beyond[4] = {{"left", -3, NY / 4.0},
               {"right", NX / 2.0 - 3, NY / 4.0},
               {"bottom", NX / 4.0 - 3, 0},
               {"top", NX / 4.0 - 3, NY / 2.0}};

/* Is side `k` one that bodies must keep off? */
static int is_closed(const struct lattice_options *o, int k)
{
    return k < 2 ? o->ends == LATTICE_ENDS_WALLS : o->bottom == BOUNDARY_EDGE_NO_SLIP;
}

/* Fields and forces after STEPS steps with so many levels and threads. */
struct outcome {
    double rho[CELLS], u[CELLS], v[CELLS], forces[STEPS][2], wall[2];
};

static void run(struct outcome *out, struct lattice_options *o, const double place[2],
                int64_t levels, int threads)
{
    struct lattice *lattice = NULL;
    o->levels = levels;
    o->threads = threads;
    memset(out, 0, sizeof *out);
    cr_assert_eq(create(&lattice, o, place[0], place[1]), OK, "%s", error_message());
    cr_assert_lt(lattice_fluid_cells(lattice), CELLS - 20);
    cr_assert_eq(lattice_run(lattice, STEPS, out->forces[0]), OK, "%s", error_message());
    for (int64_t x = 0; x < NX; x++)
        lattice_row(out->rho + x * NY, out->u + x * NY, out->v + x * NY, lattice, x);
    for (int64_t cell = 0; cell < CELLS; cell++)
        if (lattice_solid(lattice)[cell])
            out->rho[cell] = out->u[cell] = out->v[cell] = 0;
    lattice_wall_force(out->wall, lattice);
    lattice_destroy(lattice);
}

static void expect_same_bits(struct lattice_options *o, const double place[2])
{
    static struct outcome want, got;
    run(&want, o, place, 1, 1);
    cr_assert_neq(want.forces[STEPS - 1][0], 0);
    for (int64_t levels = 2; levels <= 16; levels += 7)
        for (int threads = 1; threads <= 3; threads += 2) {
            run(&got, o, place, levels, threads);
            cr_expect_eq(memcmp(&got, &want, sizeof got), 0, "(%g, %g), %d levels, %d threads",
                         place[0], place[1], (int)levels, threads);
        }
}

/* Refused beyond an open side, and as far out as the message says it would do; where a wall is, a
 * body may stand in it. */
static void look_beyond(struct lattice_options *o, int k)
{
    struct lattice *lattice = NULL;
    double place[2] = {beyond[k].x, beyond[k].y};
    if (!is_closed(o, k)) {
        char bound[16];
        double value;
        cr_assert_eq(create(&lattice, o, place[0], place[1]), ERR_CONFIG, "%s", beyond[k].name);
        const char *words = strstr(error_message(), beyond[k].name);
        cr_assert_not_null(words, "%s", error_message());
        words = strstr(words, "; ");
        cr_assert_eq(sscanf(words + 4, "of at %15s %lf would do", bound, &value), 2, "%s", words);
        cr_expect_str_eq(bound, k % 2 == 0 ? "least" : "most");
        cr_expect_eq(words[2], k < 2 ? 'x' : 'y');
        cr_expect_lt(fabs(value - place[k / 2]), 3.4);
        place[k / 2] = value;
        double near[2] = {place[0], place[1]};
        near[k / 2] += k % 2 == 0 ? -0.1 : 0.1;
        cr_expect_eq(create(&lattice, o, near[0], near[1]), ERR_CONFIG, "nearer would do too");
    }
    expect_same_bits(o, place);
}

Test(lattice_place, bodies_keep_off_where_they_must_and_bits_stay_the_same)
{
    static const enum lattice_ends ends[] = {LATTICE_ENDS_OPEN, LATTICE_ENDS_PERIODIC,
                                             LATTICE_ENDS_WALLS};
    static const enum boundary_edge_kind edges[] = {BOUNDARY_EDGE_SLIP, BOUNDARY_EDGE_PERIODIC,
                                                    BOUNDARY_EDGE_NO_SLIP};
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            struct lattice_options o;
            options_of(&o, ends[a], edges[b]);
            expect_same_bits(&o, middle);
            for (int k = 0; k < 4; k++)
                look_beyond(&o, k);
        }
}
