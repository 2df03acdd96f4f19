/* SPDX-License-Identifier: Apache-2.0 */
#include "config_yaml.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct config_yaml *read_text(struct config_faults *faults, const char *text)
{
    struct config_yaml *root = NULL;
    cr_assert_eq(config_yaml_read(&root, faults, text, strlen(text), "f", CONFIG_YAML_LINES), OK);
    return root;
}

static void expect_fault(const char *text, const char *message)
{
    struct config_faults faults = {0};
    struct config_yaml *root = read_text(&faults, text);
    cr_assert_eq(faults.count, 1, "%s: %zu faults: %s", text, faults.count, faults.lines.text);
    cr_assert_str_eq(faults.lines.text, message);
    config_yaml_destroy(root);
    config_faults_fini(&faults);
}

Test(config_yaml, nodes_know_their_place)
{
    struct config_faults faults = {0};
    struct config_yaml *root = read_text(&faults, "# comment\na:\n  - 1\n  - 'x y'\nb: {c: ~}\n");
    cr_assert_eq(faults.count, 0);
    cr_assert_eq(root->kind, CONFIG_YAML_MAPPING);
    cr_assert_eq(root->count, 4);
    const struct config_yaml *list = root->children[1];
    cr_assert_eq(list->kind, CONFIG_YAML_LIST);
    cr_assert_str_eq(list->children[1]->text, "x y");
    cr_assert_not(list->children[1]->is_plain);
    cr_assert_eq(list->children[1]->place.line, 4);
    cr_assert_eq(list->children[1]->place.column, 5);
    cr_assert(config_yaml_is_null(root->children[3]->children[1]));
    config_yaml_destroy(root);
}

Test(config_yaml, empty_texts_give_nothing)
{
    static const char *const texts[] = {"", "\n", "# only a comment\n", "---\n..."};
    for (size_t i = 0; i < 3; i++) {
        struct config_faults faults = {0};
        cr_assert_null(read_text(&faults, texts[i]));
        cr_assert_eq(faults.count, 0);
    }
}

Test(config_yaml, what_a_configuration_has_no_use_for_is_refused_at_its_place)
{
    expect_fault("a: &x 1\n", "f:1:4: anchors such as '&x' are not supported; write the value out");
    expect_fault("a: *x\n", "f:1:4: aliases such as '*x' are not supported; write the value again");
    expect_fault("b:\n  <<: {c: 1}\n",
                 "f:2:3: merge keys ('<<') are not supported; write the values out");
    expect_fault("a: !!int 3\n",
                 "f:1:4: tags such as 'tag:yaml.org,2002:int' are not supported; remove it");
    expect_fault("a: 1\nb: 2\na: 3\n", "f:3:1: key 'a' is given twice; first on line 1");
    expect_fault("? [x]\n: 1\n", "f:1:3: a list cannot be a key");
    expect_fault("a: 1\n---\nb: 2\n",
                 "f:2:1: a second document begins here; one file holds one configuration");
}

Test(config_yaml, malformed_text_is_named_with_its_place)
{
    static const char *const texts[] = {"a: [1, 2\nb: 3\n", "a: 1\n b: 2\n", "a: \"x\n",
                                        "\ta: 1\n",         "a: 1\n}\n",     "a: \xff\n",
                                        "a: \x01\n",        "{a: 1, "};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct config_faults faults = {0};
        struct config_yaml *root = read_text(&faults, texts[i]);
        cr_assert_eq(faults.count, 1, "%s", texts[i]);
        cr_assert_eq(strncmp(faults.lines.text, "f:", 2), 0);
        cr_assert_not_null(strstr(faults.lines.text, "this is no YAML: "), "%s", faults.lines.text);
        config_yaml_destroy(root);
        config_faults_fini(&faults);
    }
}

Test(config_yaml, depth_and_number_of_values_are_bounded)
{
    static char text[200001];
    struct config_faults faults = {0};
    memset(text, '[', sizeof text - 1);
    config_yaml_destroy(read_text(&faults, text));
    cr_assert_str_eq(faults.lines.text, "f:1:34: nested more than 32 levels deep");
    config_faults_fini(&faults);
    for (size_t i = 1; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "1,", 2);
    config_yaml_destroy(read_text(&faults, text));
    cr_assert_eq(faults.count, 1);
    cr_assert_not_null(strstr(faults.lines.text, "more than 20000 values in one file"));
    config_faults_fini(&faults);
}
