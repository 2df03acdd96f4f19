/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "example_table.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char *write_all(const struct config *config)
{
    char *text = NULL;
    cr_assert_eq(config_write(&text, config, NULL), OK);
    return text;
}

static struct config *parse(const char *text)
{
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, example_table, text, "text", NULL, 0), OK, "%s",
                 error_message());
    return config;
}

Test(config_write, defaults_are_written_in_sections)
{
    struct config *config = parse("");
    char *text = write_all(config);
    cr_assert_str_eq(text, "seed: 1\n"
                           "solver:\n"
                           "  refine: 4\n"
                           "  speed: 0.1\n"
                           "  wall: bouzidi\n"
                           "train:\n"
                           "  batch: 16\n"
                           "  flip: true\n"
                           "  schedule:\n"
                           "    peak: 0.002\n"
                           "    warmup: 0.04\n"
                           "name: \"flows\"\n"
                           "reynolds: {log-uniform: [40, 1000]}\n"
                           "offset: 0\n"
                           "probes: [32, 40.5]\n"
                           "held_out: []\n"
                           "bodies:\n"
                           "  - {shape: circle, size: 12, angle: 0}\n");
    free(text);
    config_destroy(config);
}

Test(config_write, what_is_written_reads_back_to_the_same_bytes)
{
    static const char *const texts[] = {
        "",
        "{seed: 9223372036854775807, solver: {speed: 0.012345678901234567}}",
        "name: \"a \\\"quoted\\\" \\\\ line\\nand \\t \\x01 \\u00e9 # no comment: {\"",
        "name: \"true\"",
        "name: ''",
        "{reynolds: {list: [1, 2.5, 5e3]}, probes: [], held_out: [[1, 2], [3.5, 5000]]}",
        "{reynolds: {uniform: [1, 2]}, offset: -1.7976931348623157e308}",
        "offset: 5e-324",
        "offset: -0.0",
        "bodies: []",
        "bodies: [{shape: ellipse, size: {uniform: [4, 8]}, angle: -0.1}, {shape: circle}]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct config *first = parse(texts[i]);
        char *once = write_all(first);
        struct config *second = parse(once);
        char *twice = write_all(second);
        cr_assert_str_eq(once, twice);
        cr_assert_str_eq(config_text(second, "name"), config_text(first, "name"));
        cr_assert_eq(config_real(second, "offset"), config_real(first, "offset"));
        cr_assert_eq(config_integer(second, "seed"), config_integer(first, "seed"));
        cr_assert_eq(config_count(second, "bodies"), config_count(first, "bodies"));
        free(once);
        free(twice);
        config_destroy(first);
        config_destroy(second);
    }
}

/* "?" before the first that fits: at its default a key is left out, given or not. */
Test(config_write, a_sparing_prefix_leaves_out_defaults)
{
    static const char *const prefixes[] = {"?solver.w", "?train.schedule.", "solver.w", "seed",
                                           NULL};
    static const struct {
        const char *given, *written;
    } cases[] = {
        {"", "seed: 1\n"},
        {"solver: {wall: bouzidi}", "seed: 1\n"},
        {"solver: {wall: halfway}", "seed: 1\nsolver:\n  wall: halfway\n"},
        {"train: {schedule: {peak: 0.5}}", "seed: 1\ntrain:\n  schedule:\n    peak: 0.5\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config *config = parse(cases[i].given);
        char *text = NULL;
        cr_assert_eq(config_write(&text, config, prefixes), OK);
        cr_expect_str_eq(text, cases[i].written);
        free(text);
        config_destroy(config);
    }
}

Test(config_write, prefixes_limit_what_is_written)
{
    static const char *const prefixes[] = {"solver.w", "train.schedule.", "seed", NULL};
    struct config *config = parse("");
    char *text = NULL;
    cr_assert_eq(config_write(&text, config, prefixes), OK);
    cr_assert_str_eq(text,
                     "seed: 1\nsolver:\n  wall: bouzidi\ntrain:\n  schedule:\n    peak: 0.002\n"
                     "    warmup: 0.04\n");
    free(text);
    config_destroy(config);
}
