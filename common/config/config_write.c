/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "config_buffer.h"
#include "config_group.h"
#include "config_internal.h"

#include <stdlib.h>
#include <string.h>

struct writing {
    struct config_buffer out;
    const struct config_group *group;
    struct config_group *defaults;
    const char *const *prefixes;
};

/* Has row `row` its default, as it would be written? */
static int is_default(const struct writing *writing, size_t row)
{
    const struct option *option = &writing->group->table[row];
    const struct config_group *groups[2] = {writing->group, writing->defaults};
    char *texts[2] = {NULL, NULL};
    int same = option->type != OPTION_RECORDS && groups[1]->entries[row].is_set;
    for (int k = 0; k < 2 && same; k++) {
        struct config_buffer value = {0};
        config_value_print(&value, &groups[k]->entries[row].value, option);
        same = config_buffer_finish(&texts[k], &value) == OK;
    }
    same = same && strcmp(texts[0], texts[1]) == 0;
    free(texts[0]);
    free(texts[1]);
    return same;
}

static int is_wanted(const struct writing *writing, size_t row)
{
    const char *key = writing->group->table[row].key;
    if (writing->prefixes == NULL)
        return 1;
    for (const char *const *prefix = writing->prefixes; *prefix != NULL; prefix++) {
        int sparing = (*prefix)[0] == '?';
        const char *begin = *prefix + sparing;
        if (strncmp(key, begin, strlen(begin)) == 0)
            return !sparing || !is_default(writing, row);
    }
    return 0;
}

static void write_flow(struct config_buffer *out, const struct config_group *group, size_t row)
{
    const struct config_entry *entry = &group->entries[row];
    if (group->table[row].type != OPTION_RECORDS) {
        config_value_print(out, &entry->value, &group->table[row]);
        return;
    }
    config_buffer_add(out, "[");
    for (size_t i = 0; i < entry->count; i++) {
        const struct config_group *record = entry->records[i];
        config_buffer_add(out, i > 0 ? ", {" : "{");
        for (size_t k = 0; k < record->count; k++) {
            config_buffer_add(out, "%s%s: ", k > 0 ? ", " : "", record->table[k].key);
            write_flow(out, record, k);
        }
        config_buffer_add(out, "}");
    }
    config_buffer_add(out, "]");
}

/* One "- {...}" line a record. */
static void write_records(struct writing *writing, size_t row, int depth)
{
    const struct config_entry *entry = &writing->group->entries[row];
    for (size_t i = 0; i < entry->count; i++) {
        const struct config_group *record = entry->records[i];
        config_buffer_add(&writing->out, "%*s- {", 2 * (depth + 1), "");
        for (size_t k = 0; k < record->count; k++) {
            config_buffer_add(&writing->out, "%s%s: ", k > 0 ? ", " : "", record->table[k].key);
            write_flow(&writing->out, record, k);
        }
        config_buffer_add(&writing->out, "}\n");
    }
}

static void write_leaf(struct writing *writing, size_t row, const char *name, int depth)
{
    const struct config_entry *entry = &writing->group->entries[row];
    config_buffer_add(&writing->out, "%*s%s:", 2 * depth, "", name);
    if (writing->group->table[row].type == OPTION_RECORDS && entry->count > 0) {
        config_buffer_add(&writing->out, "\n");
        write_records(writing, row, depth);
        return;
    }
    config_buffer_add(&writing->out, " ");
    write_flow(&writing->out, writing->group, row);
    config_buffer_add(&writing->out, "\n");
}

/* Is `row` the first wanted one whose key begins with these `length` characters? */
static int is_first(const struct writing *writing, size_t row, size_t length)
{
    const char *key = writing->group->table[row].key;
    for (size_t i = 0; i < row; i++) {
        const char *other = writing->group->table[i].key;
        if (is_wanted(writing, i) && strncmp(other, key, length) == 0)
            return 0;
    }
    return 1;
}

/* Every wanted option whose key begins with the first `length` characters of `section`; parts of a
 * section that lie apart in the table come together, for a key may stand only once. */
static void write_section(struct writing *writing, const char *section, size_t length, int depth)
{
    for (size_t i = 0; i < writing->group->count; i++) {
        const char *key = writing->group->table[i].key;
        if (strncmp(key, section, length) != 0 || !is_wanted(writing, i))
            continue;
        size_t part = strcspn(key + length, ".");
        if (key[length + part] == '\0') {
            write_leaf(writing, i, key + length, depth);
        } else if (is_first(writing, i, length + part + 1)) {
            config_buffer_add(&writing->out, "%*s%.*s:\n", 2 * depth, "", (int)part, key + length);
            write_section(writing, key, length + part + 1, depth + 1);
        }
    }
}

enum status config_write(char **out, const struct config *config, const char *const *prefixes)
{
    struct writing writing = {.group = config_values(config), .prefixes = prefixes};
    TRY(config_group_create(&writing.defaults, writing.group->table));
    write_section(&writing, "", 0, 0);
    config_group_destroy(writing.defaults);
    return config_buffer_finish(out, &writing.out);
}
