/* SPDX-License-Identifier: Apache-2.0
 *
 * Odd sizes (odd_sizes.h), in the build with the sanitizers as in any other. */
#include "odd_sizes.h"

#include "collision.h"
#include "lattice.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>

enum { STEPS = 9 };

/* Ten times what came out (9e-8, 4e-15 in 19 steps), in lattice units; speeds are about 0.01. */
static const double allowed[ROW_NUMBERS] = {[ROW_FLOAT] = 1e-6, [ROW_DOUBLE] = 4e-14};

Test(odd_sizes, every_set_and_precision_gives_what_the_plain_loop_gives)
{
    double worst[ROW_NUMBERS] = {0};
    int number = 0, moving = 0;
    for (int kind = 0; kind < COLLISIONS; kind++)
        for (int i = 0; i < ODD_SIZES; i++)
            for (int j = 0; j < ODD_SIZES; j++, number++) {
                struct odd_sizes_result r;
                cr_assert_eq(odd_sizes_try(&r, kind, odd_sizes[i], odd_sizes[j], number, STEPS), OK,
                             "%s", error_message());
                cr_assert_geq(r.runs, ROW_NUMBERS);
                moving += r.speed > 1e-5;
                for (int type = 0; type < ROW_NUMBERS; type++) {
                    cr_assert_leq(r.difference[type], allowed[type], "%s: off by %g", r.name,
                                  r.difference[type]);
                    worst[type] = fmax(worst[type], r.difference[type]);
                }
            }
    fprintf(stderr, "%d lattices, %d with a flow: float32 %.2g, float64 %.2g\n", number, moving,
            worst[ROW_FLOAT], worst[ROW_DOUBLE]);
    cr_assert_gt(moving, number * 3 / 4);
}

/* One column between periodic ends is a channel of any length, one row between periodic edges a
 * tube: the flow of a body force is that of the wide lattice. */
Test(odd_sizes, a_channel_one_cell_long_is_a_channel)
{
    enum { ACROSS = 17, STEPS_OF_CHANNEL = 3000 };
    double rho[ACROSS], u[2][ACROSS], v[ACROSS];
    for (int wide = 0; wide < 2; wide++) {
        struct lattice *lattice = NULL;
        struct lattice_options o;
        lattice_defaults(&o);
        o.nx = wide ? 24 : 1;
        o.ny = ACROSS;
        o.number = ROW_DOUBLE;
        o.bottom = o.top = BOUNDARY_EDGE_NO_SLIP;
        o.force_x = 1e-5;
        cr_assert_eq(lattice_create(&lattice, &o), OK, "%s", error_message());
        cr_assert_eq(lattice_run(lattice, STEPS_OF_CHANNEL, NULL), OK, "%s", error_message());
        lattice_row(rho, u[wide], v, lattice, 0);
        lattice_destroy(lattice);
    }
    cr_assert_gt(u[0][ACROSS / 2], 1e-3);
    for (int y = 0; y < ACROSS; y++)
        cr_assert_float_eq(u[0][y], u[1][y], 1e-15);
}
