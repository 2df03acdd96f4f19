/* SPDX-License-Identifier: Apache-2.0 */
#include "normalisation.h"

#include "philox.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { NX = 6, NY = 5, CELLS = NX * NY, FRAMES = 3 };

static const struct flow flow = {.nx = NX, .ny = NY, .speed = 0.05, .reynolds = 250};
static const struct normalisation scales = {{0.5, 0.25, 2.0}, 0};

static float sdf[CELLS];
static unsigned char mask[CELLS];
static float frames[FRAMES * FRAME_FIELDS * CELLS];

static struct normalisation_view view_of(enum normalisation_side side)
{
    struct normalisation_view view = {&flow, sdf, mask, side};
    return view;
}

/* A body in one corner region, smooth-less random fields, the body at rest. */
static void fill(void)
{
    for (int i = 0; i < CELLS; i++) {
        sdf[i] = (float)(i % NY) - 1.5F;
        mask[i] = sdf[i] < 0.0F;
    }
    for (int i = 0; i < FRAMES * FRAME_FIELDS * CELLS; i++) {
        int field = i / CELLS % FRAME_FIELDS;
        double r = philox_uniform(1, PHILOX_STREAM_TEST, (uint64_t)i) - 0.5;
        double value = field == FRAME_RHO ? 1.0 + 0.01 * r : 0.1 * r;
        frames[i] = (float)(mask[i % CELLS] ? (field == FRAME_RHO ? 1.0 : 0.0) : value);
    }
}

TestSuite(normalisation, .init = fill);

Test(normalisation, scales_are_the_root_mean_squares_over_fluid_cells)
{
    struct normalisation_sum sum = {0};
    struct normalisation found;
    for (int i = 0; i < FRAMES * FRAME_FIELDS * CELLS; i++) {
        int field = i / CELLS % FRAME_FIELDS;
        const double fluid[FRAME_FIELDS] = {1.0 + 0.5 * 3.0 * 0.05 * 0.05, 0.05 * 1.25, -0.1};
        frames[i] = mask[i % CELLS] ? 77.0F : (float)fluid[field];
    }
    normalisation_add(&sum, &flow, mask, frames, FRAMES);
    cr_assert_eq(normalisation_finish(&found, &sum), OK);
    cr_expect_float_eq(found.scale[FRAME_RHO], 0.5, 1e-4);
    cr_expect_float_eq(found.scale[FRAME_UX], 0.25, 1e-6);
    cr_expect_float_eq(found.scale[FRAME_UY], 2.0, 1e-6);
}

Test(normalisation, a_field_that_never_departs_gets_the_scale_one)
{
    struct normalisation_sum sum = {{0.0, 4.0, 1.0}, 4};
    struct normalisation found;
    cr_assert_eq(normalisation_finish(&found, &sum), OK);
    cr_expect_eq(found.scale[FRAME_RHO], 1.0);
    cr_expect_eq(found.scale[FRAME_UX], 1.0);
    cr_expect_eq(found.scale[FRAME_UY], 0.5);
}

Test(normalisation, without_fluid_or_with_values_that_are_not_finite_there_is_no_scale)
{
    struct normalisation_sum nothing = {0}, bad = {{1.0, NAN, 1.0}, 4};
    struct normalisation found;
    cr_expect_eq(normalisation_finish(&found, &nothing), ERR_DATA);
    cr_expect_eq(normalisation_finish(&found, &bad), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "ux"));
}

Test(normalisation, the_free_stream_far_from_bodies_is_zero)
{
    float tensor[CELLS * NORMALISATION_CHANNELS];
    struct normalisation_view view = view_of(NORMALISATION_PLAIN);
    memset(mask, 0, sizeof mask);
    for (int i = 0; i < CELLS; i++) {
        sdf[i] = 200.0F;
        frames[FRAME_RHO * CELLS + i] = 1.0F;
        frames[FRAME_UX * CELLS + i] = 0.05F;
        frames[FRAME_UY * CELLS + i] = 0.0F;
    }
    normalisation_input(tensor, &scales, &view, frames, 1);
    for (int i = 0; i < CELLS * NORMALISATION_CHANNELS; i++)
        cr_expect_float_eq(tensor[i], 0.0F, 1e-6);
}

Test(normalisation, input_values_are_the_scaled_departures)
{
    float tensor[FRAMES * CELLS * NORMALISATION_CHANNELS];
    struct normalisation_view view = view_of(NORMALISATION_PLAIN);
    normalisation_input(tensor, &scales, &view, frames, FRAMES);
    int t = 2, cell = 2 * NY + 4; /* in the fluid */
    const float *at = tensor + (t * CELLS + cell) * NORMALISATION_CHANNELS;
    const float *frame = frames + t * FRAME_FIELDS * CELLS;
    cr_expect_float_eq(at[0], (frame[cell] - 1.0) / (3.0 * 0.05 * 0.05) / 0.5, 1e-4);
    cr_expect_float_eq(at[1], (frame[CELLS + cell] / 0.05 - 1.0) / 0.25, 1e-4);
    cr_expect_float_eq(at[2], frame[2 * CELLS + cell] / 0.05 / 2.0, 1e-5);
    cr_expect_float_eq(at[3], tanh(sdf[cell] / 8.0) - 1.0, 1e-6);
}

Test(normalisation, bodies_are_at_rest_whatever_the_frames_say)
{
    float tensor[CELLS * FRAME_FIELDS], back[CELLS * FRAME_FIELDS];
    struct normalisation_view view = view_of(NORMALISATION_PLAIN);
    frames[FRAME_UX * CELLS] = 9.0F; /* cell 0 is in the body */
    normalisation_target(tensor, &scales, &view, frames, 1);
    cr_expect_float_eq(tensor[FRAME_UX], -1.0 / 0.25, 1e-6);
    cr_expect_eq(tensor[FRAME_RHO], 0.0F);
    tensor[FRAME_UX] = 5.0F;
    normalisation_frames(back, &scales, &view, tensor, 1);
    cr_expect_eq(back[FRAME_UX * CELLS], 0.0F);
    cr_expect_eq(back[FRAME_RHO * CELLS], 1.0F);
}

/* There and back again is the identity to rounding, on both sides. */
Test(normalisation, frames_survive_the_way_to_a_tensor_and_back)
{
    for (int side = NORMALISATION_PLAIN; side <= NORMALISATION_MIRRORED; side++) {
        float tensor[FRAMES * CELLS * FRAME_FIELDS], back[FRAMES * FRAME_FIELDS * CELLS];
        struct normalisation_view view = view_of((enum normalisation_side)side);
        normalisation_target(tensor, &scales, &view, frames, FRAMES);
        normalisation_frames(back, &scales, &view, tensor, FRAMES);
        for (int i = 0; i < FRAMES * FRAME_FIELDS * CELLS; i++)
            cr_expect_float_eq(back[i], frames[i], 2e-7, "side %d, value %d", side, i);
    }
}

Test(normalisation, the_mirror_turns_columns_round_and_negates_uy_alone)
{
    enum { C = NORMALISATION_CHANNELS };
    float plain[CELLS * C], mirrored[CELLS * C], fluid[CELLS];
    struct normalisation_view view = view_of(NORMALISATION_PLAIN);
    struct normalisation_view mirror = view_of(NORMALISATION_MIRRORED);
    normalisation_input(plain, &scales, &view, frames, 1);
    normalisation_input(mirrored, &scales, &mirror, frames, 1);
    normalisation_fluid(fluid, &mirror);
    for (int x = 0; x < NX; x++)
        for (int y = 0; y < NY; y++) {
            int here = x * NY + y, there = x * NY + NY - 1 - y;
            for (int c = 0; c < C; c++) {
                float sign = c == FRAME_UY ? -1.0F : 1.0F;
                cr_expect_eq(mirrored[here * C + c], sign * plain[there * C + c]);
            }
            cr_expect_eq(fluid[here], mask[there] ? 0.0F : 1.0F);
        }
}

Test(normalisation, survives_json_bit_for_bit_and_refuses_scales_that_are_not_positive)
{
    struct normalisation written = {{1.0 / 3.0, 0.1, 7e-5}, 0}, read;
    struct json *json = NULL;
    cr_assert_eq(normalisation_write(&json, &written), OK);
    cr_assert_eq(normalisation_read(&read, json), OK);
    cr_expect_arr_eq(read.scale, written.scale, sizeof read.scale);
    cr_expect_eq(read.extras, written.extras);
    cr_assert_eq(json_set(json, "ux", json_make_real(0.0)), OK);
    cr_expect_eq(normalisation_read(&read, json), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "ux"));
    json_destroy(json);
}

/* log10 of Re / 100, then how near bottom and top are; in the mirror bottom stays bottom. */
Test(normalisation, extras_follow_the_distance)
{
    struct normalisation with = scales;
    for (unsigned extras = 0; extras < 4; extras++)
        for (int side = 0; side < 2; side++) {
            float tensor[FRAMES * CELLS * 7];
            struct normalisation_view view = view_of((enum normalisation_side)side);
            with.extras = extras;
            int64_t channels = normalisation_channels(&with);
            cr_assert_eq(channels, 4 + (extras & 1) + (extras & 2));
            normalisation_input(tensor, &with, &view, frames, FRAMES);
            for (int64_t i = 0; i < FRAMES * CELLS; i++) {
                const float *at = tensor + i * channels + 4;
                int64_t y = i % flow.ny;
                if (extras & NORMALISATION_REYNOLDS)
                    cr_expect_float_eq(at[0], log10(2.5), 1e-6);
                at += extras & NORMALISATION_REYNOLDS;
                if (extras & NORMALISATION_WALLS) {
                    cr_expect_float_eq(at[0], tanh(((double)y + 0.5) / 8) - 1, 1e-6);
                    cr_expect_float_eq(at[1], tanh(((double)(flow.ny - y) - 0.5) / 8) - 1, 1e-6);
                }
            }
        }
}
