/* SPDX-License-Identifier: Apache-2.0 */
#include "start_state.h"

#include <criterion/criterion.h>

Test(start_state, a_copy_shares_nothing_with_the_original)
{
    struct start_state *state = NULL;
    struct start_state *copy = NULL;
    cr_assert_eq(start_state_create(&state, 3, 2), OK);
    state->frame = 7;
    state->outlet_rho = 1.5;
    state->values[START_FIELDS * 6 - 1] = 2.5F;
    state->solid[5] = 1;
    cr_assert_eq(start_state_copy(&copy, state), OK);
    state->values[START_FIELDS * 6 - 1] = 0;
    state->solid[5] = 0;
    cr_assert(copy->nx == 3 && copy->ny == 2 && copy->frame == 7);
    cr_assert_eq(copy->outlet_rho, 1.5);
    cr_assert_eq(copy->values[START_FIELDS * 6 - 1], 2.5F);
    cr_assert_eq(copy->solid[5], 1);
    start_state_destroy(state);
    start_state_destroy(copy);
    start_state_destroy(NULL);
}

Test(start_state, sizes_that_overflow_are_refused)
{
    struct start_state *state = NULL;
    cr_assert_eq(start_state_create(&state, INT64_C(1) << 40, INT64_C(1) << 40), ERR_MEMORY);
    cr_assert_null(state);
}
