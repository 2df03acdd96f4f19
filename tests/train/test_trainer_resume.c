/* SPDX-License-Identifier: Apache-2.0
 *
 * A training interrupted at many random points: mid-epoch, during validation, while the average's
 * statistics are taken anew; in float32 and in bf16. */
#include "trainer_fixture.h"

TestSuite(trainer_resume, .init = set_up, .fini = tear_down);

Test(trainer_resume, twenty_five_runs_interrupted_at_random_end_in_the_same_bytes)
{
    cr_expect_gt(interrupt_at_random(25), 35, "too few were interrupted");
}

/* On the reference, and on what this machine takes, with its own bf16 where there is some. */
Test(trainer_resume, in_bf16_runs_interrupted_at_random_end_in_the_same_bytes)
{
    static const char *const names[] = {"ref", "auto"};
    for (int i = 0; i < 2; i++) {
        backend_close(backend);
        cr_assert_eq(backend_open(&backend, names[i], 1), OK);
        options.backend = backend;
        if (backend->ops->bf16(backend) != BACKEND_BF16_NONE)
            cr_assert_eq(backend_set_precision(backend, PRECISION_BF16), OK);
        options.precision = backend->precision;
        options.begin = TRAINER_FRESH;
        cr_expect_gt(interrupt_at_random(12), 15, "%s: too few were interrupted", names[i]);
    }
}
