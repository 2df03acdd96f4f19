/* SPDX-License-Identifier: Apache-2.0 */
#include "forecaster.h"

#include <stddef.h>

void forecaster_destroy(struct forecaster *forecaster)
{
    if (forecaster != NULL)
        forecaster->ops->destroy(forecaster);
}
