/* SPDX-License-Identifier: Apache-2.0
 *
 * One-letter typos of the program's own keys: every one is named at its place, and nearly every one
 * with the key that was meant. Typos that give another key are no typos. */
#include "body.h"
#include "config.h"
#include "config_table.h"
#include "option_table.h"
#include "philox.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 256, KEY = 64, TEXT = 512 };

/* A key of the table, or of a record of one of its lists. */
struct place {
    const char *list; /* "bodies", or NULL */
    const char *key;
};

static size_t gather(struct place *out)
{
    size_t count = 0;
    for (const struct option *row = option_table(); row->key != NULL; row++) {
        out[count++] = (struct place){NULL, row->key};
        for (const struct option *own = row->records; own != NULL && own->key != NULL; own++)
            out[count++] = (struct place){row->key, own->key};
        cr_assert_lt(count, KEYS - 64);
    }
    return count;
}

/* Number `n` of the typos: substitution, deletion, insertion, exchange in turn; of the last part of
 * a dotted key or of its section. 0 when it gives the same word or another key. */
static int make_typo(char out[KEY], const struct place *place, uint64_t n)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    const char *key = place->key;
    size_t length = strlen(key), at;
    char letter = letters[philox_below(3, PHILOX_STREAM_TEST, 3 * n + 1, sizeof letters - 1)];
    at = philox_below(3, PHILOX_STREAM_TEST, 3 * n, length);
    at += key[at] == '.'; /* which is never the last */
    memcpy(out, key, length + 1);
    if (n % 4 == 0) {
        out[at] = letter;
    } else if (n % 4 == 1) {
        memmove(out + at, out + at + 1, length - at);
    } else if (n % 4 == 2) {
        memmove(out + at + 1, out + at, length - at + 1);
        out[at] = letter;
    } else if (at + 1 < length && key[at + 1] != '.') {
        out[at] = key[at + 1];
        out[at + 1] = key[at];
    }
    return strcmp(out, key) != 0 && out[0] != '\0' && out[0] != '.' && strstr(out, "..") == NULL &&
           out[strlen(out) - 1] != '.';
}

/* As a file in the style people write, with `section:` above; the line and column of the typo. */
static void write_file(char out[TEXT], int *line, int *column, const struct place *place,
                       const char *typo)
{
    const char *dot = strchr(typo, '.'), *was = strchr(place->key, '.');
    if (place->list != NULL) {
        const char *first = strcmp(place->list, "probes") == 0 ? "x: 1" : "shape: circle";
        snprintf(out, TEXT, "# a comment\n%s:\n  - %s\n    %s: 1\n", place->list, first, typo);
        *line = 4;
        *column = 5;
    } else if (dot == NULL) {
        snprintf(out, TEXT, "# a comment\n\n%s: 1\n", typo);
        *line = 3;
        *column = 1;
    } else {
        int in_section = strncmp(typo, place->key, (size_t)(was - place->key) + 1) != 0;
        snprintf(out, TEXT, "# a comment\n%.*s:\n    %s: 1\n", (int)(dot - typo), typo, dot + 1);
        *line = in_section ? 2 : 3;
        *column = in_section ? 1 : 5;
    }
}

/* Is the message about that place, and does it suggest what was meant? */
static int judge(int *named, const struct place *place, const char *typo)
{
    char text[TEXT], head[KEY], full[2 * KEY], meant[3 * KEY];
    int line, column;
    struct config *config = NULL;
    write_file(text, &line, &column, place, typo);
    enum status status = config_parse(&config, option_table(), text, "run.yaml", NULL, 0);
    config_destroy(config);
    snprintf(head, sizeof head, "run.yaml:%d:%d: key '", line, column);
    *named = status == ERR_CONFIG && strncmp(error_message(), head, strlen(head)) == 0 &&
             strstr(error_message(), "is unknown") != NULL;
    snprintf(full, sizeof full, "%s%s%s", place->list != NULL ? place->list : "",
             place->list != NULL ? "[0]." : "", place->key);
    const char *dot = strchr(place->key, '.');
    if (column == 1 && dot != NULL) /* the section */
        snprintf(full, sizeof full, "%.*s", (int)(dot - place->key), place->key);
    snprintf(meant, sizeof meant, "did you mean '%s'?", full);
    return strstr(error_message(), meant) != NULL;
}

/* Typos until `wanted` have been judged; returns how many had the right suggestion. */
static int count_right(int *named, int wanted, uint64_t first)
{
    struct place places[KEYS];
    size_t count = gather(places);
    int judged = 0, right = 0;
    *named = 0;
    for (uint64_t n = first; judged < wanted; n++) {
        char typo[KEY];
        int own = 0;
        const struct place *place = &places[philox_below(3, PHILOX_STREAM_TEST, 3 * n + 2, count)];
        if (!make_typo(typo, place, n))
            continue;
        for (size_t i = 0; i < count; i++)
            own = own || strcmp(typo, places[i].key) == 0;
        if (own)
            continue;
        int found;
        int suggested = judge(&found, place, typo);
        if (!found)
            fprintf(stderr, "%s%s%s as '%s': %s\n", place->list != NULL ? place->list : "",
                    place->list != NULL ? "." : "", place->key, typo, error_message());
        judged++;
        *named += found;
        right += suggested;
    }
    return right;
}

Test(config_typos, of_a_hundred_all_are_named_and_ninety_five_are_understood)
{
    int named, right = count_right(&named, 100, 0);
    cr_expect_eq(named, 100, "%d named", named);
    cr_expect_geq(right, 95, "%d right suggestions", right);
    fprintf(stderr, "100 typos: %d named, %d right suggestions\n", named, right);
}

Test(config_typos, of_three_thousand_more_no_fewer)
{
    int named, right = count_right(&named, 3000, 100000);
    cr_expect_eq(named, 3000, "%d named", named);
    cr_expect_geq(right, 2850, "%d right suggestions", right);
    fprintf(stderr, "3000 typos: %d named, %d right suggestions\n", named, right);
}

Test(config_typos, ten_faults_are_ten_lines)
{
    static const char text[] = "sed: 1\n"                           /* 1 */
                               "canvas: {width: wide, height: 8}\n" /* 2, 3 */
                               "flow:\n"
                               "  reynolds: {uniform: [200, 100]}\n" /* 4 */
                               "  reynolds_held_out: [[10]]\n"       /* 5 */
                               "solver: {wall: bouzid}\n"            /* 6 */
                               "families:\n"
                               "  - {shape: circel, size: -1}\n" /* 7, 8 */
                               "  - {weight: 1}\n"               /* 9 */
                               "training: {flips: maybe}\n";     /* 10 */
    static const char *const places[] = {"1:1",  "2:17", "2:31", "4:23", "5:23",
                                         "6:16", "8:13", "8:27", "9:5",  "10:19"};
    struct config *config = NULL;
    int lines = 1;
    cr_assert_eq(config_parse(&config, option_table(), text, "run.yaml", NULL, 0), ERR_CONFIG);
    for (const char *at = error_message(); (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    cr_expect_eq(lines, 10, "%s", error_message());
    for (int i = 0; i < 10; i++) {
        char head[KEY];
        snprintf(head, sizeof head, "run.yaml:%s: ", places[i]);
        cr_expect_not_null(strstr(error_message(), head), "no '%s' in\n%s", head, error_message());
    }
}

/* What datasets made before these keys lack is left out of what is compared with theirs. */
Test(config_typos, younger_keys_of_a_dataset_are_written_when_they_are_not_at_their_defaults)
{
    static const char text[] = "seed: 3\n";
    for (const char *const *key = option_table_dataset_keys(); *key != NULL; key++) {
        const struct option *row = option_table();
        struct config *config = NULL;
        char *written = NULL;
        if ((*key)[0] != '?')
            continue;
        while (row->key != NULL && strncmp(row->key, *key + 1, strlen(*key + 1)) != 0)
            row++;
        cr_assert_not_null(row->key, "%s", *key);
        cr_assert_eq(config_parse(&config, option_table(), text, "run.yaml", NULL, 0), OK);
        cr_assert_eq(config_write(&written, config, option_table_dataset_keys()), OK);
        cr_expect_null(strstr(written, strrchr(row->key, '.') + 1), "%s in\n%s", row->key, written);
        free(written);
        config_destroy(config);
    }
}

Test(config_typos, shapes_are_the_families_that_there_are)
{
    size_t listed = 1;
    const struct option *row = option_table();
    while (strcmp(row->key, "families") != 0)
        row++;
    cr_assert_str_eq(row->records[0].key, "shape");
    for (const char *at = row->records[0].choices; (at = strchr(at, '|')) != NULL; at++)
        listed++;
    cr_expect_eq((int64_t)listed, body_family_count());
    for (int64_t i = 0; i < body_family_count(); i++) {
        char text[TEXT];
        struct config *config = NULL;
        snprintf(text, sizeof text, "bodies: [{shape: %s}]\nfamilies: [{shape: %s}]\n",
                 body_family_name(i), body_family_name(i));
        cr_expect_eq(config_parse(&config, option_table(), text, "run.yaml", NULL, 0), OK, "%s",
                     error_message());
        config_destroy(config);
    }
}
