/* SPDX-License-Identifier: Apache-2.0
 *
 * One step, for every row: write the ghost slots of bottom and top, the slots of the body links,
 * those of the inflow or outflow if the row is an end, then pull, collide, store. Every slot
 * belongs to one row (row_task.h), and a row reads what its neighbours had after the step before,
 * so rows march in blocks over the threads without a barrier (march.h), from one look of the guard
 * to the next. Sums go over rows in order: the bits do not depend on the number of threads. */
#include "lattice.h"

#include "array.h"
#include "lattice_motion.h"
#include "lattice_private.h"
#include "log.h"
#include "march.h"

#include <math.h>
#include <string.h>

static const double speed_to_warn = 0.4, speed_to_stop = 0.55, mean_density_tolerance = 0.05;

/* `step`: since rest. */
static void prepare_ends(struct lattice *l, const struct row_task *task, int64_t x, int64_t step)
{
    const struct lattice_options *o = &l->options;
    double rise =
        o->ends == LATTICE_ENDS_OPEN ? o->inflow.speed * inflow_rise(&o->inflow, step) : 0;
    if (x == 0 && o->ends == LATTICE_ENDS_OPEN)
        l->kernels->inflow(task, 1, l->terms, rise, inflow_lift(&o->inflow, step));
    if (x == 0 && o->ends == LATTICE_ENDS_WALLS)
        l->kernels->inflow(task, 1, l->terms, 0, o->left_speed);
    if (x != o->nx - 1)
        return;
    if (o->ends == LATTICE_ENDS_WALLS)
        l->kernels->inflow(task, -1, l->terms, 0, o->right_speed);
    if (o->ends == LATTICE_ENDS_OPEN) {
        double mean_u, mean_rho;
        l->kernels->outflow_measure(task, l->velocity, &mean_u, &mean_rho);
        outflow_advance(&l->outflow, mean_u, mean_rho, l->mean_inflow * rise);
        l->kernels->outflow(task, l->velocity, l->outflow.density);
    }
}

/* A call of lattice_run; the guard looks at the end of each bout. */
struct run {
    struct lattice *lattice;
    double *forces; /* NULL, or of the bout in progress */
    double *bodies; /* likewise */
    int64_t begin;  /* steps since rest */
    int64_t left;   /* steps, those of the bout in progress included */
    int64_t bout;   /* steps of the bout in progress */
};

/* Row x in step `number` of the bout, from the copy that is the newer one then. */
static void step_row(const struct run *run, int64_t x, int64_t number)
{
    struct lattice *l = run->lattice;
    const struct lattice_options *o = &l->options;
    struct row_task task;
    double *wall = l->row_force + l->loads * (number * o->nx + x), *body = wall + 2;
    void *from = number % 2 == 0 ? l->now : l->before;
    void *to = number % 2 == 0 ? l->before : l->now;
    memset(wall, 0, (size_t)l->loads * sizeof *wall);
    lattice_private_task(&task, l, from, to, x, l->step + number);
    l->kernels->edge(&task, o->bottom, 1, o->bottom_speed, wall);
    l->kernels->edge(&task, o->top, -1, o->top_speed, wall);
    if (l->links != NULL) {
        int64_t first = l->links->first[x], count = l->links->first[x + 1] - first;
        const struct link_wall_speed *speeds = l->links->speeds;
        l->kernels->link(&task, l->links->links + first, speeds != NULL ? speeds + first : NULL,
                         count, body);
    }
    prepare_ends(l, &task, x, l->step + number);
    lattice_private_sweep(l, &task);
    if (number == run->bout - 1) {
        task.rows[1] = task.to;
        l->kernels->survey(&l->surveys[x], &task);
    }
}

static void step_block(void *context, int64_t block, int64_t step)
{
    const struct run *run = context;
    const struct lattice *l = run->lattice;
    int64_t first = block * l->block_rows, end = first + l->block_rows;
    for (int64_t x = first; x < end && x < l->options.nx; x++)
        step_row(run, x, run->begin + step - l->step);
}

/* Rows in order, then bodies in order. */
static void sum_forces(const struct run *run)
{
    struct lattice *l = run->lattice;
    int64_t loads = l->loads, of_bodies = LATTICE_LOADS * l->bodies;
    for (int64_t number = 0; number < run->bout; number++) {
        const double *rows = l->row_force + loads * number * l->options.nx;
        memset(l->load, 0, (size_t)loads * sizeof *l->load);
        for (int64_t x = 0; x < l->options.nx; x++)
            for (int64_t k = 0; k < loads; k++)
                l->load[k] += rows[loads * x + k];
        const double *body = l->load + 2;
        for (int axis = 0; axis < 2 && run->forces != NULL; axis++) {
            double *total = &run->forces[2 * number + axis];
            *total = 0;
            for (int64_t k = 0; k < l->bodies; k++)
                *total += body[LATTICE_LOADS * k + axis];
        }
        if (run->bodies != NULL)
            memcpy(run->bodies + of_bodies * number, body, (size_t)of_bodies * sizeof *body);
    }
}

static void sum_surveys(struct lattice *l)
{
    l->mass = 0;
    l->worst = 0;
    for (int64_t x = 0; x < l->options.nx; x++) {
        l->mass += l->surveys[x].mass;
        if (l->surveys[x].worst > l->worst)
            l->worst = l->surveys[x].worst;
    }
}

static void judge(struct lattice *l)
{
    double density_error = fabs(l->mass) / (double)l->fluid_cells;
    if (!(density_error <= mean_density_tolerance) || l->worst > speed_to_stop * speed_to_stop) {
        l->health = LATTICE_SICK;
    } else if (l->worst > speed_to_warn * speed_to_warn && l->health == LATTICE_WELL) {
        l->health = LATTICE_FAST;
        l->fast_worst = l->worst;
        l->fast_step = l->step;
    }
}

static void end_bout(struct run *run)
{
    struct lattice *l = run->lattice;
    if (run->bout % 2 != 0) {
        void *older = l->before;
        l->before = l->now;
        l->now = older;
    }
    l->step += run->bout;
    sum_forces(run);
    sum_surveys(l);
    judge(l);
    run->left -= run->bout;
    if (run->forces != NULL)
        run->forces += 2 * run->bout;
    if (run->bodies != NULL)
        run->bodies += LATTICE_LOADS * l->bodies * run->bout;
}

/* Between bouts; the next one goes to the guard's next look. */
static int64_t turn(void *context, int64_t done)
{
    struct run *run = context;
    const struct lattice *l = run->lattice;
    if (run->bout > 0)
        end_bout(run);
    int64_t until_look = LATTICE_GUARD_STEPS - l->step % LATTICE_GUARD_STEPS;
    run->bout = run->left < until_look ? run->left : until_look;
    return l->health == LATTICE_SICK ? done : done + run->bout;
}

/* Says what is wrong and where: the first cell that holds no number, else the fastest, or where
 * only the mean density is off, the one of the most extreme density. */
static enum status report(struct lattice *l)
{
    enum status status = OK;
    const struct lattice_options *o = &l->options;
    double *rho = NULL, greatest = -1, density = 0, speed = 0;
    int64_t at_x = -1, at_y = -1;
    int fast = l->worst > speed_to_stop * speed_to_stop;
    TRY_GOTO(ARRAY_NEW(rho, 3 * o->ny), cleanup);
    double *ux = rho + o->ny, *uy = ux + o->ny;
    for (int64_t x = 0; x < o->nx; x++) {
        lattice_row(rho, ux, uy, l, x);
        for (int64_t y = 0; y < o->ny; y++) {
            if (l->solid[x * o->ny + y])
                continue;
            double u = sqrt(ux[y] * ux[y] + uy[y] * uy[y]);
            double size = fast ? u : fabs(rho[y] - 1);
            int lost = !isfinite(u) || !isfinite(rho[y]);
            if (isfinite(greatest) && (lost || size > greatest)) {
                greatest = lost ? INFINITY : size;
                at_x = x;
                at_y = y;
                density = rho[y];
                speed = u;
            }
        }
    }
    l->fault = (struct lattice_fault){at_x, at_y, l->step};
    status =
        FAIL(ERR_NUMERIC,
             "the flow diverged: lattice cell (%lld, %lld) at lattice step %lld has |u| = %.3g "
             "(limit %g) and rho = %.3g; mean rho - 1 = %.3g (limit %g)",
             (long long)at_x, (long long)at_y, (long long)l->step, speed, speed_to_stop, density,
             l->mass / (double)l->fluid_cells, mean_density_tolerance);
cleanup:
    array_free(rho);
    return status;
}

/* Bodies where they are now. */
static enum status run_steps(struct lattice *lattice, int64_t steps, double *forces, double *bodies)
{
    struct run run = {lattice, forces, bodies, lattice->step, steps, 0};
    const struct march_work work = {&run, step_block, turn};
    if (lattice->health != LATTICE_SICK)
        march_run(lattice->march, &work);
    if (lattice->health == LATTICE_SICK)
        return report(lattice);
    if (lattice->health == LATTICE_FAST && !lattice->warned) {
        lattice->warned = 1;
        log_warning("|u| = %.3g at lattice step %lld is above %g; the run goes on to %g",
                    sqrt(lattice->fast_worst), (long long)lattice->fast_step, speed_to_warn,
                    speed_to_stop);
    }
    return OK;
}

enum status lattice_run_bodies(struct lattice *lattice, int64_t steps, double *forces,
                               double *bodies)
{
    int64_t of_bodies = LATTICE_LOADS * lattice->bodies;
    if (!lattice_motion_changes(lattice))
        return run_steps(lattice, steps, forces, bodies);
    for (int64_t step = 0; step < steps; step++) {
        TRY(lattice_motion_advance(lattice));
        TRY(run_steps(lattice, 1, forces != NULL ? forces + 2 * step : NULL,
                      bodies != NULL ? bodies + of_bodies * step : NULL));
    }
    return OK;
}

enum status lattice_run(struct lattice *lattice, int64_t steps, double *forces)
{
    return lattice_run_bodies(lattice, steps, forces, NULL);
}
