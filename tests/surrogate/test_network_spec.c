/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of layers: notation, counts of design.md, and refusals. */
#include "error.h"
#include "network.h"

#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

/* The table of the design: parameters, GFLOP forward nominal and on data, on the 64 x 64 canvas. */
static const struct {
    const char *size, *layers;
    int64_t parameters;
    double nominal, on_data;
} sizes[] = {
    {"tiny", "C 16 / 16 / 32 / 32 * 32 + * 16 + * 16 + C 3", 213523, 0.484, 0.360},
    {"small", "C 16 / 32 / 48 / 64 C 64 * 48 + * 32 + * 16 + C 16 C 3", 717923, 1.362, 1.010},
    {"base", "C 32 / 64 / 96 / 128 C 128 * 96 + * 64 + * 32 + C 32 C 3", 2864323, 5.301, 3.926},
    {"large",
     "C 64 C 64 / 128 C 128 / 256 C 256 / 384 C 384 * 256 + C 256 * 128 + C 128 * 64 + C 64 C 3",
     24335107, 39.575, 28.986},
};

enum { SIZES = sizeof sizes / sizeof sizes[0] };

Test(network_spec, named_sizes_have_the_parameters_and_flops_of_the_design)
{
    for (int i = 0; i < SIZES; i++) {
        struct network_spec spec;
        cr_assert_eq(network_spec_parse(&spec, sizes[i].size), OK);
        cr_expect_eq(network_spec_parameters(&spec), sizes[i].parameters, "%s: %lld", sizes[i].size,
                     (long long)network_spec_parameters(&spec));
        double nominal, on_data;
        network_spec_flops(&nominal, &on_data, &spec, 64, 64);
        cr_expect_lt(fabs(nominal * 1e-9 - sizes[i].nominal), 5e-4, "%s: %.4f nominal",
                     sizes[i].size, nominal * 1e-9);
        cr_expect_lt(fabs(on_data * 1e-9 - sizes[i].on_data), 5e-4, "%s: %.4f on data",
                     sizes[i].size, on_data * 1e-9);
    }
}

Test(network_spec, a_list_is_written_as_it_was_read)
{
    for (int i = 0; i < SIZES; i++) {
        struct network_spec named, listed;
        char text[512];
        cr_assert_eq(network_spec_parse(&named, sizes[i].size), OK);
        network_spec_write(text, sizeof text, &named);
        cr_expect_str_eq(text, sizes[i].layers);
        cr_assert_eq(network_spec_parse(&listed, text), OK);
        cr_expect_str_eq(named.size, sizes[i].size);
        cr_expect_str_eq(listed.size, "custom");
        cr_expect_eq(network_spec_parameters(&listed), sizes[i].parameters);
    }
}

Test(network_spec, without_skips_the_decoder_inputs_are_halved)
{
    struct network_spec spec;
    cr_assert_eq(network_spec_parse(&spec, "tiny"), OK);
    spec.skips = 0;
    /* * 16: 32 in instead of 64 (48 weights a pair); * 16: 16 instead of 32; C 3: 16 instead of
     * 32 (27 weights a pair). */
    int64_t dropped = 32 * 16 * 48 + 16 * 16 * 48 + 16 * 3 * 27;
    cr_expect_eq(network_spec_parameters(&spec), 213523 - dropped);
}

Test(network_spec, without_norm_every_layer_has_a_bias_instead)
{
    struct network_spec spec;
    cr_assert_eq(network_spec_parse(&spec, "tiny"), OK);
    spec.norm = NETWORK_NORM_NONE;
    int64_t inner_channels = 16 + 32 + 32 + 32 + 16 + 16;
    cr_expect_eq(network_spec_parameters(&spec), 213523 - inner_channels);
}

Test(network_spec, a_wrong_list_is_refused_and_the_message_says_why)
{
    static const struct {
        const char *layers, *why;
    } wrong[] = {
        {"", "2 layers"},
        {"C 3", "2 layers"},
        {"huge", "huge"},
        {"C 16 X 3 C 3", "'X'"},
        {"C sixteen C 3", "sixteen"},
        {"C 0 C 3", "'0'"},
        {"C 16x C 3", "16x"},
        {"C 9999999999999999999999 C 3", "99999"},
        {"C 16 C", "'C'"},
        {"C 16 * 16 C 3", "no matching '/'"},
        {"C 16 / 16 C 3", "more '/' than '*'"},
        {"C 16 + C 3", "layer 2, '+'"},
        {"+ C 16 C 3", "layer 1, '+'"},
        {"/ 16 * 16 + C 3", "'+'"},
        {"C 16 / 16 * 16 + + C 3", "once for each '/'"},
        {"C 16 C 4", "'C 3'"},
        {"C 16 / 16 * 3", "'C 3'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct network_spec spec;
        error_clear();
        cr_expect_eq(network_spec_parse(&spec, wrong[i].layers), ERR_CONFIG, "'%s' is taken",
                     wrong[i].layers);
        cr_expect_not_null(strstr(error_message(), wrong[i].why), "'%s' is refused with: %s",
                           wrong[i].layers, error_message());
    }
}

Test(network_spec, a_list_longer_than_the_table_is_refused)
{
    char text[1024] = "";
    for (int i = 0; i < NETWORK_LAYERS + 1; i++)
        strncat(text, "C 3 ", sizeof text - strlen(text) - 1);
    struct network_spec spec;
    cr_expect_eq(network_spec_parse(&spec, text), ERR_CONFIG);
}
