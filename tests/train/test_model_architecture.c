/* SPDX-License-Identifier: Apache-2.0
 *
 * Every switch of a network through its metadata and back. */
#include "model_architecture.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

/* A network with no switch at its default. */
static struct network_spec odd_spec(void)
{
    struct network_spec spec;
    cr_assert_eq(network_spec_parse(&spec, "C 4 / 6 * 8 + C 3"), OK);
    spec.reynolds = spec.walls = 1;
    spec.input_channels = network_spec_channels(&spec);
    spec.frames_in = 4;
    spec.frames_out = 2;
    spec.skips = 0;
    spec.norm = NETWORK_NORM_GROUP;
    spec.groups = 2;
    spec.output = NETWORK_OUTPUT_TANH;
    spec.target = NETWORK_TARGET_DELTA;
    spec.padding[NETWORK_INLET] = NETWORK_PADDING_REFLECT;
    spec.padding[NETWORK_OUTLET] = NETWORK_PADDING_REPLICATE;
    spec.padding[NETWORK_BOTTOM] = spec.padding[NETWORK_TOP] = NETWORK_PADDING_PERIODIC;
    return spec;
}

static struct json *written(const struct network_spec *spec)
{
    struct json *json = NULL;
    cr_assert_eq(model_architecture_write(&json, spec), OK);
    return json;
}

Test(model_architecture, every_switch_is_read_as_it_was_written)
{
    struct network_spec spec = odd_spec(), read;
    struct json *json = written(&spec);
    cr_assert_eq(model_architecture_read(&read, json), OK, "%s", error_message());
    cr_expect_eq(model_architecture_compare(&read, &spec), OK, "%s", error_message());
    cr_expect_eq(read.input_channels, 7);
    cr_expect_eq(read.frames_in, 4);
    cr_expect_eq(read.frames_out, 2);
    cr_expect_eq(read.padding[NETWORK_TOP], NETWORK_PADDING_PERIODIC);
    json_destroy(json);
}

/* A default put back one key at a time differs, and only that key is blamed. */
Test(model_architecture, each_switch_that_differs_is_named)
{
    struct network_spec spec = odd_spec(), plain, read;
    cr_assert_eq(network_spec_parse(&plain, "C 4 / 6 * 8 + C 3"), OK);
    struct json *odd = written(&spec), *defaults = written(&plain);
    struct json_member member = {0};
    int keys = 0;
    while (json_next(&member, defaults)) {
        if (strcmp(member.key, "layers") == 0 || strcmp(member.key, "output_channels") == 0 ||
            strcmp(member.key, "size") == 0)
            continue;
        keys++;
        struct json *mixed = json_make_copy(odd);
        cr_assert_eq(json_set(mixed, member.key, json_make_copy(member.value)), OK);
        char quoted[64];
        (void)snprintf(quoted, sizeof quoted, "'%s'", member.key);
        enum status status = model_architecture_read(&read, mixed);
        if (strncmp(member.key, "padding_b", 9) == 0 || strncmp(member.key, "padding_t", 9) == 0) {
            cr_expect_eq(status, ERR_DATA, "periodic at one side of an axis is taken");
        } else {
            cr_assert_eq(status, OK, "%s: %s", member.key, error_message());
            cr_expect_eq(model_architecture_compare(&read, &spec), ERR_DATA, "%s", member.key);
            cr_expect_not_null(strstr(error_message(), quoted), "%s", error_message());
        }
        json_destroy(mixed);
    }
    cr_expect_eq(keys, 14);
    json_destroy(odd);
    json_destroy(defaults);
}

Test(model_architecture, a_model_older_than_a_switch_has_its_default)
{
    static const char text[] = "{\"size\":\"custom\",\"layers\":\"C 4 / 6 * 8 + C 3\","
                               "\"input_channels\":4,\"output_channels\":3,\"frames\":3,"
                               "\"skips\":true,\"norm\":\"batch\"}";
    struct network_spec plain, read;
    struct json *json = NULL;
    cr_assert_eq(network_spec_parse(&plain, "C 4 / 6 * 8 + C 3"), OK);
    cr_assert_eq(json_read(&json, text, sizeof text - 1, "text"), OK);
    cr_assert_eq(model_architecture_read(&read, json), OK, "%s", error_message());
    cr_expect_eq(model_architecture_compare(&read, &plain), OK, "%s", error_message());
    json_destroy(json);
}

Test(model_architecture, keys_and_values_that_cannot_be_are_refused_by_name)
{
    static const struct {
        const char *key;
        int64_t number; /* where there is no text */
        const char *text, *why;
    } wrong[] = {
        {"norm", 0, "layer", "none|batch|group"},
        {"norm", 3, NULL, "norm"},
        {"output", 0, "sigmoid", "linear|tanh"},
        {"target", 0, "Direct", "direct|delta"},
        {"padding_inlet", 0, "wrap", "zero|replicate"},
        {"padding_top", 0, "zero", "periodic"},
        {"frames", 0, NULL, "frames"},
        {"frames_out", 8, NULL, "frames_out"},
        {"groups", 0, NULL, "groups"},
        {"skips", 1, NULL, "skips"},
        {"input_channels", 2, NULL, "too few"},
        {"attention", 1, NULL, "'attention'"},
        {"layers", 0, "C 4 / 6 C 3", "layers"},
    };
    struct network_spec spec = odd_spec(), read;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct json *json = written(&spec);
        cr_assert_eq(json_set(json, wrong[i].key,
                              wrong[i].text != NULL ? json_make_text(wrong[i].text)
                                                    : json_make_integer(wrong[i].number)),
                     OK);
        error_clear();
        cr_expect_eq(model_architecture_read(&read, json), ERR_DATA, "%s", wrong[i].key);
        cr_expect_not_null(strstr(error_message(), wrong[i].why), "%s: %s", wrong[i].key,
                           error_message());
        json_destroy(json);
    }
}
