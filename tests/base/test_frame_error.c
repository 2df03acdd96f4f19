/* SPDX-License-Identifier: Apache-2.0 */
#include "frame_error.h"

#include <criterion/criterion.h>
#include <math.h>

enum { CELLS = 4 };

static const struct flow flow = {.nx = 2, .ny = 2, .speed = 0.1};

/* Every fluid cell: truth (1.003, 0.13, 0.04), frame (1.0045, 0.13, 0); the last cell is a body. */
static const unsigned char mask[CELLS] = {0, 0, 0, 1};
static const float truth[FRAME_FIELDS * CELLS] = {1.003F, 1.003F, 1.003F, 7,     0.13F, 0.13F,
                                                  0.13F,  7,      0.04F,  0.04F, 0.04F, 7};
static const float frame[FRAME_FIELDS * CELLS] = {1.0045F, 1.0045F, 1.0045F, 0, 0.13F, 0.13F,
                                                  0.13F,   0,       0,       0, 0,     0};

Test(frame_error, errors_of_hand_computed_frames_are_those_numbers)
{
    struct frame_error sums;
    frame_error_sum(&sums, frame, truth, mask, &flow);
    cr_assert_float_eq(sums.error[FRAME_UY], 3 * 0.0016, 1e-8);
    cr_assert_float_eq(sums.frame[FRAME_UX], 3 * 0.0169, 1e-8);
    cr_assert_float_eq(sums.frame_departure[FRAME_UX], 3 * 0.0009, 1e-8);
    cr_assert_float_eq(frame_error_velocity(&sums), 0.04 / sqrt(0.0169 + 0.0016), 1e-6);
    cr_assert_float_eq(frame_error_velocity_wake(&sums), 0.8, 1e-6);
    cr_assert_float_eq(frame_error_density(&sums), 0.5, 1e-4);
}

Test(frame_error, nothing_in_the_denominator_is_not_a_number)
{
    static const float stream[FRAME_FIELDS * CELLS] = {1, 1, 1, 1};
    struct frame_error sums;
    frame_error_sum(&sums, frame, stream, mask, &flow);
    cr_assert(isnan(frame_error_velocity(&sums)));
    cr_assert(isnan(frame_error_density(&sums)));
    cr_assert(isnan(frame_error_ratio(1, 0)));
    cr_assert_eq(frame_error_ratio(1, 4), 0.25);
    cr_assert_eq(frame_error_root(1, 4), 0.5);
}
