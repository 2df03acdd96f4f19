/* SPDX-License-Identifier: Apache-2.0 */
#include "odd_sizes.h"

#include "array.h"
#include "engine_case.h"
#include "greatest.h"
#include "lattice_state.h"
#include "plain_solver.h"

#include <math.h>
#include <stdio.h>

const int64_t odd_sizes[ODD_SIZES] = {1, 15, 16, 17, 63, 65};

/* Where a run of the engine leaves what it found. */
struct buffers {
    double *watched;    /* [START_FIELDS][nx][ny] */
    double *row;        /* [3][ny] */
    double *loads;      /* [steps][bodies][LATTICE_LOADS] */
    double *want_loads; /* likewise, the plain loop's */
};

static void compare(double *worst, const struct lattice *lattice, const struct buffers *b,
                    const struct plain_solver *plain, int64_t steps)
{
    int64_t ny = plain->options.ny, cells = plain->options.nx * ny;
    for (int64_t cell = 0; cell < cells; cell++) {
        const double *want = plain->seen + START_FIELDS * cell;
        if (cell % ny == 0)
            lattice_row(b->row, b->row + ny, b->row + 2 * ny, lattice, cell / ny);
        if (lattice_solid(lattice)[cell] != plain->bodies.solid[cell])
            *worst = INFINITY;
        if (plain->bodies.solid[cell])
            continue;
        for (int k = 0; k < 3; k++)
            greatest_note(worst, fabs(b->row[k * ny + cell % ny] - want[k]));
        for (int k = 0; k < START_FIELDS; k++)
            greatest_note(worst, fabs(b->watched[k * cells + cell] - want[k]));
    }
    for (int64_t k = 0; k < steps * plain->bodies.count * LATTICE_LOADS; k++)
        greatest_note(worst, fabs(b->loads[k] - b->want_loads[k]));
}

static enum status run(struct odd_sizes_result *out, const struct lattice_options *options,
                       const struct buffers *b, const struct plain_solver *plain, int64_t steps)
{
    enum status status = OK;
    struct lattice *lattice = NULL;
    TRY_GOTO(lattice_create(&lattice, options), cleanup);
    lattice_state_watch(lattice, b->watched);
    TRY_GOTO(lattice_run_bodies(lattice, steps, NULL, b->loads), cleanup);
    compare(&out->difference[options->number], lattice, b, plain, steps);
    out->runs++;
cleanup:
    lattice_destroy(lattice);
    return status;
}

static enum status run_plain(struct odd_sizes_result *out, struct buffers *b,
                             struct plain_solver *plain, int64_t steps)
{
    int64_t numbers = plain->bodies.count * LATTICE_LOADS;
    for (int64_t step = 0; step < steps; step++) {
        TRY(plain_solver_step(plain));
        for (int64_t k = 0; k < numbers; k++)
            b->want_loads[step * numbers + k] = plain->loads[k];
    }
    for (int64_t cell = 0; cell < plain->options.nx * plain->options.ny; cell++) {
        const double *seen = plain->seen + START_FIELDS * cell;
        if (!plain->bodies.solid[cell])
            greatest_note(&out->speed, hypot(seen[START_UX], seen[START_UY]));
    }
    return OK;
}

enum status odd_sizes_try(struct odd_sizes_result *out, int kind, int64_t nx, int64_t ny,
                          int number, int64_t steps)
{
    enum status status = OK;
    struct engine_case c = {.geometry = NULL};
    struct engine_case_choices choices = engine_case_draw(number);
    struct plain_solver *plain = NULL;
    struct buffers b = {NULL, NULL, NULL, NULL};
    choices.of[ENGINE_CASE_OPERATOR] = kind;
    *out = (struct odd_sizes_result){.speed = 0};
    TRY_GOTO(engine_case_init(&c, &choices, nx, ny), cleanup);
    snprintf(out->name, sizeof out->name, "%d x %d: %s", (int)nx, (int)ny, c.name);
    TRY_GOTO(plain_solver_create(&plain, &c.options), cleanup);
    TRY_GOTO(ARRAY_NEW(b.watched, START_FIELDS * nx * ny), cleanup);
    TRY_GOTO(ARRAY_NEW(b.row, 3 * ny), cleanup);
    TRY_GOTO(ARRAY_NEW(b.loads, steps * plain->bodies.count * LATTICE_LOADS), cleanup);
    TRY_GOTO(ARRAY_NEW(b.want_loads, steps * plain->bodies.count * LATTICE_LOADS), cleanup);
    TRY_GOTO(run_plain(out, &b, plain, steps), cleanup);
    c.options.levels = 1 + number % 5;
    for (int isa = ROW_ISA_BASELINE; isa < ROW_ISAS; isa++)
        for (int type = 0; type < ROW_NUMBERS; type++) {
            c.options.isa = (enum row_isa)isa;
            c.options.number = (enum row_number)type;
            c.options.threads = 1 + (number + isa) % 2;
            if (row_isa_has(c.options.isa))
                TRY_GOTO(run(out, &c.options, &b, plain, steps), cleanup);
        }
cleanup:
    array_free(b.watched);
    array_free(b.row);
    array_free(b.loads);
    array_free(b.want_loads);
    plain_solver_destroy(plain);
    engine_case_fini(&c);
    return status;
}
