/* SPDX-License-Identifier: Apache-2.0
 *
 * Halo and window: every backend against the reference to the last bit of a copy, the reference
 * against its definition, and each adjoint against its op: <y, A x> = <A' y, x>. */
#include "backend_compare.h"

#include <string.h>

static const double sum_tolerance = 1e-6; // of a few floats
/* Corners by periodic rules take 4 numbers, whose 3 sums may each be rounded to half a spacing. */
static const double rounded_tolerance = 3 * 0x1p-8;

#define RULES(a, b, c, d)                                                                          \
    {                                                                                              \
        HALO_##a, HALO_##b, HALO_##c, HALO_##d                                                     \
    }
static const struct halo_shape halos[] = {
    {{2, 3, 8, 6, 4}, RULES(ZERO, REPLICATE, REFLECT, REPLICATE)},
    {{1, 7, 5, 3, 17}, RULES(PERIODIC, PERIODIC, PERIODIC, PERIODIC)},
    {{3, 1, 1, 2, 1}, RULES(REFLECT, REFLECT, REFLECT, ZERO)},
    {{2, 2, 2, 1, 5}, RULES(REPLICATE, ZERO, PERIODIC, PERIODIC)},
};
enum { HALOS = sizeof halos / sizeof halos[0] };

static int64_t canvas_count(const struct halo_shape *shape)
{
    const int64_t *d = shape->dims;
    return d[0] * d[1] * d[2] * d[3] * d[4];
}

static int64_t wide_count(const struct halo_shape *shape)
{
    const int64_t *d = shape->dims;
    return d[0] * d[1] * (d[2] + 2) * (d[3] + 2) * d[4];
}

static void halo(struct outputs *out, struct backend *backend, int index)
{
    int64_t count = canvas_count(&halos[index]), wide = wide_count(&halos[index]);
    struct buffer x = compared_activation(backend, 1, count);
    struct buffer y = compared_activation(backend, 2, wide);
    MUST(backend->ops->halo(backend, &y, &x, &halos[index]));
    take(out, backend, &y, wide);
    backend->ops->release(backend, &x);
}

static void halo_adjoint(struct outputs *out, struct backend *backend, int index)
{
    int64_t count = canvas_count(&halos[index]), wide = wide_count(&halos[index]);
    struct buffer x = compared_activation(backend, 1, count);
    struct buffer y = compared_activation(backend, 2, wide);
    MUST(backend->ops->halo_adjoint(backend, &x, &y, &halos[index]));
    take(out, backend, &x, count);
    backend->ops->release(backend, &y);
}

Test(backend_rollout, halos_and_their_adjoints_agree_with_the_reference)
{
    compare_both("halo", halo, HALOS, 0);
    compare("halo adjoint", halo_adjoint, HALOS, sum_tolerance);
    compare_in(PRECISION_BF16, "halo adjoint", halo_adjoint, HALOS, rounded_tolerance);
}

/* A row 0 1 2 3 4 along x, and along y, by each rule. */
Test(backend_rollout, each_rule_of_the_halo_shows_what_it_says)
{
    static const float expected[4][2] = {{0, 0}, {1, 5}, {2, 4}, {5, 1}};
    const float row[5] = {1, 2, 3, 4, 5};
    struct backend *backend = NULL;
    MUST(backend_open(&backend, "ref", 1));
    for (int rule = 0; rule < 4; rule++)
        for (int axis = 0; axis < 2; axis++) {
            struct halo_shape shape = {{1, 1, axis == 0 ? 5 : 1, axis == 0 ? 1 : 5, 1},
                                       RULES(REPLICATE, REPLICATE, REPLICATE, REPLICATE)};
            shape.rules[2 * axis] = shape.rules[2 * axis + 1] = (enum halo_rule)rule;
            struct buffer x = test_upload(backend, row, 5), y = {0};
            MUST(backend->ops->alloc(backend, &y, 21));
            MUST(backend->ops->halo(backend, &y, &x, &shape));
            float *got = test_download(backend, &y, 21);
            for (int i = 0; i < 7; i++) {
                float want = i == 0 ? expected[rule][0] : i == 6 ? expected[rule][1] : row[i - 1];
                float found = axis == 0 ? got[3 * i + 1] : got[7 + i];
                cr_expect_eq(found, want, "rule %d axis %d place %d: %g", rule, axis, i, found);
            }
            free(got);
            backend->ops->release(backend, &x);
            backend->ops->release(backend, &y);
        }
    backend_close(backend);
}

static double dot(struct backend *backend, const struct buffer *a, const struct buffer *b,
                  int64_t count)
{
    float *left = test_download(backend, a, count), *right = test_download(backend, b, count);
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)left[i] * right[i];
    free(left);
    free(right);
    return sum;
}

Test(backend_rollout, the_adjoint_of_the_halo_is_its_transpose)
{
    struct backend *ref = NULL;
    MUST(backend_open(&ref, "ref", 1));
    for (int i = 0; i < HALOS; i++) {
        int64_t count = canvas_count(&halos[i]), wide = wide_count(&halos[i]);
        struct buffer x = test_buffer(ref, 1, count), y = test_buffer(ref, 2, wide);
        struct buffer ax = test_buffer(ref, 3, wide), ay = test_buffer(ref, 4, count);
        MUST(ref->ops->halo(ref, &ax, &x, &halos[i]));
        MUST(ref->ops->halo_adjoint(ref, &ay, &y, &halos[i]));
        cr_expect_float_eq(dot(ref, &ax, &y, wide), dot(ref, &x, &ay, count), 1e-4);
        struct buffer *all[] = {&x, &y, &ax, &ay};
        for (int k = 0; k < 4; k++)
            ref->ops->release(ref, all[k]);
    }
    backend_close(ref);
}

/* ---- from call to call ---- */

static const struct window_shape windows[] = {
    {2, 3, 3, 40, 4, 3}, {2, 4, 2, 40, 7, 3}, {1, 2, 5, 17, 5, 3},
    {3, 7, 1, 9, 4, 3},  {2, 1, 1, 5, 3, 3},
};
enum { WINDOWS = sizeof windows / sizeof windows[0] };

static int64_t input_count(const struct window_shape *w)
{
    return w->samples * w->in * w->cells * w->channels;
}

static int64_t output_count(const struct window_shape *w)
{
    return w->samples * w->out * w->cells * w->fields;
}

static void window_add(struct outputs *out, struct backend *backend, int index)
{
    const struct window_shape *w = &windows[index];
    struct buffer x = test_buffer(backend, 1, input_count(w));
    struct buffer y = test_buffer(backend, 2, output_count(w));
    struct buffer d = test_buffer(backend, 3, output_count(w));
    MUST(backend->ops->window_add(backend, &y, &x, w));
    MUST(backend->ops->window_add_adjoint(backend, &x, &d, w));
    take(out, backend, &y, output_count(w));
    take(out, backend, &x, input_count(w));
    backend->ops->release(backend, &d);
}

static void window_next(struct outputs *out, struct backend *backend, int index)
{
    const struct window_shape *w = &windows[index];
    struct buffer x = test_buffer(backend, 1, input_count(w));
    struct buffer y = test_buffer(backend, 2, output_count(w));
    struct buffer next = test_buffer(backend, 3, input_count(w));
    struct buffer fluid = test_mask(backend, 4, w->samples * w->cells, 0.3);
    MUST(backend->ops->window_next(backend, &next, &x, &y, &fluid, w));
    take(out, backend, &next, input_count(w));
    backend->ops->release(backend, &x);
    backend->ops->release(backend, &y);
    backend->ops->release(backend, &fluid);
}

static void window_next_adjoint(struct outputs *out, struct backend *backend, int index)
{
    const struct window_shape *w = &windows[index];
    struct buffer x = test_buffer(backend, 1, input_count(w));
    struct buffer y = test_buffer(backend, 2, output_count(w));
    struct buffer next = test_buffer(backend, 3, input_count(w));
    struct buffer fluid = test_mask(backend, 4, w->samples * w->cells, 0.3);
    MUST(backend->ops->window_next_adjoint(backend, &x, &y, &next, &fluid, w));
    take(out, backend, &x, input_count(w));
    take(out, backend, &y, output_count(w));
    backend->ops->release(backend, &next);
    backend->ops->release(backend, &fluid);
}

Test(backend_rollout, windows_and_their_adjoints_agree_with_the_reference)
{
    compare("window add", window_add, WINDOWS, sum_tolerance);
    compare("window next", window_next, WINDOWS, 0);
    compare("window next adjoint", window_next_adjoint, WINDOWS, sum_tolerance);
}

/* Four frames in, two out: the next call sees frames 2, 3 of the old input and the output. Fields
 * are 10 + frame (output: 20 + frame), the other channel 7; cell 1 is a body, at rest at 10 + 3. */
Test(backend_rollout, the_next_input_is_the_last_frames_of_both)
{
    const struct window_shape w = {1, 4, 2, 2, 2, 1};
    float x[16], y[4];
    const float expected[16] = {12, 7, 12, 7, 13, 7, 13, 7, 20, 7, 13, 7, 21, 7, 13, 7};
    const float fluid[2] = {1, 0};
    for (int i = 0; i < 16; i++)
        x[i] = i % 2 == 0 ? (float)(10 + i / 4) : 7.0f;
    for (int i = 0; i < 4; i++)
        y[i] = (float)(20 + i / 2);
    struct backend *ref = NULL;
    MUST(backend_open(&ref, "ref", 1));
    struct buffer input = test_upload(ref, x, 16), output = test_upload(ref, y, 4);
    struct buffer mask = test_upload(ref, fluid, 2), next = test_buffer(ref, 1, 16);
    MUST(ref->ops->window_next(ref, &next, &input, &output, &mask, &w));
    float *got = test_download(ref, &next, 16);
    for (int i = 0; i < 16; i++)
        cr_expect_eq(got[i], expected[i], "place %d: %g", i, got[i]);
    free(got);
    struct buffer *all[] = {&input, &output, &mask, &next};
    for (int k = 0; k < 4; k++)
        ref->ops->release(ref, all[k]);
    backend_close(ref);
}

Test(backend_rollout, the_adjoint_of_the_next_input_is_its_transpose)
{
    struct backend *ref = NULL;
    MUST(backend_open(&ref, "ref", 1));
    for (int i = 0; i < WINDOWS; i++) {
        const struct window_shape *w = &windows[i];
        int64_t in = input_count(w), out = output_count(w);
        struct buffer x = test_buffer(ref, 1, in), y = test_buffer(ref, 2, out);
        struct buffer dx = {0}, dy = {0}, next = test_buffer(ref, 3, in);
        struct buffer d = test_buffer(ref, 5, in),
                      fluid = test_mask(ref, 4, w->samples * w->cells, 0.3);
        MUST(ref->ops->alloc(ref, &dx, in));
        MUST(ref->ops->alloc(ref, &dy, out));
        MUST(ref->ops->window_next(ref, &next, &x, &y, &fluid, w));
        MUST(ref->ops->window_next_adjoint(ref, &dx, &dy, &d, &fluid, w));
        cr_expect_float_eq(dot(ref, &next, &d, in), dot(ref, &x, &dx, in) + dot(ref, &y, &dy, out),
                           1e-4);
        struct buffer *all[] = {&x, &y, &dx, &dy, &next, &d, &fluid};
        for (int k = 0; k < 7; k++)
            ref->ops->release(ref, all[k]);
    }
    backend_close(ref);
}
