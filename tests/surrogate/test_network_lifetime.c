/* SPDX-License-Identifier: Apache-2.0
 *
 * Where activations stand: what is held at one time never shares bytes, and the arena is hardly
 * larger than what is held. That the instants are right is shown by the networks that stand on them
 * (test_network, test_network_golden). */
#include "network_lifetime.h"

#include "network_fixture.h"
#include "philox.h"

#include <stdio.h>

enum { USES = 3 };

static const enum network_use uses[USES] = {NETWORK_TRAIN, NETWORK_FORECAST, NETWORK_TRAIN_THROUGH};

static int64_t bytes_of(const struct network_lifetime_space *space)
{
    return space->count * (int64_t)precision_bytes(space->precision);
}

static void expect_apart(const struct network_lifetime_space *one,
                         const struct network_lifetime_space *two, const char *name)
{
    int64_t a = (int64_t)one->offset, b = (int64_t)two->offset;
    if (one == two || one->count == 0 || two->count == 0)
        return;
    if (one->first > two->last || two->first > one->last)
        return;
    cr_expect(a + bytes_of(one) <= b || b + bytes_of(two) <= a,
              "%s: [%lld, +%lld) and [%lld, +%lld)", name, (long long)a, (long long)bytes_of(one),
              (long long)b, (long long)bytes_of(two));
}

/* One after the other, layers and extras. */
static const struct network_lifetime_space *space_at(const struct network_lifetime *lifetime, int i)
{
    enum { OF_LAYERS = NETWORK_LAYERS * NETWORK_LIFETIME_ROLES };
    return i < OF_LAYERS ? &lifetime->layers[i / NETWORK_LIFETIME_ROLES][i % NETWORK_LIFETIME_ROLES]
                         : &lifetime->extras[i - OF_LAYERS];
}

static struct network_lifetime lifetime_of(const struct network_plan *plan,
                                           const struct network_spec *spec, int64_t batch,
                                           int64_t ny, enum network_use use,
                                           enum precision precision)
{
    struct network_lifetime lifetime;
    const struct network_lifetime_use how = {.plan = plan,
                                             .delta = spec->target == NETWORK_TARGET_DELTA,
                                             .batch = batch,
                                             .nx = 64,
                                             .ny = ny,
                                             .use = use,
                                             .precision = precision};
    network_lifetime_plan(&lifetime, &how);
    return lifetime;
}

static double expect_good_plan(const struct network_spec *spec, enum network_use use,
                               enum precision precision, const char *name)
{
    enum { SPACES = NETWORK_LAYERS * NETWORK_LIFETIME_ROLES + NETWORK_LIFETIME_EXTRAS };
    struct network_plan plan;
    int64_t spaces = 0;
    MUST(network_plan_make(&plan, spec));
    struct network_lifetime lifetime = lifetime_of(&plan, spec, 3, 32, use, precision);
    for (int i = 0; i < SPACES; i++) {
        const struct network_lifetime_space *one = space_at(&lifetime, i);
        spaces += one->count > 0;
        cr_expect(one->offset % 64 == 0 && one->offset + (size_t)bytes_of(one) <= lifetime.bytes,
                  "%s: a space leaves the arena", name);
        for (int j = 0; j < i && one->count > 0; j++)
            expect_apart(one, space_at(&lifetime, j), name);
    }
    cr_assert_geq(spaces, plan.count);
    return (double)lifetime.bytes / (double)lifetime.least;
}

Test(network_lifetime, what_is_held_at_one_time_stands_apart_and_little_is_lost)
{
    static const char *const sizes[] = {"tiny", "small", "base", "large",
                                        "C 4 / 6 C 6 / 8 * 6 + * 5 + C 4 C 3"};
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < SWITCHES; k++) {
            char name[64];
            struct network_spec spec = switched(name, sizes[i], k);
            for (int u = 0; u < 2 * USES; u++) {
                enum precision precision = u < USES ? PRECISION_F32 : PRECISION_BF16;
                double ratio = expect_good_plan(&spec, uses[u % USES], precision, name);
                cr_expect_leq(ratio, 1.1, "%s, %s: %g of the least", sizes[i], name, ratio);
            }
        }
}

Test(network_lifetime, the_shipped_sizes_take_the_least)
{
    static const char *const sizes[] = {"tiny", "small", "base", "large"};
    for (int i = 0; i < 4; i++)
        for (int u = 0; u < USES; u++) {
            struct network_plan plan;
            struct network_spec spec = spec_of(sizes[i]);
            MUST(network_plan_make(&plan, &spec));
            struct network_lifetime lifetime =
                lifetime_of(&plan, &spec, 16, 64, uses[u], PRECISION_F32);
            cr_log_info("%s, use %d, a batch of 16: arena %.1f MB, held %.1f MB", sizes[i], u,
                        (double)lifetime.bytes / 1e6, (double)lifetime.least / 1e6);
            cr_expect_eq(lifetime.bytes, lifetime.least);
        }
}

/* Encoders of drawn depth and widths, decoders that mirror them. */
static void draw_layers(char *out, size_t size, uint64_t number)
{
    int levels = 1 + (int)(philox_uniform(9, PHILOX_STREAM_TEST, number << 8) * 4);
    size_t length = 0;
    for (int i = 0; i < 2 * levels + 2; i++) {
        int width =
            1 + (int)(philox_uniform(9, PHILOX_STREAM_TEST, number << 8 | (uint64_t)(i + 1)) * 60);
        const char *form = i == 0            ? "C %d"
                           : i <= levels     ? " / %d"
                           : i <= 2 * levels ? " * %d +"
                                             : " C 3";
        length += (size_t)snprintf(out + length, size - length, form, width);
    }
}

Test(network_lifetime, of_any_network_hardly_more_than_the_least_is_taken)
{
    double worst = 1.0;
    for (uint64_t number = 0; number < 200; number++) {
        char layers[256];
        struct network_spec spec;
        draw_layers(layers, sizeof layers, number);
        MUST(network_spec_parse(&spec, layers));
        for (int u = 0; u < USES; u++) {
            double ratio = expect_good_plan(&spec, uses[u], PRECISION_F32, layers);
            worst = ratio > worst ? ratio : worst;
        }
    }
    cr_log_info("at most %g of the least", worst);
    cr_expect_leq(worst, 1.3, "%g", worst);
}
