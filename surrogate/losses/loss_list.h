/* SPDX-License-Identifier: Apache-2.0
 *
 * The terms of the loss, and what a term sees. Each entry X(name) is a function
 * loss_<name>_evaluate in loss_<name>.c, built from backend ops. Private to the losses room: others
 * speak loss.h. */
#pragma once

#include "backend.h"

#define LOSS_LIST(X)                                                                               \
    X(values)                                                                                      \
    X(gradient)

/* Buffers of one evaluation; those named scratch and mask are any term's to overwrite. */
struct loss_work {
    struct backend *backend;
    int64_t dims[5];      /* (n, t, x, y, c) */
    int64_t count;        /* floats in a field */
    int64_t cells;        /* floats in a mask */
    double values_a_cell; /* t c: what a mask's cell stands for */
    struct buffer error;  /* prediction - target */
    struct buffer scratch;
    struct buffer masks[2];
    const struct buffer *prediction, *target, *fluid; /* of the caller */
    double count_own;   /* the term's: values that its mean runs over */
    double count_whole; /* of the batch that this is a part of, in its place; 0: it is none */
};

/* The count that a term's mean is over, from its own, which it leaves in count_own. */
static inline double loss_list_count(struct loss_work *work, double own)
{
    work->count_own = own;
    return work->count_whole > 0 ? work->count_whole : own;
}

/* *value = the unweighted term. gradient, unless NULL: += weight * d value / d prediction. */
typedef enum status (*loss_term_fn)(double *value, struct loss_work *work, double weight,
                                    struct buffer *gradient);

#define LOSS_LIST_DECLARE(name)                                                                    \
    enum status loss_##name##_evaluate(double *value, struct loss_work *work, double weight,       \
                                       struct buffer *gradient);
LOSS_LIST(LOSS_LIST_DECLARE)
#undef LOSS_LIST_DECLARE

/* To add one: write loss_<name>.c, add its line here and its source to CMakeLists.txt; give the
 * weight an option in tools. The tests in tests/surrogate run over this list. */
