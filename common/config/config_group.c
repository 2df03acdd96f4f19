/* SPDX-License-Identifier: Apache-2.0 */
#include "config_group.h"

#include "array.h"
#include "config_table.h"
#include "number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 3 * CONFIG_TABLE_KEY_SIZE };

static enum status assign_default(struct config_group *group, size_t row)
{
    enum status status = OK;
    struct config_faults faults = {0};
    struct config_yaml *node = NULL;
    const struct option *option = &group->table[row];
    TRY_GOTO(config_yaml_read(&node, &faults, option->fallback, strlen(option->fallback), "default",
                              CONFIG_YAML_NO_LINES),
             cleanup);
    if (node != NULL)
        TRY_GOTO(config_group_assign(group, row, node, option->key, CONFIG_GROUP_DEFAULT, &faults),
                 cleanup);
    if (node == NULL || faults.count > 0)
        TRY_GOTO(FAIL(ERR_INTERNAL, "the default '%s' of option '%s' is no good: %s",
                      option->fallback, option->key,
                      faults.lines.text != NULL ? faults.lines.text : "empty"),
                 cleanup);
cleanup:
    config_faults_fini(&faults);
    config_yaml_destroy(node);
    return status;
}

enum status config_group_create(struct config_group **out, const struct option *table)
{
    enum status status = OK;
    struct config_group *group = calloc(1, sizeof *group);
    if (group == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    group->table = table;
    group->count = config_table_count(table);
    group->entries = calloc(group->count + 1, sizeof *group->entries);
    if (group->entries == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    for (size_t i = 0; i < group->count; i++)
        if (table[i].fallback != NULL)
            TRY_GOTO(assign_default(group, i), cleanup);
    *out = group;
    group = NULL;
cleanup:
    config_group_destroy(group);
    return status;
}

static void drop_records(struct config_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++)
        config_group_destroy(entry->records[i]);
    entry->count = 0;
}

void config_group_destroy(struct config_group *group)
{
    if (group == NULL)
        return;
    for (size_t i = 0; group->entries != NULL && i < group->count; i++) {
        drop_records(&group->entries[i]);
        free(group->entries[i].records);
        config_value_fini(&group->entries[i].value);
    }
    free(group->entries);
    free(group);
}

/* A new record with defaults at the end of the entry's list. */
static enum status append_record(struct config_group **out, struct config_entry *entry,
                                 const struct option *table)
{
    struct config_group **grown =
        array_grow(entry->records, &entry->capacity, entry->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    entry->records = grown;
    TRY(config_group_create(&grown[entry->count], table));
    *out = grown[entry->count++];
    return OK;
}

static enum status read_record(struct config_entry *entry, const struct option *table,
                               const struct config_yaml *node, const char *name,
                               enum config_group_source source, struct config_faults *faults)
{
    char prefix[NAME_SIZE];
    struct config_group *record = NULL;
    (void)snprintf(prefix, sizeof prefix, "%s[%zu].", name, entry->count);
    TRY(append_record(&record, entry, table));
    if (node->kind != CONFIG_YAML_MAPPING) {
        config_faults_add(faults, node->place, "'%s[%zu]' takes a mapping, not %s", name,
                          entry->count - 1, config_yaml_describe(node));
        return OK;
    }
    TRY(config_group_read(record, node, prefix, source, faults));
    config_group_require(record, node->place, prefix, faults);
    return OK;
}

static enum status read_records(struct config_entry *entry, const struct option *option,
                                const struct config_yaml *node, const char *name,
                                enum config_group_source source, struct config_faults *faults)
{
    if (node->kind != CONFIG_YAML_LIST) {
        config_faults_add(faults, node->place, "'%s' takes %s, not %s", name,
                          config_value_describe(OPTION_RECORDS), config_yaml_describe(node));
        return OK;
    }
    drop_records(entry);
    for (size_t i = 0; i < node->count; i++)
        TRY(read_record(entry, option->records, node->children[i], name, source, faults));
    return OK;
}

enum status config_group_assign(struct config_group *group, size_t row,
                                const struct config_yaml *node, const char *name,
                                enum config_group_source source, struct config_faults *faults)
{
    const struct option *option = &group->table[row];
    struct config_entry *entry = &group->entries[row];
    entry->source = source;
    entry->is_set = 1;
    entry->place = node->place;
    if (source == CONFIG_GROUP_DEFAULT)
        entry->place = (struct config_place){0};
    if (option->type == OPTION_RECORDS)
        return read_records(entry, option, node, name, source, faults);
    return config_value_read(&entry->value, option, node, name, faults);
}

void config_group_refuse_key(const struct config_group *group, const char *key, const char *prefix,
                             struct config_place place, struct config_faults *faults)
{
    char meant[CONFIG_TABLE_KEY_SIZE];
    if (config_table_suggest(meant, group->table, key))
        config_faults_add(faults, place, "key '%s%.80s' is unknown; did you mean '%s%s'?", prefix,
                          key, prefix, meant);
    else
        config_faults_add(faults, place, "key '%s%.80s' is unknown", prefix, key);
}

static enum status read_section(struct config_group *group, const struct config_yaml *mapping,
                                const char *section, const char *prefix,
                                enum config_group_source source, struct config_faults *faults);

/* `key` is the whole dotted key within the group. */
static enum status read_member(struct config_group *group, const struct config_yaml *place,
                               const struct config_yaml *node, const char *key, const char *prefix,
                               enum config_group_source source, struct config_faults *faults)
{
    char name[NAME_SIZE];
    ptrdiff_t row = config_table_find(group->table, key);
    (void)snprintf(name, sizeof name, "%s%s", prefix, key);
    if (row >= 0 && group->entries[row].source == CONFIG_GROUP_FILE &&
        source == CONFIG_GROUP_FILE) {
        config_faults_add(faults, place->place, "key '%s' is given twice; first on line %zu", name,
                          group->entries[row].place.line);
        return OK;
    }
    if (row >= 0)
        return config_group_assign(group, (size_t)row, node, name, source, faults);
    if (!config_table_is_section(group->table, key)) {
        config_group_refuse_key(group, key, prefix, place->place, faults);
        return OK;
    }
    if (node->kind == CONFIG_YAML_MAPPING)
        return read_section(group, node, key, prefix, source, faults);
    if (!config_yaml_is_null(node)) /* an empty section is fine */
        config_faults_add(faults, node->place,
                          "'%s' is a section and takes a mapping of its keys, not %s", name,
                          config_yaml_describe(node));
    return OK;
}

static enum status read_section(struct config_group *group, const struct config_yaml *mapping,
                                const char *section, const char *prefix,
                                enum config_group_source source, struct config_faults *faults)
{
    for (size_t i = 0; i + 1 < mapping->count; i += 2) {
        const struct config_yaml *key = mapping->children[i];
        char whole[CONFIG_TABLE_KEY_SIZE];
        if (key->is_refused)
            continue;
        int length = snprintf(whole, sizeof whole, "%s%s%s", section, section[0] != '\0' ? "." : "",
                              key->text);
        if (length < 0 || (size_t)length >= sizeof whole) {
            config_faults_add(faults, key->place, "key '%.60s...' is unknown", key->text);
            continue;
        }
        TRY(read_member(group, key, mapping->children[i + 1], whole, prefix, source, faults));
    }
    return OK;
}

enum status config_group_read(struct config_group *group, const struct config_yaml *mapping,
                              const char *prefix, enum config_group_source source,
                              struct config_faults *faults)
{
    return read_section(group, mapping, "", prefix, source, faults);
}

void config_group_require(const struct config_group *group, struct config_place place,
                          const char *prefix, struct config_faults *faults)
{
    for (size_t i = 0; i < group->count; i++)
        if (!group->entries[i].is_set)
            config_faults_add(faults, place, "key '%s%s' is required (%s%s%s)", prefix,
                              group->table[i].key, group->table[i].doc,
                              group->table[i].choices != NULL ? ": " : "",
                              group->table[i].choices != NULL ? group->table[i].choices : "");
}

/* "name[12]" followed by '.' or the end: its row and index. */
static int find_record(size_t *row, size_t *index, const char **behind,
                       const struct config_group *group, const char *key)
{
    char name[CONFIG_TABLE_KEY_SIZE];
    char digits[12];
    int64_t number = 0;
    size_t length = strcspn(key, "[");
    size_t width = key[length] == '[' ? strcspn(key + length + 1, "]") : 0;
    if (length >= sizeof name || width == 0 || width >= sizeof digits ||
        key[length + 1 + width] != ']')
        return 0;
    memcpy(name, key, length);
    name[length] = '\0';
    memcpy(digits, key + length + 1, width);
    digits[width] = '\0';
    ptrdiff_t found = config_table_find(group->table, name);
    if (found < 0 || group->table[found].type != OPTION_RECORDS ||
        strspn(digits, "0123456789") != width || number_integer(&number, digits) != NUMBER_GOOD)
        return 0;
    *row = (size_t)found;
    *index = (size_t)number;
    *behind = key + length + width + 2;
    return 1;
}

int config_group_find(const struct config_group **group, size_t *row, const char **rest,
                      const char *key)
{
    size_t index = 0;
    const char *behind = NULL;
    *rest = key;
    while (find_record(row, &index, &behind, *group, *rest)) {
        const struct config_entry *entry = &(*group)->entries[*row];
        if (index >= entry->count || *behind != '.')
            return 0;
        *group = entry->records[index];
        *rest = behind + 1;
    }
    ptrdiff_t found = config_table_find((*group)->table, *rest);
    if (found < 0)
        return 0;
    *row = (size_t)found;
    return 1;
}
