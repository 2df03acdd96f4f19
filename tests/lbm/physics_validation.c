/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of validation cases, and the shortest of them; the others are run by `wakecast
 * validate`. */
#include "proof.h"

#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

Test(proof, every_case_has_a_name_of_its_own_and_says_what_it_is)
{
    cr_assert_gt(proof_count(), 10);
    for (int64_t k = 0; k < proof_count(); k++) {
        const struct proof_case *one = proof_at(k), *found = NULL;
        cr_assert_eq(proof_find(&found, one->name), OK);
        cr_assert_eq(found, one, "'%s' stands twice", one->name);
        cr_assert(strlen(one->summary) > 0 && strlen(one->source) > 0, "%s", one->name);
        cr_assert(one->seconds > 0 && one->reynolds > 0 && one->cells > 0, "%s", one->name);
    }
}

Test(proof, an_unknown_name_is_told_with_those_there_are)
{
    const struct proof_case *found = NULL;
    cr_assert_eq(proof_find(&found, "dfg"), ERR_USAGE);
    cr_assert_not_null(strstr(error_message(), "dfg-2d2-d40"), "%s", error_message());
}

Test(proof, a_figure_outside_its_interval_fails_and_so_does_none)
{
    struct proof v;
    proof_init(&v, 1, NULL);
    cr_assert_eq(proof_passes(&v), 0, "nothing shown is nothing passed");
    proof_add_near(&v, "a", "-2", -2, 0.01, -2.0199);
    cr_assert_eq(proof_passes(&v), 1);
    proof_add(&v, "b", "0", -1, 1, 1.01);
    cr_assert_eq(proof_row_passes(&v.rows[0]), 1);
    cr_assert_eq(proof_row_passes(&v.rows[1]), 0);
    cr_assert_eq(proof_passes(&v), 0);
    proof_init(&v, 1, NULL);
    proof_add(&v, "c", "0", -1, 1, NAN);
    cr_assert_eq(proof_passes(&v), 0, "no number is no pass");
    proof_fini(&v);
}

Test(proof, the_cavity_at_reynolds_100_passes)
{
    const struct proof_case *which = NULL;
    struct proof v;
    proof_init(&v, 2, NULL);
    cr_assert_eq(proof_find(&which, "cavity-re100-64"), OK);
    cr_assert_eq(proof_run(&v, which), OK, "%s", error_message());
    for (int64_t k = 0; k < v.count; k++)
        cr_assert(proof_row_passes(&v.rows[k]), "%s = %g", v.rows[k].quantity, v.rows[k].value);
    cr_assert_eq(v.count, 3);
    cr_assert_eq(v.points, 64);
    proof_fini(&v);
}

Test(proof, a_case_stops_when_asked)
{
    const struct proof_case *which = NULL;
    const volatile sig_atomic_t signal_number = 15;
    const struct stop stop = {.signal = &signal_number};
    struct proof v;
    proof_init(&v, 1, &stop);
    cr_assert_eq(proof_find(&which, "dfg-2d2-d20"), OK);
    cr_assert_eq(proof_run(&v, which), ERR_STOPPED);
    cr_assert_not_null(strstr(error_message(), "dfg-2d2-d20"), "%s", error_message());
    proof_fini(&v);
}
