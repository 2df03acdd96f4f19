/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include "temporary_folder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct json *parse(const char *text)
{
    struct json *root = NULL;
    cr_assert_eq(json_read(&root, text, strlen(text), "text"), OK, "%s", error_message());
    return root;
}

static void expect_text(const struct json *root, const char *expected)
{
    char *text = NULL;
    cr_assert_eq(json_write(&text, root, JSON_FORM_COMPACT), OK);
    cr_assert_str_eq(text, expected);
    free(text);
}

static void expect_refused(const char *text, const char *fragment)
{
    struct json *root = NULL;
    cr_assert_eq(json_read(&root, text, strlen(text), "file.json"), ERR_DATA, "%s", text);
    cr_assert_null(root);
    cr_assert_not_null(strstr(error_message(), fragment), "%s", error_message());
}

Test(json, writes_members_in_order_of_insertion)
{
    struct json *root = json_make_object();
    struct json *list = json_make_array();
    cr_assert_eq(json_set(root, "z", json_make_integer(INT64_MIN)), OK);
    cr_assert_eq(json_set(root, "a", json_make_text("\"\n\xc3\xa9")), OK);
    cr_assert_eq(json_append(list, json_make_boolean(1)), OK);
    cr_assert_eq(json_append(list, json_make_boolean(0)), OK);
    cr_assert_eq(json_append(list, json_make_null()), OK);
    cr_assert_eq(json_set(root, "m", list), OK);
    cr_assert_eq(json_set(root, "b", json_make_reals((const double[]){0.5, NAN, -INFINITY}, 3)),
                 OK);
    cr_assert_eq(json_set(root, "i", json_make_integers((const int64_t[]){1, -2}, 2)), OK);
    expect_text(root,
                "{\"z\":-9223372036854775808,\"a\":\"\\\"\\n\xc3\xa9\",\"m\":[true,false,null],"
                "\"b\":[0.5,null,null],\"i\":[1,-2]}");
    struct json *copy = json_make_copy(root);
    json_destroy(root);
    cr_assert_eq(json_count(copy), 5);
    cr_assert_eq(json_kind(json_find(copy, "m")), JSON_KIND_ARRAY);
    json_destroy(copy);
    json_destroy(NULL);
}

Test(json, setters_pass_on_the_failure_of_a_nested_maker)
{
    struct json *root = json_make_object();
    struct json *list = json_make_array();
    cr_assert_eq(json_set(root, "a", NULL), ERR_MEMORY);
    cr_assert_eq(json_append(list, NULL), ERR_MEMORY);
    json_destroy(root);
    json_destroy(list);
}

Test(json, reals_survive_the_trip)
{
    static const double values[] = {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e22, 1};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct json *list = json_make_reals(&values[i], 1);
        char *text = NULL;
        double back = 0;
        cr_assert_eq(json_write(&text, list, JSON_FORM_INDENTED), OK);
        struct json *read = parse(text);
        cr_assert_eq(json_kind(json_at(read, 0)), JSON_KIND_REAL);
        cr_assert_eq(json_as_real(&back, json_at(read, 0)), OK);
        cr_assert_eq(memcmp(&back, &values[i], sizeof back), 0, "%s", text);
        free(text);
        json_destroy(list);
        json_destroy(read);
    }
}

Test(json, bytes_that_are_not_utf8_become_question_marks)
{
    struct json *text = json_make_text("a\xff\xc3\xa9\xc3");
    expect_text(text, "\"a?\xc3\xa9?\"");
    json_destroy(text);
}

Test(json, faults_name_file_line_and_column)
{
    expect_refused("{\n  \"a\": 1,\n  \"b\": tru\n}", "file.json:3:");
    expect_refused("{\"a\": 1, \"a\": 2}", "duplicate object key");
    expect_refused("", "file.json:1:");
    expect_refused("{} x", "file.json:1:");
    expect_refused("[1", "file.json:1:");
    expect_refused("[1e999]", "file.json:1:");
    expect_refused("[9223372036854775808]", "too big integer");
    expect_refused("[NaN]", "file.json:1:");
    expect_refused("[\"\xff\"]", "file.json:1:");
    expect_refused("[\"\\u0000\"]", "file.json:1:");
    char deep[10001];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    expect_refused(deep, "maximum parsing depth");
}

Test(json, getters_tell_missing_keys_from_wrong_types)
{
    struct json *root = parse("{\"i\":3,\"r\":2.5,\"t\":\"x\",\"b\":true,\"l\":[1],\"o\":{}}");
    int64_t integer = 0;
    double real = 0;
    const char *text = NULL;
    int boolean = 0;
    const struct json *node = NULL;
    cr_assert_eq(json_get_integer(&integer, root, "i"), OK);
    cr_assert_eq(integer, 3);
    cr_assert_eq(json_get_real(&real, root, "r"), OK);
    cr_assert_eq(real, 2.5);
    cr_assert_eq(json_get_real(&real, root, "i"), OK, "an integer is a number");
    cr_assert_eq(real, 3);
    cr_assert_eq(json_get_text(&text, root, "t"), OK);
    cr_assert_str_eq(text, "x");
    cr_assert_eq(json_get_boolean(&boolean, root, "b"), OK);
    cr_assert_eq(boolean, 1);
    cr_assert_eq(json_get_array(&node, root, "l"), OK);
    cr_assert_eq(json_count(node), 1);
    cr_assert_null(json_at(node, 1));
    cr_assert_eq(json_get_object(&node, root, "o"), OK);
    cr_assert_eq(json_get_integer(&integer, root, "none"), ERR_DATA);
    cr_assert_str_eq(error_message(), "the key 'none' is missing");
    cr_assert_eq(json_get_integer(&integer, root, "r"), ERR_DATA);
    cr_assert_str_eq(error_message(), "the key 'r' holds a number where an integer is due");
    cr_assert_eq(json_get_real(&real, root, "t"), ERR_DATA);
    cr_assert_eq(json_get_text(&text, root, "i"), ERR_DATA);
    cr_assert_eq(json_get_boolean(&boolean, root, "i"), ERR_DATA);
    cr_assert_eq(json_get_array(&node, root, "o"), ERR_DATA);
    cr_assert_eq(json_get_object(&node, root, "l"), ERR_DATA);
    cr_assert_eq(json_get_object(&node, json_find(root, "l"), "x"), ERR_DATA, "not an object");
    cr_assert_eq(json_as_text(&text, json_find(root, "i")), ERR_DATA);
    cr_assert_eq(json_as_integer(&integer, json_find(root, "t")), ERR_DATA);
    cr_assert_eq(json_as_real(&real, NULL), ERR_DATA);
    json_destroy(root);
}

Test(json, members_are_visited_in_the_order_of_the_file)
{
    struct json *root = parse("{\"z\":0,\"a\":1,\"m\":2}");
    struct json_member member = {0};
    char keys[4] = "";
    int64_t value = 0;
    for (int i = 0; json_next(&member, root); i++) {
        keys[i] = member.key[0];
        cr_assert_eq(json_as_integer(&value, member.value), OK);
        cr_assert_eq(value, i);
    }
    cr_assert_str_eq(keys, "zam");
    json_destroy(root);
    root = parse("{}");
    struct json_member none = {0};
    cr_assert_not(json_next(&none, root));
    json_destroy(root);
}

Test(json_file, reads_and_names_the_file, .init = temporary_folder_create,
     .fini = temporary_folder_remove)
{
    struct json *root = NULL;
    temporary_folder_write("good.json", "[1]\n");
    temporary_folder_write("bad.json", "[1\n\n;");
    cr_assert_eq(json_read_file(&root, temporary_folder_path("good.json")), OK);
    json_destroy(root);
    root = NULL;
    cr_assert_eq(json_read_file(&root, temporary_folder_path("bad.json")), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "bad.json:3:1: "), "%s", error_message());
    cr_assert_eq(json_read_file(&root, temporary_folder_path("none.json")), ERR_DATA);
    cr_assert_null(root);
}

Test(json, an_integer_out_of_its_range_is_refused_with_the_range)
{
    struct json *root = parse("{\"n\": 7}");
    int64_t n = 0;
    cr_assert_eq(json_get_integer_within(&n, root, "n", 7, 7), OK);
    cr_assert_eq(n, 7);
    cr_assert_eq(json_get_integer_within(&n, root, "n", 8, 9), ERR_DATA);
    cr_assert_not_null(strstr(error_message(), "'n' is 7, not within 8 .. 9"));
    cr_assert_eq(json_get_integer_within(&n, root, "n", 1, 6), ERR_DATA);
    cr_assert_eq(json_get_integer_within(&n, root, "m", 1, 6), ERR_DATA);
    json_destroy(root);
}

Test(json, null_stands_for_a_number_that_is_none)
{
    struct json *root = parse("{\"a\": null, \"b\": 1.5, \"c\": \"x\"}");
    double value = 0;
    cr_assert_eq(json_get_real_or_null(&value, root, "a"), OK);
    cr_assert(isnan(value));
    cr_assert_eq(json_get_real_or_null(&value, root, "b"), OK);
    cr_assert_eq(value, 1.5);
    cr_assert_eq(json_as_real_or_null(&value, json_find(root, "a")), OK);
    cr_assert(isnan(value));
    cr_assert_eq(json_get_real_or_null(&value, root, "c"), ERR_DATA);
    cr_assert_eq(json_get_real_or_null(&value, root, "none"), ERR_DATA);
    json_destroy(root);
}
