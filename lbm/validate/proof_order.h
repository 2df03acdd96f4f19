/* SPDX-License-Identifier: Apache-2.0
 *
 * The order of convergence between two cases of one flow that differ in their cells: with e the
 * distance of a quantity from its reference and n the cells, log(e_coarse / e_fine) /
 * log(n_fine / n_coarse). */
#pragma once

#include "proof.h"

#include <stdint.h>

struct proof_order {
    const char *coarse, *fine; /* names of cases */
    const char *quantity;
    double low, high; /* what is allowed */
};

int64_t proof_order_count(void);
const struct proof_order *proof_order_at(int64_t index);

/* From the rows of two runs; NAN when one lacks the quantity or is right to the last digit. */
double proof_order_of(const struct proof_order *order, const struct proof *coarse,
                      const struct proof *fine);

/* 1 when the value is allowed. */
int proof_order_passes(const struct proof_order *order, double value);
