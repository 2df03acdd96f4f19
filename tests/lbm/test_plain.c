/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine against the plain loop (plain_solver.h), 500 steps with all boundaries on, in both
 * precisions: fields and moments at the end, forces and torque on every body in every step. Errors
 * are counted in the greatest speed of the flow, those of density too (a sound wave of speed u
 * carries rho' = u / c_s).
 *
 * COVER_CASES: how many cases of engine_case_cover's set, all of which are at most COVER_ALL.
 * MORE_CASES: as many more at random. */
#include "engine_case.h"
#include "greatest.h"
#include "lattice_state.h"
#include "plain_solver.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>

enum { STEPS = 500, NX = ENGINE_CASE_NX, NY = ENGINE_CASE_NY, CELLS = NX * NY };
enum { LOADS = ENGINE_CASE_BODIES * LATTICE_LOADS };

/* What the plain loop found. */
struct reference {
    struct plain_solver *solver;
    double speed;
    double loads[STEPS][LOADS];
};

static void make_reference(struct reference *r, const struct engine_case *c)
{
    cr_assert_eq(plain_solver_create(&r->solver, &c->options), OK, "%s", error_message());
    for (int k = 0; k < STEPS; k++) {
        cr_assert_eq(plain_solver_step(r->solver), OK, "%s", error_message());
        for (int n = 0; n < LOADS; n++)
            r->loads[k][n] = r->solver->loads[n];
    }
    r->speed = 0;
    for (int64_t cell = 0; cell < CELLS; cell++) {
        const double *seen = r->solver->seen + START_FIELDS * cell;
        if (!r->solver->bodies.solid[cell])
            greatest_note(&r->speed, hypot(seen[START_UX], seen[START_UY]));
    }
}

/* Greatest errors. */
struct errors {
    double field, moment, load, torque, edge;
};

/* Ten times the most that came out over test_plain_wide's cases: 1.0e-5 in float32, torques 1.9e-5.
 * In float64 the plain loop's own rounding stands out (its populations are whole, the engine's less
 * their weights): in 500 steps it adds up to 3.6e-12 in density, which the force on bottom and top
 * sums over their links to 3.3e-11; bodies are closed and sum it away, 3.1e-13 and 4.4e-13. */
static const struct errors allowed[ROW_NUMBERS] = {
    [ROW_FLOAT] = {1e-4, 1e-4, 1e-4, 2e-4, 1e-4},
    [ROW_DOUBLE] = {4e-11, 4e-11, 3e-12, 4e-12, 3e-10},
};

static void compare_cells(struct errors *e, const struct lattice *lattice, const double *watched,
                          const struct reference *r)
{
    double rho[NY], ux[NY], uy[NY];
    for (int64_t cell = 0; cell < CELLS; cell++) {
        const double *seen = r->solver->seen + START_FIELDS * cell;
        if (cell % NY == 0)
            lattice_row(rho, ux, uy, lattice, cell / NY);
        cr_assert_eq(lattice_solid(lattice)[cell], r->solver->bodies.solid[cell]);
        if (r->solver->bodies.solid[cell])
            continue;
        greatest_note(&e->field, fabs(rho[cell % NY] - seen[START_RHO]) / r->speed);
        greatest_note(&e->field, fabs(ux[cell % NY] - seen[START_UX]) / r->speed);
        greatest_note(&e->field, fabs(uy[cell % NY] - seen[START_UY]) / r->speed);
        for (int k = 0; k < START_FIELDS; k++)
            greatest_note(&e->moment, fabs(watched[k * CELLS + cell] - seen[k]) / r->speed);
    }
}

static struct errors compare(const struct engine_case *c, const struct reference *r)
{
    static double loads[STEPS][LOADS], watched[START_FIELDS * CELLS];
    struct errors e = {0};
    struct lattice *lattice = NULL;
    double edge[2];
    cr_assert_eq(lattice_create(&lattice, &c->options), OK, "%s: %s", c->name, error_message());
    lattice_state_watch(lattice, watched);
    cr_assert_eq(lattice_run_bodies(lattice, STEPS, NULL, loads[0]), OK, "%s: %s", c->name,
                 error_message());
    compare_cells(&e, lattice, watched, r);
    for (int k = 0; k < STEPS; k++)
        for (int n = 0; n < LOADS; n++)
            greatest_note(n % LATTICE_LOADS == 2 ? &e.torque : &e.load,
                          fabs(loads[k][n] - r->loads[k][n]) / r->speed);
    lattice_wall_force(edge, lattice);
    for (int axis = 0; axis < 2; axis++)
        greatest_note(&e.edge, fabs(edge[axis] - r->solver->edge[axis]) / r->speed);
    lattice_destroy(lattice);
    return e;
}

static void expect_allowed(const struct errors *e, const struct engine_case *c)
{
    const struct errors *most = &allowed[c->options.number];
    const char *type = c->options.number == ROW_FLOAT ? "float32" : "float64";
    cr_assert_leq(e->field, most->field, "%s, %s: rho, u off by %g", c->name, type, e->field);
    cr_assert_leq(e->moment, most->moment, "%s, %s: moments off by %g", c->name, type, e->moment);
    cr_assert_leq(e->load, most->load, "%s, %s: forces off by %g", c->name, type, e->load);
    cr_assert_leq(e->torque, most->torque, "%s, %s: torques off by %g", c->name, type, e->torque);
    cr_assert_leq(e->edge, most->edge, "%s, %s: edges' force off by %g", c->name, type, e->edge);
}

static void widen(struct errors *worst, const struct errors *e)
{
    greatest_note(&worst->field, e->field);
    greatest_note(&worst->moment, e->moment);
    greatest_note(&worst->load, e->load);
    greatest_note(&worst->torque, e->torque);
    greatest_note(&worst->edge, e->edge);
}

static void hold(struct errors worst[ROW_NUMBERS], const struct engine_case_choices *choices)
{
    static struct reference r;
    struct engine_case c;
    cr_assert_eq(engine_case_init(&c, choices, NX, NY), OK, "%s", error_message());
    make_reference(&r, &c);
    cr_assert_gt(r.speed, 5e-3, "%s: nothing flows", c.name);
    for (int number = 0; number < ROW_NUMBERS; number++) {
        c.options.number = (enum row_number)number;
        struct errors e = compare(&c, &r);
        expect_allowed(&e, &c);
        widen(&worst[number], &e);
    }
    plain_solver_destroy(r.solver);
    engine_case_fini(&c);
}

Test(plain, the_engine_gives_the_fields_and_loads_of_the_plain_loop)
{
    static struct engine_case_choices choices[COVER_CASES];
    struct errors worst[ROW_NUMBERS] = {{0}};
    int count = engine_case_cover(choices, COVER_CASES);
    for (int k = 0; k < COVER_CASES && (count == 0 || k < count); k++)
        hold(worst, &choices[k]);
    for (int k = 0; k < MORE_CASES; k++) {
        struct engine_case_choices more = engine_case_draw(1000000 + k);
        hold(worst, &more);
    }
    for (int number = 0; number < ROW_NUMBERS; number++)
        fprintf(stderr, "%s: fields %.2g, moments %.2g, forces %.2g, torques %.2g, edges %.2g\n",
                number == ROW_FLOAT ? "float32" : "float64", worst[number].field,
                worst[number].moment, worst[number].load, worst[number].torque, worst[number].edge);
}

Test(plain, every_pair_of_choices_meets_in_the_covering_set)
{
    enum { MOST = 100 };
    static struct engine_case_choices choices[MOST];
    int count = engine_case_cover(choices, MOST);
    cr_assert(count > 0 && count <= COVER_ALL, "%d cases", count);
    for (int a = 0; a < ENGINE_CASE_FACTORS; a++)
        for (int b = 0; b < a; b++) {
            int met = 0, pairs = engine_case_levels((enum engine_case_factor)a) *
                                 engine_case_levels((enum engine_case_factor)b);
            for (int pair = 0; pair < pairs; pair++) {
                int seen = 0;
                for (int k = 0; k < count; k++)
                    seen |= choices[k].of[a] +
                                engine_case_levels((enum engine_case_factor)a) * choices[k].of[b] ==
                            pair;
                met += seen;
            }
            cr_assert_eq(met, pairs, "factors %d and %d: %d of %d", a, b, met, pairs);
        }
}
