/* SPDX-License-Identifier: Apache-2.0 */
#include "lattice.h"

#include "array.h"
#include "geometry.h"
#include "lattice_state.h"
#include "log.h"
#include "outflow.h"
#include "philox.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NX = 88, NY = 70 /* not a multiple of 16 */, CELLS = NX * NY };

/* A body in a stream, short enough for any instruction set. */
/* `levels`: steps of a sweep, 0 for the lattice's own choice. */
static struct lattice *stream_in_sweeps(enum row_isa isa, int threads, enum row_number number,
                                        double kick, double body_y, int64_t levels)
{
    struct body_spec spec = {
        .family = "rectangle", .x = 30, .y = body_y, .size = 12, .aspect = 0.7, .angle = 0};
    struct geometry *geometry = NULL;
    struct lattice *lattice = NULL;
    struct lattice_options o;
    cr_assert_eq(geometry_create(&geometry, &spec, 1), OK);
    lattice_defaults(&o);
    o.nx = NX;
    o.ny = NY;
    o.number = number;
    o.tau = 0.52;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.inflow = (struct inflow){.speed = 0.1, .ramp_steps = 100, .kick = kick};
    o.outflow_rate = outflow_default_rate(NX);
    o.sponge = 12;
    o.geometry = geometry;
    o.threads = threads;
    o.levels = levels;
    o.isa = isa;
    enum status status = lattice_create(&lattice, &o);
    geometry_destroy(geometry);
    if (status == ERR_UNSUPPORTED)
        return NULL;
    cr_assert_eq(status, OK, "%s", error_message());
    return lattice;
}

static struct lattice *stream_past_body(enum row_isa isa, int threads, enum row_number number,
                                        double kick, double body_y)
{
    return stream_in_sweeps(isa, threads, number, kick, body_y, 0);
}

static double *state_after(struct lattice *lattice, int64_t steps, double *forces)
{
    double *values = calloc(START_FIELDS * CELLS, sizeof *values);
    cr_assert_not_null(values);
    lattice_state_watch(lattice, values);
    cr_assert_eq(lattice_run(lattice, steps, forces), OK, "%s", error_message());
    return values;
}

enum { STEPS = 120 };

Test(lattice, instruction_sets_and_threads_give_the_same_bits)
{
    for (int number = 0; number < ROW_NUMBERS; number++) {
        double forces[2 * STEPS], others[2 * STEPS];
        struct lattice *first =
            stream_past_body(ROW_ISA_BASELINE, 1, (enum row_number)number, 0.004, 34);
        double *want = state_after(first, STEPS, forces);
        cr_assert_gt(fabs(forces[2 * STEPS - 2]), 1e-3);
        for (int isa = ROW_ISA_BASELINE; isa < ROW_ISAS; isa++)
            for (int threads = 1; threads <= 2; threads++) {
                struct lattice *lattice = stream_past_body((enum row_isa)isa, threads,
                                                           (enum row_number)number, 0.004, 34);
                if (lattice == NULL)
                    continue;
                double *got = state_after(lattice, STEPS, others);
                cr_assert_eq(memcmp(got, want, START_FIELDS * CELLS * sizeof *got), 0,
                             "isa %d, %d threads", isa, threads);
                cr_assert_eq(memcmp(forces, others, sizeof forces), 0, "isa %d, %d threads", isa,
                             threads);
                free(got);
                lattice_destroy(lattice);
            }
        free(want);
        lattice_destroy(first);
    }
}

Test(lattice, sweeps_through_any_number_of_steps_give_the_same_bits)
{
    static const int threads[] = {1, 2, 3, 7};
    double forces[2 * STEPS], others[2 * STEPS];
    struct lattice *first = stream_in_sweeps(ROW_ISA_AUTO, 1, ROW_FLOAT, 0.004, 34, 1);
    double *want = state_after(first, STEPS, forces);
    for (int64_t levels = 1; levels <= 16; levels++)
        for (int k = 0; k < 4; k++) {
            struct lattice *lattice =
                stream_in_sweeps(ROW_ISA_AUTO, threads[k], ROW_FLOAT, 0.004, 34, levels);
            double *got = state_after(lattice, STEPS, others);
            cr_assert_eq(memcmp(got, want, START_FIELDS * CELLS * sizeof *got), 0,
                         "%lld levels, %d threads", (long long)levels, threads[k]);
            cr_assert_eq(memcmp(forces, others, sizeof forces), 0, "%lld levels, %d threads",
                         (long long)levels, threads[k]);
            free(got);
            lattice_destroy(lattice);
        }
    free(want);
    lattice_destroy(first);
}

Test(lattice, pieces_of_a_run_give_the_same_bits_as_the_whole)
{
    struct lattice *whole = stream_past_body(ROW_ISA_AUTO, 1, ROW_FLOAT, 0.004, 34);
    struct lattice *pieces = stream_past_body(ROW_ISA_AUTO, 1, ROW_FLOAT, 0.004, 34);
    double *want = state_after(whole, STEPS, NULL);
    for (int64_t k = 0; k < STEPS - 1; k += 7)
        cr_assert_eq(lattice_run(pieces, k + 7 < STEPS - 1 ? 7 : STEPS - 1 - k, NULL), OK);
    double *got = state_after(pieces, 1, NULL);
    cr_assert_eq(lattice_step(pieces), STEPS);
    cr_assert_eq(memcmp(got, want, START_FIELDS * CELLS * sizeof *got), 0);
    free(got);
    free(want);
    lattice_destroy(whole);
    lattice_destroy(pieces);
}

/* A body on the axis without kick: the flow stays symmetric to the last bit. */
Test(lattice, symmetric_flow_stays_symmetric_to_the_bit)
{
    struct lattice *lattice = stream_past_body(ROW_ISA_AUTO, 1, ROW_FLOAT, 0, 35);
    double *v = state_after(lattice, 1000, NULL);
    const unsigned char *solid = lattice_solid(lattice);
    for (int64_t x = 0; x < NX; x++)
        for (int64_t y = 0; y < NY; y++) {
            int64_t cell = x * NY + y, other = x * NY + NY - 1 - y;
            cr_assert_eq(solid[cell], solid[other]);
            cr_assert_eq(v[START_UX * CELLS + cell], v[START_UX * CELLS + other]);
            cr_assert_eq(v[START_UY * CELLS + cell], -v[START_UY * CELLS + other]);
        }
    free(v);
    lattice_destroy(lattice);
}

/* Body and kick mirrored: the flow is mirrored, as long as rounding has not grown (here 600 steps,
 * 5 D / U). */
Test(lattice, mirrored_case_gives_the_mirrored_flow)
{
    struct lattice *up = stream_past_body(ROW_ISA_AUTO, 1, ROW_FLOAT, 0.004, 38);
    struct lattice *down = stream_past_body(ROW_ISA_AUTO, 1, ROW_FLOAT, -0.004, NY - 38);
    double *a = state_after(up, 600, NULL), *b = state_after(down, 600, NULL);
    double worst = 0, lift = 0;
    for (int64_t x = 0; x < NX; x++)
        for (int64_t y = 0; y < NY; y++) {
            int64_t cell = START_UY * CELLS + x * NY + y, other = cell + NY - 1 - 2 * y;
            worst = fmax(worst, fabs(a[cell] + b[other]));
            lift = fmax(lift, fabs(a[cell]));
        }
    cr_assert_gt(lift, 0.02);
    cr_assert_lt(worst, 1e-5);
    free(a);
    free(b);
    lattice_destroy(up);
    lattice_destroy(down);
}

/* The cumulant operator reads only rho, u and the shear moments: what goes out and in again
 * continues as if nothing had happened, but for rounding. */
Test(lattice, state_out_and_in_continues_closely)
{
    const double tolerance[ROW_NUMBERS] = {2e-6, 2e-14};
    for (int number = 0; number < ROW_NUMBERS; number++) {
        struct lattice *first =
            stream_past_body(ROW_ISA_AUTO, 1, (enum row_number)number, 0.004, 34);
        struct lattice *second =
            stream_past_body(ROW_ISA_AUTO, 1, (enum row_number)number, 0.004, 34);
        double *state = state_after(first, STEPS, NULL);
        lattice_state_set(second, state, STEPS);
        lattice_state_set_outlet(second, lattice_state_outlet(first));
        double *want = state_after(first, 100, NULL), *got = state_after(second, 100, NULL);
        double worst = 0;
        for (int64_t k = 0; k < 3 * CELLS; k++)
            worst = fmax(worst, fabs(got[k] - want[k]));
        cr_assert_lt(worst, tolerance[number], "difference %g", worst);
        free(state);
        free(want);
        free(got);
        lattice_destroy(first);
        lattice_destroy(second);
    }
}

Test(lattice, state_set_reads_back)
{
    struct lattice *lattice = NULL;
    struct lattice_options o;
    static double values[START_FIELDS * 24 * 20], back[START_FIELDS * 24 * 20];
    lattice_defaults(&o);
    o.nx = 24;
    o.ny = 20;
    o.number = ROW_DOUBLE;
    o.force_x = 1e-4;
    o.force_y = -2e-4;
    cr_assert_eq(lattice_create(&lattice, &o), OK);
    for (int64_t k = 0; k < START_FIELDS * 480; k++)
        values[k] = (k < 480) + 0.02 * (philox_uniform(1, PHILOX_STREAM_TEST, (uint64_t)k) - 0.5);
    lattice_state_watch(lattice, back);
    lattice_state_set(lattice, values, 12);
    /* The trace of the non-equilibrium is free in the populations: it must come back too. */
    for (int64_t k = 0; k < START_FIELDS * 480; k++)
        cr_assert_float_eq(back[k], values[k], 1e-15, "field %lld", (long long)(k / 480));
    double rho[20], ux[20], uy[20];
    lattice_row(rho, ux, uy, lattice, 3);
    for (int64_t y = 0; y < 20; y++) {
        cr_assert_float_eq(rho[y], values[60 + y], 1e-15);
        cr_assert_float_eq(ux[y], values[START_UX * 480 + 60 + y], 1e-15);
        cr_assert_float_eq(uy[y], values[START_UY * 480 + 60 + y], 1e-15);
    }
    lattice_destroy(lattice);
}

static struct lattice *still_lattice(void)
{
    struct lattice *lattice = NULL;
    struct lattice_options o;
    lattice_defaults(&o);
    o.nx = o.ny = 32;
    cr_assert_eq(lattice_create(&lattice, &o), OK);
    return lattice;
}

static enum status run_from(double rho, double u, double uy)
{
    static double values[START_FIELDS * 1024];
    struct lattice *lattice = still_lattice();
    for (int64_t k = 0; k < START_FIELDS * 1024; k++)
        values[k] = k < 1024 ? 1 : 0;
    values[5 * 32 + 9] = rho;
    values[START_UX * 1024 + 5 * 32 + 9] = u;
    values[START_UY * 1024 + 5 * 32 + 9] = uy;
    values[START_PXX * 1024 + 5 * 32 + 9] = rho * u * u;
    lattice_state_set(lattice, values, 100);
    enum status status = lattice_run(lattice, 1, NULL);
    lattice_destroy(lattice);
    return status;
}

Test(lattice, guard_lets_a_quiet_flow_pass)
{
    cr_assert_eq(run_from(1, 0.1, 0), OK);
}

Test(lattice, guard_names_cell_and_step_of_a_speed_beyond_the_limit)
{
    cr_assert_eq(run_from(1, 3, 0), ERR_NUMERIC);
    cr_assert_not_null(strstr(error_message(), "lattice step 101"), "%s", error_message());
    cr_assert_not_null(strstr(error_message(), "|u|"), "%s", error_message());
}

Test(lattice, guard_names_the_cell_that_is_no_number)
{
    cr_assert_eq(run_from(NAN, 0, 0), ERR_NUMERIC);
    cr_assert_not_null(strstr(error_message(), "nan"), "%s", error_message());
    cr_assert_not_null(strstr(error_message(), "cell (4, 8)"), "%s", error_message());
}

Test(lattice, guard_stops_at_a_mean_density_off_by_a_twentieth)
{
    cr_assert_eq(run_from(1 + 0.06 * 1024, 0, 0), ERR_NUMERIC);
    cr_assert_not_null(strstr(error_message(), "mean rho - 1"), "%s", error_message());
}

/* One step of a uniform stream, which stays one. */
static enum status run_uniform(double rho, double u)
{
    static double values[START_FIELDS * 1024];
    struct lattice *lattice = still_lattice();
    for (int64_t k = 0; k < 1024; k++) {
        values[START_RHO * 1024 + k] = rho;
        values[START_UX * 1024 + k] = u;
        values[START_UY * 1024 + k] = 0;
        values[START_PXX * 1024 + k] = rho * u * u;
        values[START_PXY * 1024 + k] = values[START_PYY * 1024 + k] = 0;
    }
    lattice_state_set(lattice, values, 0);
    enum status status = lattice_run(lattice, 1, NULL);
    lattice_destroy(lattice);
    return status;
}

Test(lattice, guard_stops_where_it_says)
{
    cr_assert_eq(run_uniform(1, 0.549), OK, "%s", error_message());
    cr_assert_eq(run_uniform(1, 0.551), ERR_NUMERIC);
    cr_assert_eq(run_uniform(1.049, 0), OK, "%s", error_message());
    cr_assert_eq(run_uniform(1.051, 0), ERR_NUMERIC);
    cr_assert_eq(run_uniform(0.951, 0), OK, "%s", error_message());
    cr_assert_eq(run_uniform(0.949, 0), ERR_NUMERIC);
}

Test(lattice, guard_warns_above_the_speed_it_says, .init = temporary_folder_create,
     .fini = temporary_folder_remove)
{
    log_set_level(LOG_QUIET);
    cr_assert_eq(log_open_file(temporary_folder_path("log.txt")), OK);
    cr_assert_eq(run_uniform(1, 0.399), OK, "%s", error_message());
    unsigned char *slow = temporary_folder_read("log.txt", NULL);
    cr_assert_str_empty((const char *)slow);
    cr_assert_eq(run_uniform(1, 0.401), OK, "%s", error_message());
    unsigned char *fast = temporary_folder_read("log.txt", NULL);
    cr_assert_not_null(strstr((const char *)fast, "warning: |u| = 0.401"), "%s", (char *)fast);
    log_close_file();
    array_free(slow);
    array_free(fast);
}

static int threads_of(int64_t nx, int64_t ny, int threads, int64_t levels)
{
    struct lattice *lattice = NULL;
    struct lattice_options o;
    lattice_defaults(&o);
    o.nx = nx;
    o.ny = ny;
    o.threads = threads;
    o.levels = levels;
    cr_assert_eq(lattice_create(&lattice, &o), OK, "%s", error_message());
    int taken = lattice_threads(lattice);
    lattice_destroy(lattice);
    return taken;
}

/* Where a lattice has few items for them, threads wait for each other; asked for a number of steps
 * in a sweep, as tests do, none is left out. */
Test(lattice, small_lattices_are_left_to_one_thread)
{
    cr_expect_eq(threads_of(64, 64, 1, 0), 1);
    cr_expect_eq(threads_of(64, 64, 2, 0), 1);
    cr_expect_eq(threads_of(64, 64, 2, 3), 2);
    cr_expect_eq(threads_of(1024, 512, 2, 0), 2);
    cr_expect_eq(threads_of(2048, 1024, 7, 0), 7);
}

Test(lattice, impossible_options_are_refused)
{
    struct lattice *lattice = NULL;
    struct lattice_options good, o;
    lattice_defaults(&good);
    o = good;
    o.tau = 0.5;
    cr_assert_eq(lattice_create(&lattice, &o), ERR_CONFIG);
    o = good;
    o.nx = 0;
    cr_assert_eq(lattice_create(&lattice, &o), ERR_CONFIG);
    o = good;
    o.top = BOUNDARY_EDGE_SLIP;
    cr_assert_eq(lattice_create(&lattice, &o), ERR_CONFIG);
    o = good;
    snprintf(o.collision, sizeof o.collision, "magic");
    cr_assert_eq(lattice_create(&lattice, &o), ERR_CONFIG);
    o = good;
    o.threads = 0;
    cr_assert_eq(lattice_create(&lattice, &o), ERR_CONFIG);
    o = good;
    o.sponge = 65;
    cr_assert_eq(lattice_create(&lattice, &o), ERR_CONFIG);
    o = good;
    o.magic = 0;
    cr_assert_eq(lattice_create(&lattice, &o), ERR_CONFIG);
    cr_assert_null(lattice);
}
