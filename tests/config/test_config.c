/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "config_table.h"
#include "example_table.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct config *parse(const char *text)
{
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, example_table, text, "run.yaml", NULL, 0), OK, "%s",
                 error_message());
    return config;
}

static struct config *parse_setting(const char *setting)
{
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, example_table, "", "run.yaml", &setting, 1), OK, "%s",
                 error_message());
    return config;
}

/* The whole message, so that neither a fault too many nor one too few passes. */
static void expect_faults(const char *text, const char *message)
{
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, example_table, text, "run.yaml", NULL, 0), ERR_CONFIG, "%s",
                 text);
    cr_assert_null(config);
    cr_assert_str_eq(error_message(), message);
}

static void expect_setting_fault(const char *setting, const char *message)
{
    struct config *config = NULL;
    char expected[512];
    cr_assert_eq(config_parse(&config, example_table, "", "run.yaml", &setting, 1), ERR_CONFIG,
                 "%s", setting);
    cr_assert_null(config);
    (void)snprintf(expected, sizeof expected, "--set %s: %s", setting, message);
    cr_assert_str_eq(error_message(), expected);
}

Test(config, defaults_hold_where_nothing_is_given)
{
    const double *values = NULL;
    size_t count = 0;
    double real = 0;
    struct config *config = parse("");
    cr_assert_eq(config_integer(config, "solver.refine"), 4);
    real = config_real(config, "train.schedule.peak");
    cr_assert_eq(real, 2e-3);
    cr_assert_eq(config_switch(config, "train.flip"), 1);
    cr_assert_str_eq(config_text(config, "solver.wall"), "bouzidi");
    cr_assert_str_eq(config_text(config, "name"), "flows");
    cr_assert_eq(config_range(&values, &count, config, "reynolds"), CONFIG_RANGE_LOG_UNIFORM);
    cr_assert(count == 2 && values[0] == 40 && values[1] == 1000);
    cr_assert_eq(config_count(config, "probes"), 2);
    real = config_real_at(config, "probes", 1);
    cr_assert_eq(real, 40.5);
    cr_assert_eq(config_count(config, "held_out"), 0);
    cr_assert_eq(config_count(config, "bodies"), 1);
    cr_assert_str_eq(config_text(config, "bodies[0].shape"), "circle");
    cr_assert_eq(config_range(&values, &count, config, "bodies[0].size"), CONFIG_RANGE_FIXED);
    cr_assert(count == 1 && values[0] == 12);
    cr_assert_not(config_is_given(config, "solver.refine"));
    config_destroy(config);
    config_destroy(NULL);
}

Test(config, a_file_gives_values_of_every_type)
{
    const double *values = NULL;
    size_t count = 0;
    double pair[2];
    struct config *config = parse("solver:\n"
                                  "  refine: 2   # a comment\n"
                                  "  wall: halfway\n"
                                  "solver.speed: .05\n"
                                  "train: {flip: false, schedule: {peak: 1e-3}}\n"
                                  "name: 12\n"
                                  "reynolds: {list: [100, 200.5]}\n"
                                  "probes: [1]\n"
                                  "held_out:\n"
                                  "  - [90, 110]\n"
                                  "  - [400, 500]\n"
                                  "bodies:\n"
                                  "  - shape: ellipse\n"
                                  "    size: {uniform: [8, 16]}\n"
                                  "  - {shape: rectangle, angle: -45}\n");
    cr_assert_eq(config_integer(config, "solver.refine"), 2);
    cr_assert_eq(config_real(config, "solver.speed"), .05);
    cr_assert_eq(config_switch(config, "train.flip"), 0);
    cr_assert_str_eq(config_text(config, "name"), "12");
    cr_assert_eq(config_range(&values, &count, config, "reynolds"), CONFIG_RANGE_LIST);
    cr_assert(count == 2 && values[0] == 100 && values[1] == 200.5);
    config_pair_at(pair, config, "held_out", 1);
    cr_assert(config_count(config, "held_out") == 2 && pair[0] == 400 && pair[1] == 500);
    cr_assert_eq(config_count(config, "bodies"), 2);
    cr_assert_eq(config_range(&values, &count, config, "bodies[0].size"), CONFIG_RANGE_UNIFORM);
    cr_assert(values[0] == 8 && values[1] == 16);
    cr_assert_eq(config_real(config, "bodies[1].angle"), -45);
    cr_assert(config_is_given(config, "bodies[1].angle"));
    cr_assert_not(config_is_given(config, "bodies[0].angle"));
    cr_assert(config_is_given(config, "solver.speed"));
    config_destroy(config);
}

Test(config, settings_win_over_the_file_and_later_ones_over_earlier)
{
    static const char *const settings[] = {"solver.refine=3",
                                           "solver.refine=5",
                                           "name=a=b",
                                           "bodies=[{shape: circle}, {shape: ellipse}]",
                                           "bodies[1].size={uniform: [3, 4]}",
                                           "probes=[]"};
    const double *values = NULL;
    size_t count = 0;
    struct config *config = NULL;
    cr_assert_eq(
        config_parse(&config, example_table, "solver: {refine: 2}\nname: x\n", "f", settings, 6),
        OK, "%s", error_message());
    cr_assert_eq(config_integer(config, "solver.refine"), 5);
    cr_assert_str_eq(config_text(config, "name"), "a=b");
    cr_assert_eq(config_count(config, "bodies"), 2);
    cr_assert_eq(config_range(&values, &count, config, "bodies[1].size"), CONFIG_RANGE_UNIFORM);
    cr_assert_eq(values[1], 4);
    cr_assert_eq(config_count(config, "probes"), 0);
    config_destroy(config);
    config = parse_setting("bodies[0].size=13");
    (void)config_range(&values, &count, config, "bodies[0].size");
    cr_assert_eq(values[0], 13);
    config_destroy(config);
}

Test(config, ten_faults_of_a_file_are_ten_lines)
{
    expect_faults("sede: 1\n"
                  "solver:\n"
                  "  refine: 9\n"
                  "  speed: fast\n"
                  "  wall: bouncy\n"
                  "  lenght: 3\n"
                  "train:\n"
                  "  flip: yes\n"
                  "  batch: [1]\n"
                  "probes: [1, 65]\n"
                  "held_out: [[5, 4]]\n"
                  "bodies:\n"
                  "  - {size: 5}\n",
                  "run.yaml:1:1: key 'sede' is unknown; did you mean 'seed'?\n"
                  "run.yaml:3:11: 'solver.refine' is 9, but must lie in 1 to 8\n"
                  "run.yaml:4:10: 'solver.speed': 'fast' is not a number\n"
                  "run.yaml:5:9: 'solver.wall': 'bouncy' is none of bouzidi|halfway\n"
                  "run.yaml:6:3: key 'solver.lenght' is unknown\n"
                  "run.yaml:8:9: 'train.flip': 'yes' is neither true nor false\n"
                  "run.yaml:9:10: 'train.batch' takes an integer, not a list\n"
                  "run.yaml:10:13: 'probes' is 65, but must lie in 0 to 64\n"
                  "run.yaml:11:12: 'held_out': in [5, 4] the first must be less than the second\n"
                  "run.yaml:13:5: key 'bodies[0].shape' is required (family of the body: "
                  "circle|ellipse|rectangle)");
}

Test(config, faults_of_file_and_settings_come_together)
{
    static const char *const settings[] = {"solver.refien=2", "seed=-1"};
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, example_table, "name:\n", "f", settings, 2), ERR_CONFIG);
    cr_assert_str_eq(error_message(),
                     "f:1:6: 'name' takes a text, not nothing\n"
                     "--set solver.refien=2: key 'solver.refien' is unknown; did you mean "
                     "'solver.refine'?\n"
                     "--set seed=-1: 'seed' is -1, but must be 0 or more");
}

Test(config, values_of_the_wrong_kind_are_refused)
{
    expect_faults("seed: 1.5", "run.yaml:1:7: 'seed': '1.5' is not an integer");
    expect_faults("seed: 0x10", "run.yaml:1:7: 'seed': '0x10' is not an integer");
    expect_faults("seed: '1'", "run.yaml:1:7: 'seed' takes an integer, not a text in quotes");
    expect_faults("seed: 99999999999999999999",
                  "run.yaml:1:7: 'seed': '99999999999999999999' is too large for a 64-bit integer");
    expect_faults("seed:", "run.yaml:1:6: 'seed' takes an integer, not nothing");
    expect_faults("offset: 0.5x", "run.yaml:1:9: 'offset': '0.5x' is not a number");
    expect_faults("offset: 0,5", "run.yaml:1:9: 'offset': '0,5' is not a number");
    expect_faults("offset: .nan", "run.yaml:1:9: 'offset': '.nan' is not a number");
    expect_faults("offset: 1e999",
                  "run.yaml:1:9: 'offset': '1e999' is beyond the range of numbers");
    expect_faults("solver: 3", "run.yaml:1:9: 'solver' is a section and takes a mapping of its "
                               "keys, not a single value");
    expect_faults("- 3", "run.yaml:1:1: a configuration is a mapping of keys, not a list");
    expect_faults("name: [a]", "run.yaml:1:7: 'name' takes a text, not a list");
    expect_faults("name: ~", "run.yaml:1:7: 'name' takes a text, not nothing");
    expect_faults("solver.wall: halway", "run.yaml:1:14: 'solver.wall': 'halway' is none of "
                                         "bouzidi|halfway; did you mean 'halfway'?");
    expect_faults("probes: 3",
                  "run.yaml:1:9: 'probes' takes a list of numbers, not a single value");
    expect_faults("held_out: [[1, 2, 3]]", "run.yaml:1:12: 'held_out': a pair is written [a, b]");
    expect_faults("held_out: [[1, x], [3, 2]]",
                  "run.yaml:1:16: 'held_out': 'x' is not a number\n"
                  "run.yaml:1:20: 'held_out': in [3, 2] the first must be less than the second");
    expect_faults("bodies: {shape: circle}",
                  "run.yaml:1:9: 'bodies' takes a list of mappings, not a mapping");
    expect_faults("bodies: [3]", "run.yaml:1:10: 'bodies[0]' takes a mapping, not a single value");
    expect_faults("bodies: [{shape: circle, sise: 3}]",
                  "run.yaml:1:26: key 'bodies[0].sise' is unknown; did you mean 'bodies[0].size'?");
}

Test(config, ranges_are_checked)
{
    expect_faults("reynolds: {uniform: [40]}",
                  "run.yaml:1:21: 'reynolds': a pair is written [a, b]");
    expect_faults("reynolds: {uniform: [50, 40]}", "run.yaml:1:21: 'reynolds': in [50, 40] the "
                                                   "first must be less than the second");
    expect_faults("reynolds: {uniform: [0.5, 6000]}",
                  "run.yaml:1:22: 'reynolds' is 0.5, but must lie in 1 to 5000\n"
                  "run.yaml:1:27: 'reynolds' is 6000, but must lie in 1 to 5000");
    expect_faults("reynolds: {list: []}", "run.yaml:1:18: 'reynolds': the list is empty");
    expect_faults("reynolds: {unifrom: [1, 2]}",
                  "run.yaml:1:12: 'reynolds': 'unifrom' is none of uniform, log-uniform, list; did "
                  "you mean 'uniform'?");
    expect_faults("reynolds: [1, 2]",
                  "run.yaml:1:11: 'reynolds' takes a number, {uniform: [a, b]}, {log-uniform: [a, "
                  "b]} or {list: [a, b, ...]}, not a list");
    const struct option table[] = {
        {.key = "x", .type = OPTION_RANGE, .unit = "", .fallback = "1", .doc = "unbounded"},
        {.key = NULL}};
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, table, "x: {log-uniform: [0, 1]}", "f", NULL, 0),
                 ERR_CONFIG);
    cr_assert_str_eq(error_message(), "f:1:18: 'x': a log-uniform range must begin above 0");
}

Test(config, keys_given_twice_are_refused_however_they_are_written)
{
    expect_faults("seed: 1\nseed: 2\n", "run.yaml:2:1: key 'seed' is given twice; first on line 1");
    expect_faults("solver: {refine: 1}\nsolver.refine: 2\n",
                  "run.yaml:2:1: key 'solver.refine' is given twice; first on line 1");
}

Test(config, settings_that_name_nothing_are_refused)
{
    expect_setting_fault("solver", "a setting is written key=value");
    expect_setting_fault("=3", "a setting is written key=value");
    expect_setting_fault("solver=3", "'solver' is a section; name one of its keys");
    expect_setting_fault("seed=", "'seed' has no value");
    expect_setting_fault("seed=[1", "this is no YAML: did not find expected ',' or ']' while "
                                    "parsing a flow sequence");
    expect_setting_fault("bodies[1].size=3", "'bodies' has 1 entries; write 'bodies[INDEX].KEY'");
    expect_setting_fault("bodies[0]=3", "'bodies' has 1 entries; write 'bodies[INDEX].KEY'");
    expect_setting_fault("bodies[x].size=3", "'bodies' has 1 entries; write 'bodies[INDEX].KEY'");
    expect_setting_fault("bodies[99999999999999999999].size=3",
                         "'bodies' has 1 entries; write 'bodies[INDEX].KEY'");
    expect_setting_fault("bodies[0].sise=3",
                         "key 'bodies[0].sise' is unknown; did you mean 'bodies[0].size'?");
    expect_setting_fault("probes[0]=3", "key 'probes[0]' is unknown; did you mean 'probes'?");
    expect_setting_fault("seed=1\nname: x", "this is no YAML: mapping values are not allowed in "
                                            "this context");
}

Test(config, a_required_key_must_come_from_somewhere)
{
    const struct option table[] = {
        {.key = "a.b", .type = OPTION_INTEGER, .unit = "", .doc = "the one"}, {.key = NULL}};
    const char *setting = "a.b=3";
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, table, "a:\n", "f", NULL, 0), ERR_CONFIG);
    cr_assert_str_eq(error_message(), "f: key 'a.b' is required (the one)");
    cr_assert_eq(config_parse(&config, table, "", "f", &setting, 1), OK);
    cr_assert_eq(config_integer(config, "a.b"), 3);
    config_destroy(config);
}

Test(config, a_default_that_is_no_good_is_our_own_fault)
{
    const struct option table[] = {
        {.key = "a", .type = OPTION_INTEGER, .unit = "", .fallback = "x", .doc = "x"},
        {.key = NULL}};
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, table, "", "f", NULL, 0), ERR_INTERNAL);
}

Test(config, a_very_faulty_file_is_counted_to_the_end)
{
    static char text[60000];
    size_t length = 0;
    for (int i = 0; i < 1000; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "unknown_key_%d: 1\n", i);
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, example_table, text, "f", NULL, 0), ERR_CONFIG);
    int lines = 1;
    for (const char *at = error_message(); *at != '\0'; at++)
        lines += *at == '\n';
    const char *last = strrchr(error_message(), '\n');
    cr_assert_not_null(last);
    cr_assert_eq(strtol(last + strlen("\n... and "), NULL, 10) + lines - 1, 1000, "%s", last);
}

Test(config, a_late_fault_is_reported_at_the_place_of_its_key)
{
    const char *setting = "seed=4";
    struct config *config = NULL;
    cr_assert_eq(config_parse(&config, example_table, "\nbodies:\n- {shape: circle, angle: 3}\n",
                              "f", &setting, 1),
                 OK);
    cr_assert_eq(config_fault(config, "bodies[0].angle", "too %s", "flat"), ERR_CONFIG);
    cr_assert_str_eq(error_message(), "f:3:26: 'bodies[0].angle': too flat");
    cr_assert_eq(config_fault(config, "seed", "taken"), ERR_CONFIG);
    cr_assert_str_eq(error_message(), "--set seed=4: 'seed': taken");
    cr_assert_eq(config_fault(config, "solver.refine", "no"), ERR_CONFIG);
    cr_assert_str_eq(error_message(), "f: 'solver.refine' (default): no");
    config_destroy(config);
}

Test(config, files_are_read_and_missing_or_huge_ones_refused)
{
    char path[] = "/tmp/wakecast-config-XXXXXX";
    struct config *config = NULL;
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    cr_assert_eq(write(file, "\xef\xbb\xbfseed: 7\n", 11), 11); /* with a byte order mark */
    cr_assert_eq(config_read(&config, example_table, path, NULL, 0), OK, "%s", error_message());
    cr_assert_eq(config_integer(config, "seed"), 7);
    config_destroy(config);
    config = NULL;
    cr_assert_eq(write(file, "a\0b: 1\n", 7), 7);
    cr_assert_eq(config_read(&config, example_table, path, NULL, 0), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), ":2:2: this is no YAML: control characters"), "%s",
                       error_message());
    cr_assert_eq(ftruncate(file, 2 << 20), 0);
    cr_assert_eq(config_read(&config, example_table, path, NULL, 0), ERR_CONFIG);
    cr_assert_eq(close(file), 0);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(config_read(&config, example_table, path, NULL, 0), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), "does not exist"));
    cr_assert_eq(config_read(&config, example_table, "/", NULL, 0), ERR_CONFIG);
    cr_assert_not_null(strstr(error_message(), "is a folder"));
    cr_assert_null(config);
    cr_assert_eq(config_read(&config, example_table, NULL, NULL, 0), OK);
    config_destroy(config);
}

/* All one-letter typos of a word: a letter dropped, doubled, replaced, added, two exchanged. */
static size_t make_typo(char *out, const char *word, size_t number)
{
    static const char letters[] = "aeiouxzk";
    size_t length = strlen(word);
    size_t position = number / 12;
    size_t way = number % 12;
    if (position >= length)
        return 0;
    memcpy(out, word, length + 1);
    if (way == 0) { /* dropped */
        memmove(out + position, out + position + 1, length - position);
    } else if (way == 1) { /* doubled */
        memmove(out + position + 1, out + position, length - position + 1);
    } else if (way == 2 && position + 1 < length) { /* exchanged */
        out[position] = word[position + 1];
        out[position + 1] = word[position];
    } else if (way == 3) { /* added */
        memmove(out + position + 1, out + position, length - position + 1);
        out[position] = 'q';
    } else if (way >= 4) {
        out[position] = letters[way - 4];
    }
    return 1;
}

/* Is the misspelt key named, and the right one suggested? */
static int is_answered(const char *typo, const char *key)
{
    char setting[300];
    char suggested[300];
    struct config *config = NULL;
    const char *const list[] = {setting};
    (void)snprintf(setting, sizeof setting, "%s=1", typo);
    cr_assert_eq(config_parse(&config, example_table, "", "f", list, 1), ERR_CONFIG, "%s", typo);
    cr_assert_not_null(strstr(error_message(), typo), "'%s' is not named: %s", typo,
                       error_message());
    (void)snprintf(suggested, sizeof suggested, "did you mean '%s'?", key);
    return strstr(error_message(), suggested) != NULL;
}

Test(config, one_letter_typos_are_all_named_and_nearly_all_understood)
{
    int typos = 0;
    int understood = 0;
    for (const struct option *row = example_table; row->key != NULL; row++) {
        char typo[CONFIG_TABLE_KEY_SIZE];
        for (size_t i = 0; make_typo(typo, row->key, i); i++) {
            if (typo[0] == '\0' || config_table_find(example_table, typo) >= 0 ||
                config_table_is_section(example_table, typo))
                continue;
            typos++;
            understood += is_answered(typo, row->key);
        }
    }
    cr_log_info("%d typos, %d understood", typos, understood);
    cr_assert_gt(typos, 1000);
    cr_assert_geq(understood * 100, typos * 95, "%d typos, %d understood", typos, understood);
}
