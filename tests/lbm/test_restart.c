/* SPDX-License-Identifier: Apache-2.0
 *
 * A lattice saved and gone on with: the same bits as if it had not stopped. */
#include "array.h"
#include "atomic_file.h"
#include "geometry.h"
#include "lattice.h"
#include "lattice_checkpoint.h"
#include "outflow.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NX = 88, NY = 70, CELLS = NX * NY, BEFORE = 53, AFTER = 67 };

static char path[64];

static void name_path(void)
{
    snprintf(path, sizeof path, "/tmp/wakecast-restart-%ld", (long)getpid());
}

static void remove_path(void)
{
    unlink(path);
}

/* moves: 0 rests, 1 moves, 2 moves faster, 3 as 1 with a larger body, 4 a circle that only spins.
 */
static struct lattice *make(enum row_number number, int threads, enum row_isa isa, int moves,
                            double tau)
{
    struct body_spec spec = {
        .x = 30, .y = 34, .size = moves == 3 ? 12.5 : 12, .aspect = 0.7, .angle = 10};
    const struct body_course course = {
        .u = moves == 2 ? 0.011 : 0.01, .v = 0.003, .spin = 1e-3, .begin = 10.5, .rise = 60};
    const struct body_course spinning = {.spin = 3e-3, .rise = 20};
    struct geometry *geometry = NULL;
    struct lattice *lattice = NULL;
    struct lattice_options o;
    snprintf(spec.family, sizeof spec.family, "%s", moves == 4 ? "circle" : "rectangle");
    cr_assert_eq(geometry_create(&geometry, &spec, 1), OK);
    lattice_defaults(&o);
    o.nx = NX;
    o.ny = NY;
    o.number = number;
    o.tau = tau;
    o.ends = LATTICE_ENDS_OPEN;
    o.bottom = o.top = BOUNDARY_EDGE_SLIP;
    o.inflow = (struct inflow){.speed = 0.1, .ramp_steps = 40, .kick = 0.004};
    o.outflow_rate = outflow_default_rate(NX);
    o.sponge = 12;
    o.geometry = geometry;
    o.courses = moves == 4 ? &spinning : moves ? &course : NULL;
    o.threads = threads;
    o.isa = isa;
    cr_assert_eq(lattice_create(&lattice, &o), OK, "%s", error_message());
    geometry_destroy(geometry);
    return lattice;
}

/* rho, u_x, u_y of every cell of the fluid. */
static double *state_of(const struct lattice *lattice)
{
    double *values = calloc(3 * CELLS, sizeof *values);
    cr_assert_not_null(values);
    for (int64_t x = 0; x < NX; x++) {
        double *row = values + 3 * NY * x;
        lattice_row(row, row + NY, row + 2 * NY, lattice, x);
        for (int64_t y = 0; y < NY; y++)
            if (lattice_solid(lattice)[x * NY + y])
                row[y] = row[NY + y] = row[2 * NY + y] = 0;
    }
    return values;
}

static void expect_same(const struct lattice *a, const struct lattice *b, const char *what)
{
    double *one = state_of(a), *other = state_of(b);
    cr_assert_eq(memcmp(one, other, 3 * CELLS * sizeof *one), 0, "%s", what);
    cr_assert_eq(lattice_step(a), lattice_step(b));
    free(one);
    free(other);
}

Test(restart, goes_on_to_the_bit_with_any_number_of_threads_and_instruction_set, .init = name_path,
     .fini = remove_path)
{
    for (int number = 0; number < ROW_NUMBERS; number++)
        for (int kind = 0; kind < 3; kind++) {
            const int moves = kind == 2 ? 4 : kind;
            static double forces[2 * AFTER], others[2 * AFTER];
            enum row_number type = (enum row_number)number;
            struct lattice *whole = make(type, 1, ROW_ISA_AUTO, moves, 0.52);
            cr_assert_eq(lattice_run(whole, BEFORE, NULL), OK, "%s", error_message());
            cr_assert_eq(lattice_checkpoint_save(whole, path), OK, "%s", error_message());
            struct lattice *untouched = make(type, 1, ROW_ISA_AUTO, moves, 0.52);
            cr_assert_eq(lattice_checkpoint_load(untouched, path), OK, "%s", error_message());
            expect_same(whole, untouched, "at once");
            cr_assert_eq(lattice_run(whole, AFTER, forces), OK);
            for (int threads = 1; threads <= 3; threads++) {
                enum row_isa isa = threads == 3 ? ROW_ISA_BASELINE : ROW_ISA_AUTO;
                struct lattice *other = make(type, threads, isa, moves, 0.52);
                cr_assert_eq(lattice_checkpoint_load(other, path), OK, "%s", error_message());
                cr_assert_eq(lattice_run(other, AFTER, others), OK);
                expect_same(whole, other, "at the end");
                cr_assert_eq(memcmp(forces, others, sizeof forces), 0, "%d threads", threads);
                lattice_destroy(other);
            }
            lattice_destroy(untouched);
            lattice_destroy(whole);
        }
}

static void expect_refused(struct lattice *lattice, const char *message)
{
    double *before = state_of(lattice);
    cr_assert_eq(lattice_checkpoint_load(lattice, path), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), message), "%s", error_message());
    double *after = state_of(lattice);
    cr_assert_eq(memcmp(before, after, 3 * CELLS * sizeof *before), 0);
    free(before);
    free(after);
}

/* The same body on another course, or another body on the same one. */
Test(restart, a_file_of_another_motion_is_refused, .init = name_path, .fini = remove_path)
{
    struct lattice *still = make(ROW_FLOAT, 1, ROW_ISA_AUTO, 0, 0.52);
    struct lattice *moving = make(ROW_FLOAT, 1, ROW_ISA_AUTO, 1, 0.52);
    struct lattice *faster = make(ROW_FLOAT, 1, ROW_ISA_AUTO, 2, 0.52);
    struct lattice *bigger = make(ROW_FLOAT, 1, ROW_ISA_AUTO, 3, 0.52);
    cr_assert_eq(lattice_run(moving, 20, NULL), OK);
    cr_assert_eq(lattice_checkpoint_save(moving, path), OK);
    expect_refused(still, "another lattice");
    expect_refused(faster, "another lattice");
    expect_refused(bigger, "another lattice");
    lattice_destroy(still);
    lattice_destroy(moving);
    lattice_destroy(faster);
    lattice_destroy(bigger);
}

Test(restart, a_file_of_another_lattice_or_a_damaged_one_is_refused, .init = name_path,
     .fini = remove_path)
{
    struct lattice *lattice = make(ROW_FLOAT, 1, ROW_ISA_AUTO, 0, 0.52);
    struct lattice *other = make(ROW_FLOAT, 1, ROW_ISA_AUTO, 0, 0.53);
    struct lattice *wide = make(ROW_DOUBLE, 1, ROW_ISA_AUTO, 0, 0.52);
    unsigned char *image = NULL;
    size_t size = 0;
    expect_refused(lattice, "wakecast-restart");
    cr_assert_eq(lattice_run(lattice, 20, NULL), OK);
    cr_assert_eq(lattice_checkpoint_save(lattice, path), OK);
    expect_refused(other, "0.53");
    expect_refused(wide, "of 4 bytes");
    cr_assert_eq(atomic_file_read(&image, &size, path, 1 << 26), OK);
    image[size / 2] ^= 1;
    cr_assert_eq(atomic_file_write(path, image, size), OK);
    expect_refused(lattice, "damaged");
    cr_assert_eq(atomic_file_write(path, image, size / 3), OK);
    expect_refused(lattice, "damaged");
    cr_assert_eq(atomic_file_write(path, "nothing", 7), OK);
    expect_refused(lattice, "no saved lattice");
    array_free(image);
    lattice_destroy(lattice);
    lattice_destroy(other);
    lattice_destroy(wide);
}
