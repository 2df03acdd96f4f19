/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer.h"

#include "philox.h"
#include "sponge.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRY = 4, CANVAS = 16, SPONGE = 6, HEIGHT = 12 };
static const double viscosity = 0.01;

static struct start_state *blank_state(int64_t r)
{
    struct start_state *state = NULL;
    cr_assert_eq(start_state_create(&state, r * (ENTRY + CANVAS + SPONGE), r * HEIGHT), OK);
    state->refine = r;
    state->entry = r * ENTRY;
    state->outlet_rho = 1;
    for (int64_t cell = 0; cell < state->nx * state->ny; cell++)
        state->values[cell] = 1;
    return state;
}

struct target {
    struct transfer_target at;
    double tau[8 * (ENTRY + CANVAS + SPONGE)];
    unsigned char *solid;
    double *values;
};

static struct target *make_target(int64_t r)
{
    struct target *t = calloc(1, sizeof *t);
    cr_assert_not_null(t);
    t->at = (struct transfer_target){.nx = r * (ENTRY + CANVAS + SPONGE),
                                     .ny = r * HEIGHT,
                                     .refine = r,
                                     .entry = r * ENTRY,
                                     .canvas = CANVAS,
                                     .viscosity = viscosity,
                                     .tau = t->tau};
    int64_t cells = t->at.nx * t->at.ny;
    t->solid = calloc((size_t)cells, 1);
    t->values = calloc((size_t)(START_FIELDS * cells), sizeof *t->values);
    cr_assert(t->solid != NULL && t->values != NULL);
    t->at.solid = t->solid;
    for (int64_t x = 0; x < t->at.nx; x++)
        t->tau[x] = sponge_tau(x, t->at.nx, r * SPONGE, 0.5 + 3 * (double)r * viscosity, (double)r);
    return t;
}

static void drop_target(struct target *t)
{
    free(t->solid);
    free(t->values);
    free(t);
}

Test(transfer, to_the_same_lattice_changes_nothing)
{
    struct start_state *state = blank_state(2);
    struct target *target = make_target(2);
    int64_t cells = state->nx * state->ny;
    for (int64_t k = 0; k < START_FIELDS * cells; k++)
        state->values[k] +=
            0.1F * (float)(philox_uniform(1, PHILOX_STREAM_TEST, (uint64_t)k) - 0.5);
    cr_assert_eq(transfer_state(target->values, state, &target->at), OK);
    for (int64_t k = 0; k < START_FIELDS * cells; k++)
        cr_assert_float_eq(target->values[k], (double)state->values[k], 1e-15);
    start_state_destroy(state);
    drop_target(target);
}

Test(transfer, means_go_over_the_cells_beneath_at_any_ratio)
{
    const int64_t pairs[][2] = {{4, 2}, {4, 1}, {2, 4}, {3, 2}, {2, 3}, {8, 3}};
    for (size_t p = 0; p < sizeof pairs / sizeof pairs[0]; p++) {
        struct start_state *state = blank_state(pairs[p][0]);
        struct target *target = make_target(pairs[p][1]);
        int64_t cells = state->nx * state->ny, wanted = target->at.nx * target->at.ny;
        double r1 = (double)pairs[p][0], r2 = (double)pairs[p][1], sum1 = 0, sum2 = 0;
        for (int64_t cell = 0; cell < cells; cell++) {
            state->values[START_UX * cells + cell] =
                (float)philox_uniform(2, PHILOX_STREAM_TEST, (uint64_t)cell);
            sum1 += (double)state->values[START_UX * cells + cell] / (r1 * r1);
        }
        cr_assert_eq(transfer_state(target->values, state, &target->at), OK);
        for (int64_t cell = 0; cell < wanted; cell++)
            sum2 += target->values[START_UX * wanted + cell] / (r2 * r2);
        cr_assert_float_eq(sum2, sum1, 1e-9 * sum1, "r %g to %g: momentum per area", r1, r2);
        start_state_destroy(state);
        drop_target(target);
    }
}

/* A uniform strain rate S per canvas step: P = -2/3 rho tau S / r in every column, sponge included.
 */
Test(transfer, stress_scales_with_the_local_tau_and_the_refinement)
{
    const double strain = 1e-3;
    struct start_state *state = blank_state(4);
    struct target *fine = make_target(4), *coarse = make_target(2);
    int64_t cells = state->nx * state->ny, wanted = coarse->at.nx * coarse->at.ny;
    for (int64_t cell = 0; cell < cells; cell++)
        state->values[START_PXY * cells + cell] =
            (float)(-2.0 / 3 * fine->tau[cell / state->ny] * strain / 4);
    cr_assert_eq(transfer_state(coarse->values, state, &coarse->at), OK);
    for (int64_t cell = 0; cell < wanted; cell++) {
        double want = -2.0 / 3 * coarse->tau[cell / coarse->at.ny] * strain / 2;
        cr_assert_float_eq(coarse->values[START_PXY * wanted + cell], want, 1e-6 * fabs(want));
    }
    start_state_destroy(state);
    drop_target(fine);
    drop_target(coarse);
}

Test(transfer, cell_without_truth_beneath_takes_the_nearest_fluid_cell)
{
    struct start_state *state = blank_state(2);
    struct target *target = make_target(1);
    int64_t cells = state->nx * state->ny, wanted = target->at.nx * target->at.ny;
    /* Source cells 20..23 x 10..13 are solid: target cells 10, 11 x 5, 6 have nothing beneath. */
    for (int64_t x = 20; x < 24; x++)
        for (int64_t y = 10; y < 14; y++)
            state->solid[x * state->ny + y] = 1;
    for (int64_t cell = 0; cell < cells; cell++)
        state->values[START_UX * cells + cell] = (float)(cell / state->ny);
    target->solid[11 * HEIGHT + 6] = 1;
    cr_assert_eq(transfer_state(target->values, state, &target->at), OK);
    /* Its centre lies on source cell (21, 11); (19, 11) and (21, 9) are equally near, the first
     * one counts. */
    cr_assert_eq(target->values[START_UX * wanted + 10 * HEIGHT + 5], 19);
    cr_assert_eq(target->values[START_RHO * wanted + 11 * HEIGHT + 6], 1);
    cr_assert_eq(target->values[START_UX * wanted + 11 * HEIGHT + 6], 0);
    start_state_destroy(state);
    drop_target(target);
}

Test(transfer, states_that_make_no_sense_are_refused)
{
    struct start_state *state = blank_state(2);
    struct target *target = make_target(1);
    state->entry = state->nx;
    cr_assert_eq(transfer_state(target->values, state, &target->at), ERR_DATA);
    state->entry = 2 * ENTRY;
    memset(state->solid, 1, (size_t)(state->nx * state->ny));
    cr_assert_eq(transfer_state(target->values, state, &target->at), ERR_DATA);
    start_state_destroy(state);
    drop_target(target);
}
