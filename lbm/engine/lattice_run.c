/* SPDX-License-Identifier: Apache-2.0
 *
 * One step, for every row: write the ghost slots of bottom and top, the slots of the body links,
 * those of the inflow or outflow if the row is an end, then pull, collide, store. Every ghost slot
 * belongs to one row (row_task.h), so a row may take its step as soon as its neighbours have taken
 * the one before: a sweep takes chunks of rows through several steps (pipeline.h), the chunk of
 * each step lying one row behind that of the step before. Sweeps go to and fro through the
 * array (lattice_private.h), from one look of the guard to the next. Sums go over rows in order:
 * the bits depend neither on the threads nor on the steps of a sweep. */
#include "lattice.h"

#include "array.h"
#include "lattice_motion.h"
#include "lattice_private.h"
#include "lattice_state.h"
#include "lattice_wall.h"
#include "log.h"
#include "pipeline.h"

#include <math.h>
#include <string.h>

static const double speed_to_warn = 0.4, speed_to_stop = 0.55, mean_density_tolerance = 0.05;

/* `rise`: speed of the stream at infinity. */
static void prepare_left(struct lattice *l, const struct row_task *task, double rise, int64_t step)
{
    const struct lattice_options *o = &l->options;
    if (o->ends == LATTICE_ENDS_OPEN)
        l->kernels->inflow(task, 1, l->terms, rise, inflow_lift(&o->inflow, step));
    if (o->ends == LATTICE_ENDS_WALLS)
        l->kernels->inflow(task, 1, l->terms, o->left_speed, 0);
}

static void prepare_right(struct lattice *l, const struct row_task *task, double rise)
{
    const struct lattice_options *o = &l->options;
    if (o->ends == LATTICE_ENDS_WALLS)
        l->kernels->inflow(task, -1, l->terms, o->right_speed, 0);
    if (o->ends == LATTICE_ENDS_OPEN) {
        double mean_u, mean_rho;
        l->kernels->outflow_measure(task, l->velocity, &mean_u, &mean_rho);
        outflow_advance(&l->outflow, mean_u, mean_rho, l->mean_inflow * rise);
        l->kernels->outflow(task, l->velocity, l->outflow.density);
    }
}

/* Steps of a call of lattice_run that bodies do not interrupt; a bout ends where the guard looks.
 */
struct run {
    struct lattice *lattice;
    double *forces;                 /* NULL, or of the bout in progress */
    double *bodies;                 /* likewise */
    double *watch;                  /* NULL, or where the instant at the end goes */
    int64_t left;                   /* steps, those of the bout in progress included */
    int is_last;                    /* the call ends with them */
    int64_t bout;                   /* steps of the bout in progress */
    int is_watched;                 /* the guard looks at its end */
    int64_t swept;                  /* steps of it before the sweep in progress */
    int64_t levels;                 /* steps of that sweep */
    int64_t way;                    /* its direction, lattice_private_way */
    double force_x[LATTICE_LEVELS]; /* body force of its steps */
};

/* Row x in step `level` of the sweep, from .. to. */
static void task_of(struct row_task *out, const struct run *run, int64_t x, int64_t level)
{
    const struct lattice *l = run->lattice;
    int64_t from = l->base + LATTICE_SHIFT * run->way * level;
    lattice_private_task(out, l, from, from + LATTICE_SHIFT * run->way, x, run->force_x[level]);
}

/* Left and right, where they are among the rows. */
static void prepare_ends(const struct run *run, const struct row_group *group, int64_t x,
                         int64_t level)
{
    struct lattice *l = run->lattice;
    const struct lattice_options *o = &l->options;
    int64_t step = l->step + run->swept + level, other = x + (group->rows - 1) * group->way;
    int left = x == 0 || other == 0, right = x == o->nx - 1 || other == o->nx - 1;
    double rise = 0;
    struct row_task task;
    if ((left || right) && o->ends == LATTICE_ENDS_OPEN)
        rise = o->inflow.speed * inflow_rise(&o->inflow, step);
    if (left) {
        task_of(&task, run, 0, level);
        prepare_left(l, &task, rise, step);
    }
    if (right) {
        task_of(&task, run, o->nx - 1, level);
        prepare_right(l, &task, rise);
    }
}

/* Of bodies. */
static int asks_forces(const struct run *run)
{
    return run->forces != NULL || run->bodies != NULL;
}

/* Every slot that the rows are pulled from and that no sweep fills. */
static void prepare(const struct run *run, const struct row_group *group, int64_t x, int64_t level)
{
    struct lattice *l = run->lattice;
    int64_t number = run->swept + level;
    double *forces = l->row_force + l->loads * (number * l->options.nx + x);
    l->kernels->edges(group, &l->edges);
    if (run->is_last && number == run->left - 1)
        lattice_wall_load(forces, l, group, x);
    if (l->links != NULL)
        l->kernels->links(group, l->links, l->link_slots, x, asks_forces(run) ? forces : NULL,
                          l->loads);
    prepare_ends(run, group, x, level);
}

/* What is to be seen of the rows before they collide. */
static void look(const struct run *run, const struct row_group *group, int64_t x, int64_t level)
{
    int64_t number = run->swept + level;
    for (int64_t k = 0; k < group->rows; k++) {
        struct row_task task;
        int64_t at = x + k * group->way;
        task_of(&task, run, at, level);
        lattice_state_look(run->watch, run->lattice, &task, at, run->lattice->step + number);
    }
}

/* Rows are counted from the end where the sweep begins. */
static void step_chunk(void *context, int64_t item, int64_t stage)
{
    const struct run *run = context;
    struct lattice *l = run->lattice;
    int64_t nx = l->options.nx, first = item * l->chunk - stage, end = first + l->chunk;
    int64_t number = run->swept + stage;
    first = first > 0 ? first : 0;
    end = end < nx ? end : nx;
    if (first >= end)
        return;
    int64_t x = run->way < 0 ? first : nx - 1 - first;
    struct row_group group = {.rows = end - first, .way = -run->way};
    task_of(&group.first, run, x, stage);
    prepare(run, &group, x, stage);
    if (run->watch != NULL && number == run->left - 1)
        look(run, &group, x, stage);
    lattice_private_sweep(l, &group);
    if (run->is_watched && number == run->bout - 1)
        l->kernels->surveys(&l->surveys[x], &group);
}

/* Three loads of rows begin .. end - 1, in order. */
static void sum_rows(double out[LATTICE_LOADS], const double *rows, int64_t loads, int64_t begin,
                     int64_t end)
{
    double sum[LATTICE_LOADS] = {0};
    for (int64_t x = begin; x < end; x++)
        for (int k = 0; k < LATTICE_LOADS; k++)
            sum[k] += rows[loads * x + k];
    memcpy(out, sum, sizeof sum);
}

/* On bottom and top together; asked for in the last step alone. */
static void sum_walls(struct lattice *l, const double *rows)
{
    memset(l->load, 0, 2 * sizeof *l->load);
    for (int64_t x = 0; x < l->options.nx; x++)
        for (int k = 0; k < 2; k++)
            l->load[k] += rows[l->loads * x + k];
}

/* Rows in order, then bodies in order. */
static void sum_forces(const struct run *run)
{
    struct lattice *l = run->lattice;
    int64_t loads = l->loads, of_bodies = LATTICE_LOADS * l->bodies;
    for (int64_t number = 0; number < run->bout; number++) {
        const double *rows = l->row_force + loads * number * l->options.nx;
        if (run->is_last && number == run->left - 1)
            sum_walls(l, rows);
        for (int64_t k = 0; k < l->bodies && asks_forces(run); k++) {
            int64_t at = 2 + LATTICE_LOADS * k;
            sum_rows(l->load + at, rows + at, loads, l->links->begin, l->links->end);
        }
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
    l->step += run->bout;
    sum_forces(run);
    if (run->is_watched) {
        sum_surveys(l);
        judge(l);
    }
    run->left -= run->bout;
    if (run->forces != NULL)
        run->forces += 2 * run->bout;
    if (run->bodies != NULL)
        run->bodies += LATTICE_LOADS * l->bodies * run->bout;
}

static void end_sweep(struct run *run)
{
    struct lattice *l = run->lattice;
    l->base += LATTICE_SHIFT * run->way * run->levels;
    run->swept += run->levels;
    if (run->swept == run->bout && run->bout > 0)
        end_bout(run);
}

/* The next bout goes to the guard's next look, or to where bodies are put elsewhere. */
static void begin_bout(struct run *run)
{
    const struct lattice *l = run->lattice;
    int64_t until_look = LATTICE_GUARD_STEPS - l->step % LATTICE_GUARD_STEPS;
    run->bout = run->left < until_look ? run->left : until_look;
    run->is_watched = run->bout == until_look || (run->is_last && run->bout == run->left);
    run->swept = 0;
}

/* Between sweeps. */
static void turn(void *context, struct pipeline_pass *next)
{
    struct run *run = context;
    struct lattice *l = run->lattice;
    end_sweep(run);
    if (run->swept == run->bout)
        begin_bout(run);
    if (run->bout == 0 || l->health == LATTICE_SICK)
        return;
    int64_t left = run->bout - run->swept, sweeps = (left + l->levels - 1) / l->levels;
    run->levels = (left + sweeps - 1) / sweeps; /* none is much shorter than the others */
    run->way = lattice_private_way(l, run->levels);
    for (int64_t level = 0; level < run->levels; level++)
        run->force_x[level] = lattice_private_force_x(l, l->step + run->swept + level);
    if (l->options.ends == LATTICE_ENDS_PERIODIC)
        lattice_private_close_ring(l);
    next->stages = run->levels;
    next->items = (l->options.nx + run->levels - 1 + l->chunk - 1) / l->chunk;
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
static enum status run_steps(struct run *run)
{
    struct lattice *lattice = run->lattice;
    const struct pipeline_work work = {run, step_chunk, turn};
    if (lattice->health != LATTICE_SICK)
        pipeline_run(lattice->pipeline, &work);
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
    double *watch = lattice->watch;
    lattice->watch = NULL;
    for (int64_t done = 0, now; done < steps; done += now) {
        now = lattice_motion_quiet(lattice, steps - done);
        if (now == 0) {
            now = 1;
            TRY(lattice_motion_advance(lattice));
        }
        struct run run = {.lattice = lattice,
                          .forces = forces != NULL ? forces + 2 * done : NULL,
                          .bodies = bodies != NULL ? bodies + of_bodies * done : NULL,
                          .left = now,
                          .is_last = done + now == steps};
        run.watch = run.is_last ? watch : NULL;
        TRY(run_steps(&run));
    }
    return OK;
}

enum status lattice_run(struct lattice *lattice, int64_t steps, double *forces)
{
    return lattice_run_bodies(lattice, steps, forces, NULL);
}
