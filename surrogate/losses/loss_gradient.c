/* SPDX-License-Identifier: Apache-2.0
 *
 * With D_x e = (e[x+1] - e[x-1]) / 2 and D_y alike, e = prediction - target, and M_x, M_y the cells
 * that are fluid between two fluid neighbours along x, y inside the canvas,
 *
 *   L = 1/N (sum of M_x (D_x e)^2 + sum of M_y (D_y e)^2),
 *   dL/de = 2/N (D_x^T M_x D_x e + D_y^T M_y D_y e),
 *
 * where N counts the cells of both masks times frames and fields. Without such cells L = 0. */
#include "loss_list.h"

static enum status make_masks(double *cells, struct loss_work *work)
{
    struct backend *backend = work->backend;
    *cells = 0;
    for (int axis = 0; axis < 2; axis++) {
        double sum;
        TRY(backend->ops->mask_difference(backend, &work->masks[axis], work->fluid, work->dims,
                                          (enum difference_axis)axis));
        TRY(backend->ops->sum(backend, &sum, &work->masks[axis], work->cells));
        *cells += sum;
    }
    return OK;
}

enum status loss_gradient_evaluate(double *value, struct loss_work *work, double weight,
                                   struct buffer *gradient)
{
    struct backend *backend = work->backend;
    double cells;
    TRY(make_masks(&cells, work));
    double count = loss_list_count(work, cells * work->values_a_cell);
    *value = 0;
    if (count == 0)
        return OK;
    for (int axis = 0; axis < 2; axis++) {
        const struct buffer *mask = &work->masks[axis];
        double squares;
        TRY(backend->ops->difference(backend, &work->scratch, &work->error, work->dims,
                                     (enum difference_axis)axis));
        TRY(backend->ops->masked_sum_squares(backend, &squares, &work->scratch, mask, work->dims));
        *value += squares / count;
        if (gradient == NULL)
            continue;
        TRY(backend->ops->masked_scale(backend, &work->scratch, (float)(2 * weight / count),
                                       &work->scratch, mask, work->dims));
        TRY(backend->ops->difference_adjoint(backend, gradient, &work->scratch, work->dims,
                                             (enum difference_axis)axis));
    }
    return OK;
}
