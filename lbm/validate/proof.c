/* SPDX-License-Identifier: Apache-2.0 */
#include "proof.h"

#include "array.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct proof_case cases[] = {
#define X(function, name, reynolds, cells, seconds, summary, source)                               \
    {name, summary, source, seconds, reynolds, cells, function},
#include "proof_list.h"
#undef X
};

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
    enum status status = which->run(proof, which);
    return status == OK ? OK : error_prefix(status, "validation case '%s'", which->name);
}

int proof_row_passes(const struct proof_row *row)
{
    return row->value >= row->low && row->value <= row->high;
}

int proof_passes(const struct proof *proof)
{
    int passes = proof->count > 0;
    for (int64_t k = 0; k < proof->count; k++)
        passes = passes && proof_row_passes(&proof->rows[k]);
    return passes;
}

void proof_add(struct proof *proof, const char *quantity, const char *reference, double low,
               double high, double value)
{
    assert(proof->count < PROOF_ROWS);
    proof->rows[proof->count++] = (struct proof_row){quantity, reference, low, high, value};
}

void proof_add_near(struct proof *proof, const char *quantity, const char *reference, double wanted,
                    double tolerance, double value)
{
    double margin = tolerance * (wanted < 0 ? -wanted : wanted);
    proof_add(proof, quantity, reference, wanted - margin, wanted + margin, value);
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
    if (stop_requested(proof->stop) != STOP_NONE)
        return FAIL(ERR_STOPPED, "stopped before the end");
    return OK;
}
