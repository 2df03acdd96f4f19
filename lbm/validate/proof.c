/* SPDX-License-Identifier: Apache-2.0 */
#include "proof.h"

#include "array.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct proof_case cases[] = {
#define X(function, name, reynolds, cells, updates, summary, source)                               \
    {name, summary, source, updates, reynolds, cells, function},
#include "proof_list.h"
#undef X
};

static const struct proof_figure figures[] = {
#define NEAR(name, quantity, reference, wanted, tolerance, ours)                                   \
    {name,                                                                                         \
     quantity,                                                                                     \
     reference,                                                                                    \
     wanted,                                                                                       \
     (wanted) - (tolerance) * ((wanted) < 0 ? -(wanted) : (wanted)),                               \
     (wanted) + (tolerance) * ((wanted) < 0 ? -(wanted) : (wanted)),                               \
     ours},
#define BETWEEN(name, quantity, reference, low, high, ours)                                        \
    {name, quantity, reference, NAN, low, high, ours},
#include "proof_figure_list.h"
#undef NEAR
#undef BETWEEN
};

/* Figures are committed with six digits; what is derived from the solver's bits (spectra, least
 * squares) is trusted to five. */
static const double moved_share = 2e-5, moved_of_interval = 1e-4;

int64_t proof_count(void)
{
    return (int64_t)(sizeof cases / sizeof cases[0]);
}

const struct proof_case *proof_at(int64_t index)
{
    assert(index >= 0 && index < proof_count());
    return &cases[index];
}

enum status proof_find(const struct proof_case **out, const char *name)
{
    char known[1024] = "";
    for (int64_t k = 0; k < proof_count(); k++) {
        if (strcmp(name, cases[k].name) == 0) {
            *out = &cases[k];
            return OK;
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "", cases[k].name);
    }
    return FAIL(ERR_USAGE, "there is no validation case '%s'; there are: %s", name, known);
}

int64_t proof_figure_count(void)
{
    return (int64_t)(sizeof figures / sizeof figures[0]);
}

const struct proof_figure *proof_figure_at(int64_t index)
{
    assert(index >= 0 && index < proof_figure_count());
    return &figures[index];
}

void proof_init(struct proof *out, int threads, const struct stop *stop)
{
    *out = (struct proof){.threads = threads, .stop = stop};
}

void proof_fini(struct proof *proof)
{
    array_free(proof->series);
    proof->series = NULL;
}

enum status proof_run(struct proof *proof, const struct proof_case *which)
{
    proof->which = which;
    enum status status = which->run(proof, which);
    return status == OK ? OK : error_prefix(status, "validation case '%s'", which->name);
}

void proof_recall(struct proof *proof, const struct proof_case *which)
{
    proof->which = which;
    for (int64_t k = 0; k < proof_figure_count() && proof->count < PROOF_ROWS; k++)
        if (strcmp(figures[k].name, which->name) == 0)
            proof->rows[proof->count++] = (struct proof_row){&figures[k], figures[k].ours};
}

int proof_row_passes(const struct proof_row *row)
{
    return row->value >= row->figure->low && row->value <= row->figure->high;
}

int proof_passes(const struct proof *proof)
{
    int passes = proof->count > 0;
    for (int64_t k = 0; k < proof->count; k++)
        passes = passes && proof_row_passes(&proof->rows[k]);
    return passes;
}

int proof_row_moved(const struct proof_row *row)
{
    const struct proof_figure *figure = row->figure;
    double slack =
        fmax(moved_share * fabs(figure->ours), moved_of_interval * (figure->high - figure->low));
    return !(fabs(row->value - figure->ours) <= slack);
}

enum status proof_add(struct proof *proof, const char *quantity, double value)
{
    for (int64_t k = 0; k < proof_figure_count(); k++) {
        const struct proof_figure *figure = &figures[k];
        if (strcmp(figure->name, proof->which->name) != 0 ||
            strcmp(figure->quantity, quantity) != 0)
            continue;
        assert(proof->count < PROOF_ROWS);
        proof->rows[proof->count++] = (struct proof_row){figure, value};
        return OK;
    }
    return FAIL(ERR_INTERNAL, "'%s' is no figure of validation case '%s'", quantity,
                proof->which->name);
}

void proof_series(struct proof *proof, const char *const *columns)
{
    proof->column_count = 0;
    proof->points = 0;
    while (columns[proof->column_count] != NULL) {
        assert(proof->column_count < PROOF_COLUMNS);
        proof->columns[proof->column_count] = columns[proof->column_count];
        proof->column_count++;
    }
}

enum status proof_point(struct proof *proof, const double *values)
{
    int64_t width = proof->column_count;
    if (proof->points == proof->room) {
        int64_t room = proof->room > 0 ? 2 * proof->room : 256;
        double *larger = NULL;
        TRY(ARRAY_NEW(larger, PROOF_COLUMNS * room));
        if (proof->points > 0)
            memcpy(larger, proof->series, (size_t)(proof->points * width) * sizeof *larger);
        array_free(proof->series);
        proof->series = larger;
        proof->room = room;
    }
    memcpy(proof->series + proof->points * width, values, (size_t)width * sizeof *values);
    proof->points++;
    return OK;
}

enum status proof_go_on(const struct proof *proof)
{
    if (proof->progress != NULL)
        proof->progress(proof->context, proof->updates);
    if (stop_requested(proof->stop) != STOP_NONE)
        return FAIL(ERR_STOPPED, "stopped before the end");
    return OK;
}
