/* SPDX-License-Identifier: Apache-2.0 */
#include "forecaster.h"

#include <criterion/criterion.h>

static int destroyed;

static void count_destruction(struct forecaster *forecaster)
{
    (void)forecaster;
    destroyed++;
}

Test(forecaster, destroy_asks_the_implementation_and_accepts_null)
{
    const struct forecaster_ops ops = {.kind = "test", .destroy = count_destruction};
    struct forecaster forecaster = {.ops = &ops};
    forecaster_destroy(&forecaster);
    forecaster_destroy(NULL);
    cr_assert_eq(destroyed, 1);
}
