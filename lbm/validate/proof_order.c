/* SPDX-License-Identifier: Apache-2.0 */
#include "proof_order.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct proof_order orders[] = {
#define X(coarse, fine, quantity, low, high) {coarse, fine, quantity, low, high},
#include "proof_order_list.h"
#undef X
};

int64_t proof_order_count(void)
{
    return (int64_t)(sizeof orders / sizeof orders[0]);
}

const struct proof_order *proof_order_at(int64_t index)
{
    assert(index >= 0 && index < proof_order_count());
    return &orders[index];
}

/* Distance from the reference; NAN when there is no such row. */
static double error_of(const struct proof *proof, const char *quantity)
{
    for (int64_t k = 0; k < proof->count; k++)
        if (strcmp(proof->rows[k].figure->quantity, quantity) == 0)
            return fabs(proof->rows[k].value - proof->rows[k].figure->wanted);
    return NAN;
}

double proof_order_of(const struct proof_order *order, const struct proof *coarse,
                      const struct proof *fine)
{
    double cells = (double)fine->which->cells / (double)coarse->which->cells;
    double before = error_of(coarse, order->quantity), after = error_of(fine, order->quantity);
    return after > 0 ? log(before / after) / log(cells) : NAN;
}

int proof_order_passes(const struct proof_order *order, double value)
{
    return value >= order->low && value <= order->high;
}
