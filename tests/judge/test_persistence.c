/* SPDX-License-Identifier: Apache-2.0 */
#include "persistence.h"

#include <criterion/criterion.h>
#include <string.h>

enum { NX = 3, NY = 2, SIZE = FRAME_FIELDS * NX * NY };

static float frames[FORECASTER_INPUT_FRAMES * SIZE];
static const float sdf[NX * NY];
static const unsigned char mask[NX * NY];
static const struct flow flow = {.nx = NX, .ny = NY};

static struct forecaster *create_started(void)
{
    struct forecaster *forecaster = NULL;
    struct forecaster_start start = {&flow, sdf, mask, frames, NULL, 0};
    for (int i = 0; i < FORECASTER_INPUT_FRAMES * SIZE; i++)
        frames[i] = (float)i;
    cr_assert_eq(persistence_create(&forecaster), OK);
    cr_assert_eq(forecaster->ops->start(forecaster, &start), OK);
    return forecaster;
}

Test(persistence, repeats_the_last_frame)
{
    float out[4 * SIZE];
    struct forecaster *forecaster = create_started();
    cr_expect_str_eq(forecaster->ops->kind, "persistence");
    cr_assert_eq(forecaster->ops->advance(forecaster, out, 4), OK);
    for (int t = 0; t < 4; t++)
        cr_expect_arr_eq(out + t * SIZE, frames + 2 * SIZE, SIZE * sizeof *out);
    cr_expect_geq(forecaster->ops->cost(forecaster), 0.0);
    forecaster_destroy(forecaster);
}

Test(persistence, goes_on_from_an_injected_frame)
{
    float out[SIZE];
    struct forecaster *forecaster = create_started();
    cr_assert_eq(forecaster->ops->inject(forecaster, frames), OK);
    cr_assert_eq(forecaster->ops->advance(forecaster, out, 1), OK);
    cr_expect_arr_eq(out, frames, sizeof out);
    forecaster_destroy(forecaster);
}

Test(persistence, starts_again_on_another_canvas)
{
    float out[FRAME_FIELDS * 4], other[FORECASTER_INPUT_FRAMES * FRAME_FIELDS * 4] = {0};
    struct flow square = {.nx = 2, .ny = 2};
    struct forecaster_start start = {&square, sdf, mask, other, NULL, 0};
    struct forecaster *forecaster = create_started();
    other[2 * FRAME_FIELDS * 4] = 5.0F;
    cr_assert_eq(forecaster->ops->start(forecaster, &start), OK);
    cr_assert_eq(forecaster->ops->advance(forecaster, out, 1), OK);
    cr_expect_arr_eq(out, other + 2 * FRAME_FIELDS * 4, sizeof out);
    forecaster_destroy(forecaster);
}
