/* SPDX-License-Identifier: Apache-2.0
 *
 * A training interrupted at many random points: mid-epoch, during validation, while the average's
 * statistics are taken anew. */
#include "trainer_fixture.h"

TestSuite(trainer_resume, .init = set_up, .fini = tear_down);

Test(trainer_resume, twenty_five_runs_interrupted_at_random_end_in_the_same_bytes)
{
    cr_expect_gt(interrupt_at_random(25), 35, "too few were interrupted");
}
