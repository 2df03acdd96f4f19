/* SPDX-License-Identifier: Apache-2.0 */
#include "config_table.h"

#include "config_suggest.h"

#include <string.h>

size_t config_table_count(const struct option *table)
{
    size_t count = 0;
    while (table[count].key != NULL)
        count++;
    return count;
}

ptrdiff_t config_table_find(const struct option *table, const char *key)
{
    for (ptrdiff_t i = 0; table[i].key != NULL; i++)
        if (strcmp(table[i].key, key) == 0)
            return i;
    return -1;
}

int config_table_is_section(const struct option *table, const char *key)
{
    size_t length = strlen(key);
    for (; table->key != NULL; table++)
        if (strncmp(table->key, key, length) == 0 && table->key[length] == '.')
            return 1;
    return 0;
}

/* Length of the first `parts` parts of a dotted key, of all of it when it has fewer. */
static size_t length_of_parts(const char *key, size_t parts)
{
    const char *at = key;
    for (;;) {
        at += strcspn(at, ".");
        if (*at == '\0' || --parts == 0)
            return (size_t)(at - key);
        at++;
    }
}

static size_t count_parts(const char *key)
{
    size_t parts = 1;
    for (; *key != '\0'; key++)
        parts += *key == '.';
    return parts;
}

static const char *last_part(const char *key)
{
    const char *dot = strrchr(key, '.');
    return dot != NULL ? dot + 1 : key;
}

static int keep(char out[CONFIG_TABLE_KEY_SIZE], const char *key, size_t length)
{
    if (length >= CONFIG_TABLE_KEY_SIZE)
        return 0;
    memcpy(out, key, length);
    out[length] = '\0';
    return 1;
}

/* The nearest key, or section of the same depth. Whole keys too, for a point may be the typo. */
static int suggest_near(char out[CONFIG_TABLE_KEY_SIZE], const struct option *table,
                        const char *key)
{
    size_t parts = count_parts(key);
    int best = config_suggest_limit(strlen(last_part(key))) + 1;
    int found = 0;
    for (; table->key != NULL; table++) {
        size_t lengths[2] = {strlen(table->key), length_of_parts(table->key, parts)};
        for (int i = 0; i < 2; i++) {
            int distance =
                config_suggest_distance(key, strlen(key), table->key, lengths[i], best - 1);
            if (distance < best && keep(out, table->key, lengths[i])) {
                best = distance;
                found = 1;
            }
        }
    }
    return found;
}

/* A key whose last part is right, but which stands elsewhere. */
static int suggest_elsewhere(char out[CONFIG_TABLE_KEY_SIZE], const struct option *table,
                             const char *key)
{
    for (; table->key != NULL; table++)
        if (strcmp(last_part(table->key), last_part(key)) == 0)
            return keep(out, table->key, strlen(table->key));
    return 0;
}

int config_table_suggest(char out[CONFIG_TABLE_KEY_SIZE], const struct option *table,
                         const char *key)
{
    return suggest_near(out, table, key) || suggest_elsewhere(out, table, key);
}

static int is_word(const char *text, const char *further)
{
    size_t length = strspn(text, further);
    return length > 0 && text[length] == '\0';
}

static enum status check_row(const struct option *table, const struct option *row)
{
    static const char key_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
    if (config_table_find(table, row->key) != row - table)
        return FAIL(ERR_INTERNAL, "option '%s' stands twice in its table", row->key);
    if (config_table_is_section(table, row->key))
        return FAIL(ERR_INTERNAL, "option '%s' is a section too", row->key);
    if (!is_word(row->key, key_letters) || strlen(row->key) >= CONFIG_TABLE_KEY_SIZE / 2)
        return FAIL(ERR_INTERNAL, "option '%s' has a key of other than a-z, 0-9, _, - and .",
                    row->key);
    if (row->unit == NULL || row->doc == NULL || row->doc[0] == '\0')
        return FAIL(ERR_INTERNAL, "option '%s' lacks a unit (\"\") or a doc line", row->key);
    if ((row->type == OPTION_CHOICE) != (row->choices != NULL))
        return FAIL(ERR_INTERNAL, "option '%s': choices and type disagree", row->key);
    if ((row->type == OPTION_RECORDS) != (row->records != NULL))
        return FAIL(ERR_INTERNAL, "option '%s': record table and type disagree", row->key);
    if (!(row->low <= row->high))
        return FAIL(ERR_INTERNAL, "option '%s' has its bounds crossed", row->key);
    return OK;
}

/* Some row without a default: its key, else NULL. */
static const char *required_key(const struct option *table)
{
    for (; table->key != NULL; table++)
        if (table->fallback == NULL)
            return table->key;
    return NULL;
}

enum status config_table_check(const struct option *table)
{
    for (const struct option *row = table; row->key != NULL; row++) {
        TRY(check_row(table, row));
        if (row->records != NULL)
            TRY(config_table_check(row->records));
    }
    /* the defaults are read along with any configuration; faults of theirs are ERR_INTERNAL */
    struct config *config = NULL;
    enum status status = config_parse(&config, table, "", "table", NULL, 0);
    config_destroy(config);
    return status == ERR_CONFIG && required_key(table) != NULL ? OK : status;
}
