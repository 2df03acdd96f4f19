/* SPDX-License-Identifier: Apache-2.0 */
#include "conv_operations.h"

/* Cells along an axis on the side of fewer cells (out; in of a transposed one), and of more. */
static void sides(int64_t *small, int64_t *big, const struct conv_shape *shape,
                  enum conv_direction direction, int axis)
{
    *small = direction == CONV_TRANSPOSED ? shape->in[axis] : backend_conv_extent(shape, axis);
    *big = direction == CONV_TRANSPOSED ? backend_deconv_extent(shape, axis) : shape->in[axis];
}

static double of_a_tap(const struct conv_shape *shape)
{
    return 2.0 * (double)(shape->batch * shape->in_channels * shape->out_channels);
}

double conv_operations_nominal(const struct conv_shape *shape, enum conv_direction direction)
{
    double all = of_a_tap(shape);
    for (int axis = 0; axis < 3; axis++) {
        int64_t small, big;
        sides(&small, &big, shape, direction, axis);
        all *= (double)(small * shape->kernel[axis]);
    }
    return all;
}

/* Along one axis: how many (small cell, tap) pairs look at a cell of the big side. */
static double pairs_on_data(const struct conv_shape *shape, int axis, int64_t small, int64_t big)
{
    int64_t pairs = 0;
    for (int64_t cell = 0; cell < small; cell++)
        for (int64_t tap = 0; tap < shape->kernel[axis]; tap++) {
            int64_t at = cell * shape->stride[axis] + tap - shape->padding[axis];
            pairs += at >= 0 && at < big;
        }
    return (double)pairs;
}

double conv_operations_on_data(const struct conv_shape *shape, enum conv_direction direction)
{
    double hit = of_a_tap(shape);
    for (int axis = 0; axis < 3; axis++) {
        int64_t small, big;
        sides(&small, &big, shape, direction, axis);
        hit *= pairs_on_data(shape, axis, small, big);
    }
    return hit;
}
