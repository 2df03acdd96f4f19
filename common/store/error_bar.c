/* SPDX-License-Identifier: Apache-2.0 */
#include "error_bar.h"

#include "array.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void error_bar_run_fini(struct error_bar_run *run)
{
    array_free(run->velocity); /* density stands behind it */
    run->velocity = run->density = NULL;
    run->frames = 0;
}

enum status error_bar_create(struct error_bar **out, int64_t cases)
{
    struct error_bar *bar = calloc(1, sizeof *bar);
    if (bar == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    bar->cases = cases;
    *out = bar;
    return OK;
}

void error_bar_destroy(struct error_bar *bar)
{
    if (bar == NULL)
        return;
    for (size_t i = 0; i < bar->run_count; i++)
        error_bar_run_fini(&bar->runs[i]);
    free(bar->runs);
    free(bar);
}

static int is_before(const struct error_bar_run *a, const struct error_bar_run *b)
{
    return a->case_index != b->case_index ? a->case_index < b->case_index : a->refine < b->refine;
}

enum status error_bar_add(struct error_bar *bar, struct error_bar_run *run)
{
    struct error_bar_run *grown =
        array_grow(bar->runs, &bar->run_capacity, bar->run_count + 1, sizeof *grown);
    if (grown == NULL) {
        error_bar_run_fini(run);
        return ERR_MEMORY;
    }
    size_t place = bar->run_count++;
    bar->runs = grown;
    for (; place > 0 && is_before(run, &grown[place - 1]); place--)
        grown[place] = grown[place - 1];
    grown[place] = *run;
    *run = (struct error_bar_run){.velocity = NULL};
    return OK;
}

const struct error_bar_run *error_bar_find(const struct error_bar *bar, int64_t case_index,
                                           int64_t refine)
{
    for (size_t i = 0; bar != NULL && i < bar->run_count; i++)
        if (bar->runs[i].case_index == case_index && bar->runs[i].refine == refine)
            return &bar->runs[i];
    return NULL;
}

static int is_listed(int64_t value, const int64_t *list, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (list[i] == value)
            return 1;
    return 0;
}

void error_bar_keep(struct error_bar *bar, const int64_t *cases, int64_t case_count,
                    const int64_t *refinements, int64_t refinement_count)
{
    size_t kept = 0;
    for (size_t i = 0; i < bar->run_count; i++) {
        struct error_bar_run *run = &bar->runs[i];
        if (is_listed(run->case_index, cases, case_count) &&
            is_listed(run->refine, refinements, refinement_count))
            bar->runs[kept++] = *run;
        else
            error_bar_run_fini(run);
    }
    bar->run_count = kept;
}

void error_bar_select(int64_t *out, int64_t wanted, const int64_t *cases, int64_t count)
{
    assert(wanted <= count);
    for (int64_t i = 0; i < wanted; i++)
        out[i] = cases[(2 * i + 1) * count / (2 * wanted)];
}

int64_t error_bar_refinements(int64_t out[ERROR_BAR_REFINEMENTS], int64_t refine, int64_t most)
{
    int64_t count = 0;
    if (refine > 1)
        out[count++] = refine / 2;
    if (2 * refine <= most)
        out[count++] = 2 * refine;
    return count;
}

enum status error_bar_measure(struct error_bar_run *out, const struct case_record *again,
                              const struct case_record *own)
{
    enum status status = OK;
    struct case_compare_forces before;
    struct error_bar_run run = {.case_index = own->flow.index, .refine = again->flow.refine};
    if (again->status != OK) {
        snprintf(run.reason, sizeof run.reason, "%s", again->reason);
        *out = run;
        return OK;
    }
    TRY_GOTO(ARRAY_NEW(run.velocity, 2 * own->frames), cleanup);
    run.frames = own->frames;
    run.density = run.velocity + own->frames;
    TRY_GOTO(case_compare_frames(run.velocity, run.density, again, own), cleanup);
    case_compare_summarise(&before, own);
    case_compare_summarise(&run.again, again);
    run.difference = (struct case_compare_forces){.drag = run.again.drag - before.drag,
                                                  .lift = run.again.lift - before.lift,
                                                  .strouhal = run.again.strouhal - before.strouhal};
    *out = run;
    run.velocity = NULL;
cleanup:
    error_bar_run_fini(&run);
    return status;
}

int64_t error_bar_passes(const struct error_bar_run *run)
{
    return case_compare_passes(run->velocity, run->frames, ERROR_BAR_LIMIT);
}

/* ---- over cases ---- */

static double value_of(const struct error_bar_run *run, enum error_bar_quantity quantity,
                       int64_t frame)
{
    if (frame >= run->frames)
        return (double)NAN;
    switch (quantity) {
    case ERROR_BAR_VELOCITY:
        return run->velocity[frame];
    case ERROR_BAR_DENSITY:
        return run->density[frame];
    case ERROR_BAR_DRAG:
        return fabs(run->difference.drag);
    case ERROR_BAR_LIFT:
        return fabs(run->difference.lift);
    case ERROR_BAR_STROUHAL:
        break;
    }
    return fabs(run->difference.strouhal);
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

enum status error_bar_spread_of(struct error_bar_spread *out, const struct error_bar *bar,
                                int64_t refine, enum error_bar_quantity quantity, int64_t frame)
{
    double *values = NULL;
    size_t count = 0;
    *out = (struct error_bar_spread){0, NAN, NAN, NAN};
    TRY(ARRAY_NEW(values, bar->run_count + 1));
    for (size_t i = 0; i < bar->run_count; i++) {
        double value = value_of(&bar->runs[i], quantity, frame);
        if (bar->runs[i].refine == refine && isfinite(value))
            values[count++] = value;
    }
    qsort(values, count, sizeof *values, ascending);
    if (count > 0)
        *out =
            (struct error_bar_spread){.count = (int64_t)count,
                                      .median = (values[(count - 1) / 2] + values[count / 2]) / 2,
                                      .least = values[0],
                                      .most = values[count - 1]};
    array_free(values);
    return OK;
}

int64_t error_bar_list_refinements(int64_t *out, int64_t capacity, const struct error_bar *bar)
{
    int64_t count = 0;
    for (size_t i = 0; i < bar->run_count; i++) {
        int64_t refine = bar->runs[i].refine, place = count;
        if (count == capacity || is_listed(refine, out, count))
            continue;
        for (; place > 0 && out[place - 1] > refine; place--)
            out[place] = out[place - 1];
        out[place] = refine;
        count++;
    }
    return count;
}
