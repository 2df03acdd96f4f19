/* SPDX-License-Identifier: Apache-2.0 */
#include "loss.h"

#include "loss_list.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LIST_ENTRY(name) {#name, loss_##name##_evaluate},
static const struct {
    const char *name;
    loss_term_fn evaluate;
} terms_list[] = {LOSS_LIST(LIST_ENTRY)};
#undef LIST_ENTRY

enum { COUNT = sizeof terms_list / sizeof terms_list[0] };
_Static_assert((int)COUNT <= (int)LOSS_TERMS, "struct loss_spec holds a weight for every term");

struct loss {
    struct loss_spec spec;
    double counts[LOSS_TERMS]; /* of the whole batch; 0: this is the whole */
    struct loss_work work;
};

int64_t loss_term_count(void)
{
    return COUNT;
}

const char *loss_term_name(int64_t term)
{
    assert(term >= 0 && term < COUNT);
    return terms_list[term].name;
}

static enum status check_spec(const struct loss_spec *spec)
{
    for (int i = 0; i < LOSS_TERMS; i++) {
        double weight = spec->weights[i];
        if (!isfinite(weight) || weight < 0)
            return FAIL(ERR_CONFIG, "loss term %d has weight %g; 0 or more is needed", i, weight);
        if (i >= COUNT && weight != 0)
            return FAIL(ERR_CONFIG, "loss term %d has a weight but there are only %d terms", i,
                        COUNT);
    }
    return OK;
}

static enum status create_work(struct loss_work *work, struct backend *backend,
                               const int64_t dims[5])
{
    memcpy(work->dims, dims, sizeof work->dims);
    work->backend = backend;
    work->cells = dims[0] * dims[2] * dims[3];
    work->values_a_cell = (double)(dims[1] * dims[4]);
    work->count = work->cells * dims[1] * dims[4];
    TRY(backend->ops->alloc(backend, &work->error, work->count));
    TRY(backend->ops->alloc(backend, &work->scratch, work->count));
    TRY(backend->ops->alloc(backend, &work->masks[0], work->cells));
    return backend->ops->alloc(backend, &work->masks[1], work->cells);
}

enum status loss_create(struct loss **out, const struct loss_spec *spec, struct backend *backend,
                        const int64_t dims[5])
{
    enum status status = OK;
    struct loss *loss = calloc(1, sizeof *loss);
    if (loss == NULL)
        return FAIL(ERR_MEMORY, "out of memory for a loss");
    loss->spec = *spec;
    loss->work.backend = backend;
    TRY_GOTO(check_spec(spec), cleanup);
    TRY_GOTO(create_work(&loss->work, backend, dims), cleanup);
    *out = loss;
    loss = NULL;
cleanup:
    loss_destroy(loss);
    return status;
}

void loss_destroy(struct loss *loss)
{
    if (loss == NULL)
        return;
    struct loss_work *work = &loss->work;
    work->backend->ops->release(work->backend, &work->error);
    work->backend->ops->release(work->backend, &work->scratch);
    work->backend->ops->release(work->backend, &work->masks[0]);
    work->backend->ops->release(work->backend, &work->masks[1]);
    free(loss);
}

enum status loss_evaluate(struct loss *loss, const struct buffer *prediction,
                          const struct buffer *target, const struct buffer *fluid, double *total,
                          double terms[LOSS_TERMS], struct buffer *gradient)
{
    struct loss_work *work = &loss->work;
    const struct backend_ops *ops = work->backend->ops;
    work->prediction = prediction;
    work->target = target;
    work->fluid = fluid;
    TRY(ops->subtract(work->backend, &work->error, prediction, target, work->count));
    if (gradient != NULL)
        TRY(ops->fill(work->backend, gradient, 0.0f, work->count));
    memset(terms, 0, LOSS_TERMS * sizeof *terms);
    *total = 0;
    for (int i = 0; i < COUNT; i++) {
        double weight = loss->spec.weights[i];
        if (weight == 0)
            continue;
        work->count_whole = loss->counts[i];
        TRY(terms_list[i].evaluate(&terms[i], work, weight, gradient));
        *total += weight * terms[i];
    }
    return OK;
}

/* By evaluating it, for the count alone, on whatever error there is. */
enum status loss_count(struct loss *loss, double counts[LOSS_TERMS], const struct buffer *fluid)
{
    struct loss_work *work = &loss->work;
    double value;
    work->fluid = fluid;
    for (int i = 0; i < COUNT; i++) {
        if (loss->spec.weights[i] == 0)
            continue;
        TRY(terms_list[i].evaluate(&value, work, loss->spec.weights[i], NULL));
        counts[i] += work->count_own;
    }
    return OK;
}

void loss_set_counts(struct loss *loss, const double counts[LOSS_TERMS])
{
    for (int i = 0; i < LOSS_TERMS; i++)
        loss->counts[i] = counts != NULL ? counts[i] : 0;
}
