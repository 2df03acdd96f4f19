/* SPDX-License-Identifier: Apache-2.0
 *
 * L = mse(values) + lambda * mse(spatial gradients) + further terms of loss_list.h. Each mean runs
 * over the cells that count: fluid cells for values; for gradients (central differences in x and y
 * of each field) cells that are fluid, whose two neighbours are fluid, and that lie inside the
 * canvas. Terms are built from backend ops. */
#pragma once

#include "backend.h"
#include "error.h"

#include <stdint.h>

enum { LOSS_TERMS = 8 };

struct loss_spec {
    double weights[LOSS_TERMS]; /* by the order of loss_list.h: values 1, gradient lambda; 0
                                   switches a term off */
};

struct loss;

int64_t loss_term_count(void);
const char *loss_term_name(int64_t term); /* "values", "gradient" */

/* For predictions (n, t, x, y, c). `backend` is kept; must outlive. */
enum status loss_create(struct loss **out, const struct loss_spec *spec, struct backend *backend,
                        const int64_t dims[5]);
void loss_destroy(struct loss *loss);

/* For a batch in parts: `counts` (of LOSS_TERMS; NULL: no part) are the values that each term's
 * mean runs over in the whole batch, so that the losses and gradients of its parts add up to the
 * whole's. loss_count adds those of one part's `fluid`. */
enum status loss_count(struct loss *loss, double counts[LOSS_TERMS], const struct buffer *fluid);
void loss_set_counts(struct loss *loss, const double counts[LOSS_TERMS]);

/* prediction, target: (n, t, x, y, c); fluid: (n, x, y) floats, 1 in the fluid, 0 in bodies.
 * terms[i] (of LOSS_TERMS) gets the unweighted value of each term that is on, *total the weighted
 * sum. gradient (may be NULL: values only): d total / d prediction, (n, t, x, y, c). */
enum status loss_evaluate(struct loss *loss, const struct buffer *prediction,
                          const struct buffer *target, const struct buffer *fluid, double *total,
                          double terms[LOSS_TERMS], struct buffer *gradient);
