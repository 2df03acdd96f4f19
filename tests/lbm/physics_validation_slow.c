/* SPDX-License-Identifier: Apache-2.0
 *
 * Validation cases of some seconds; those of minutes are run by `wakecast validate` (label long).
 */
#include "proof.h"

#include <criterion/criterion.h>

#include <stdio.h>

static void expect_pass(const char *name)
{
    const struct proof_case *which = NULL;
    struct proof proof;
    proof_init(&proof, 1, NULL);
    cr_assert_eq(proof_find(&which, name), OK);
    cr_assert_eq(proof_run(&proof, which), OK, "%s", error_message());
    for (int64_t k = 0; k < proof.count; k++) {
        const struct proof_row *row = &proof.rows[k];
        const char *quantity = row->figure->quantity;
        fprintf(stderr, "%s, %s: %.6g\n", name, quantity, row->value);
        cr_expect(proof_row_passes(row), "%s, %s: %g", name, quantity, row->value);
        cr_expect(!proof_row_moved(row), "%s, %s: %.7g, committed %.7g", name, quantity, row->value,
                  row->figure->ours);
    }
    proof_fini(&proof);
}

Test(proof, the_cavity_at_reynolds_1000_passes)
{
    expect_pass("cavity-re1000-64");
}

Test(proof, dfg_2d2_passes_with_20_cells)
{
    expect_pass("dfg-2d2-d20");
    expect_pass("dfg-2d2-trt-d20");
}
