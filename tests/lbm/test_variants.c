/* SPDX-License-Identifier: Apache-2.0
 *
 * Every variant of the engine, which is an instruction set, a number of steps in a sweep and a
 * number of threads, gives the same bits: fields, moments, forces and torques of every step, what
 * the guard sees, the force on the edges and the outlet's state; also when one variant goes on from
 * what another has saved. The cases are those of engine_case.h, of which each takes one variant in
 * EVERY, another one each time. */
#include "engine_case.h"
#include "lattice_checkpoint.h"
#include "lattice_state.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NX = ENGINE_CASE_NX, NY = ENGINE_CASE_NY, CELLS = NX * NY, BEFORE = 29, STEPS = 71 };
enum { LEVELS = 16, THREADS = 4, LOADS = ENGINE_CASE_BODIES * LATTICE_LOADS };

static const int threads_of[THREADS] = {1, 2, 3, 7};

/* Number 0: baseline, one thread, step by step. */
enum { VARIANTS = (ROW_ISAS - 1) * LEVELS * THREADS };

static enum row_isa isa_of(int variant)
{
    return (enum row_isa)(ROW_ISA_BASELINE + variant % (ROW_ISAS - 1));
}

static void choose(struct lattice_options *o, int variant)
{
    o->isa = isa_of(variant);
    o->threads = threads_of[variant / (ROW_ISAS - 1) % THREADS];
    o->levels = 1 + variant / ((ROW_ISAS - 1) * THREADS);
}

/* All that a run shows. */
struct outcome {
    double loads[STEPS][LOADS], forces[STEPS][2];
    double moments[START_FIELDS * CELLS];
    double rho[CELLS], u[CELLS], v[CELLS];
    double edge[2], mass, speed, outlet;
};

static void look(struct outcome *out, const struct lattice *lattice)
{
    for (int64_t x = 0; x < NX; x++)
        lattice_row(out->rho + x * NY, out->u + x * NY, out->v + x * NY, lattice, x);
    for (int64_t cell = 0; cell < CELLS; cell++)
        if (lattice_solid(lattice)[cell])
            out->rho[cell] = out->u[cell] = out->v[cell] = 0;
    lattice_wall_force(out->edge, lattice);
    lattice_survey(&out->mass, &out->speed, lattice);
    out->outlet = lattice_state_outlet(lattice);
}

static struct lattice *create(const struct lattice_options *o)
{
    struct lattice *lattice = NULL;
    cr_assert_eq(lattice_create(&lattice, o), OK, "%s", error_message());
    return lattice;
}

/* STEPS from rest; with `path`, BEFORE of them by variant `first`, saved and gone on with. */
static void run(struct outcome *out, const struct engine_case *c, int first, int then,
                const char *path)
{
    struct lattice_options o = c->options;
    int64_t done = path != NULL ? BEFORE : 0;
    memset(out, 0, sizeof *out);
    if (path != NULL) {
        choose(&o, first);
        struct lattice *saved = create(&o);
        cr_assert_eq(lattice_run_bodies(saved, BEFORE, out->forces[0], out->loads[0]), OK, "%s",
                     error_message());
        cr_assert_eq(lattice_checkpoint_save(saved, path), OK, "%s", error_message());
        lattice_destroy(saved);
    }
    choose(&o, then);
    struct lattice *lattice = create(&o);
    if (path != NULL)
        cr_assert_eq(lattice_checkpoint_load(lattice, path), OK, "%s", error_message());
    lattice_state_watch(lattice, out->moments);
    cr_assert_eq(lattice_run_bodies(lattice, STEPS - done, out->forces[done], out->loads[done]), OK,
                 "%s", error_message());
    cr_assert_eq(lattice_step(lattice), STEPS);
    look(out, lattice);
    lattice_destroy(lattice);
}

static void expect_same(const struct outcome *a, const struct outcome *b,
                        const struct engine_case *c, int variant)
{
    char where[256];
    struct lattice_options o = c->options;
    choose(&o, variant);
    snprintf(where, sizeof where, "%s; %s, %s, %d threads, %d levels", c->name,
             o.number == ROW_FLOAT ? "float" : "double", row_isa_name(o.isa), o.threads,
             (int)o.levels);
    cr_assert_eq(memcmp(a->rho, b->rho, sizeof a->rho), 0, "%s: rho", where);
    cr_assert_eq(memcmp(a->u, b->u, sizeof a->u), 0, "%s: u", where);
    cr_assert_eq(memcmp(a->v, b->v, sizeof a->v), 0, "%s: v", where);
    cr_assert_eq(memcmp(a->moments, b->moments, sizeof a->moments), 0, "%s: moments", where);
    cr_assert_eq(memcmp(a->loads, b->loads, sizeof a->loads), 0, "%s: loads", where);
    cr_assert_eq(memcmp(a->forces, b->forces, sizeof a->forces), 0, "%s: forces", where);
    cr_assert_eq(memcmp(a->edge, b->edge, sizeof a->edge), 0, "%s: edges", where);
    cr_assert_eq(a->mass, b->mass, "%s: mass", where);
    cr_assert_eq(a->speed, b->speed, "%s: speed", where);
    cr_assert_eq(a->outlet, b->outlet, "%s: outlet", where);
}

/* Every EVERY-th variant from the case's own number on; some with a change of variant on the way.
 * Returns how many runs that were. */
static int hold(const struct engine_case *c, int number, const char *path)
{
    static struct outcome want, got;
    int last = 0, count = 0;
    run(&want, c, 0, 0, NULL);
    cr_assert_gt(want.speed, 1e-4, "%s: nothing flows", c->name);
    for (int variant = number % EVERY; variant < VARIANTS; variant += EVERY) {
        if (!row_isa_has(isa_of(variant)))
            continue;
        run(&got, c, 0, variant, NULL);
        expect_same(&got, &want, c, variant);
        if (count++ % 16 == 0) {
            run(&got, c, last, variant, path);
            expect_same(&got, &want, c, variant);
        }
        last = variant;
    }
    return count;
}

TestSuite(variants, .init = temporary_folder_create, .fini = temporary_folder_remove);

Test(variants, give_the_same_bits)
{
    static struct engine_case_choices choices[CASES];
    const char *path = temporary_folder_path("lattice");
    int runs = 0;
    engine_case_cover(choices, CASES);
    for (int k = 0; k < CASES; k++) {
        struct engine_case c;
        cr_assert_eq(engine_case_init(&c, &choices[k], NX, NY), OK, "%s", error_message());
        for (int number = 0; number < ROW_NUMBERS; number++) {
            c.options.number = (enum row_number)number;
            runs += hold(&c, 2 * k + number, path);
        }
        engine_case_fini(&c);
    }
    fprintf(stderr, "%d cases, %d runs\n", CASES, runs);
    cr_assert_geq(2 * CASES, EVERY, "some variants had no turn");
}
