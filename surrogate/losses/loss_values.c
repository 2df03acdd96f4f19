/* SPDX-License-Identifier: Apache-2.0
 *
 *   L = 1/N sum over fluid cells of e^2,   e = prediction - target,   dL/de = 2/N mask e,
 *
 * where N counts fluid cells times frames and fields. Without fluid L = 0. */
#include "loss_list.h"

enum status loss_values_evaluate(double *value, struct loss_work *work, double weight,
                                 struct buffer *gradient)
{
    struct backend *backend = work->backend;
    double cells, squares;
    TRY(backend->ops->sum(backend, &cells, work->fluid, work->cells));
    TRY(backend->ops->masked_sum_squares(backend, &squares, &work->error, work->fluid, work->dims));
    double count = loss_list_count(work, cells * work->values_a_cell);
    *value = count > 0 ? squares / count : 0;
    if (gradient == NULL || count == 0)
        return OK;
    TRY(backend->ops->masked_scale(backend, &work->scratch, (float)(2 * weight / count),
                                   &work->error, work->fluid, work->dims));
    return backend->ops->axpy(backend, gradient, 1.0f, &work->scratch, work->count);
}
