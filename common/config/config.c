/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "array.h"
#include "atomic_file.h"
#include "config_faults.h"
#include "config_group.h"
#include "config_internal.h"
#include "config_table.h"
#include "config_yaml.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 1 << 24 }; /* a resolved one may carry files */

struct config {
    struct config_group *values;
    char *where;          /* name of the file in messages */
    char **setting_names; /* "--set key=value", for places */
    size_t setting_count;
};

static char *copy_text(const char *prefix, const char *text)
{
    size_t size = strlen(prefix) + strlen(text) + 1;
    char *copy = malloc(size);
    if (copy != NULL)
        (void)snprintf(copy, size, "%s%s", prefix, text);
    else
        (void)FAIL(ERR_MEMORY, "out of memory");
    return copy;
}

static enum status create(struct config **out, const struct option *table, const char *where,
                          const char *const *settings, size_t setting_count)
{
    enum status status = OK;
    struct config *config = calloc(1, sizeof *config);
    if (config == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    config->where = copy_text("", where);
    config->setting_names = calloc(setting_count + 1, sizeof *config->setting_names);
    if (config->where == NULL || config->setting_names == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    for (size_t i = 0; i < setting_count; i++) {
        config->setting_names[i] = copy_text("--set ", settings[i]);
        if (config->setting_names[i] == NULL)
            TRY_GOTO(ERR_MEMORY, cleanup);
        config->setting_count++;
    }
    TRY_GOTO(config_group_create(&config->values, table), cleanup);
    *out = config;
    config = NULL;
cleanup:
    config_destroy(config);
    return status;
}

void config_destroy(struct config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < config->setting_count; i++)
        free(config->setting_names[i]);
    free(config->setting_names);
    free(config->where);
    config_group_destroy(config->values);
    free(config);
}

static enum status read_file_text(struct config *config, struct config_faults *faults,
                                  const char *text, size_t size)
{
    struct config_yaml *root = NULL;
    enum status status = OK;
    TRY_GOTO(config_yaml_read(&root, faults, text, size, config->where, CONFIG_YAML_LINES),
             cleanup);
    if (root != NULL && root->kind == CONFIG_YAML_MAPPING)
        TRY_GOTO(config_group_read(config->values, root, "", CONFIG_GROUP_FILE, faults), cleanup);
    else if (root != NULL && !config_yaml_is_null(root))
        config_faults_add(faults, root->place, "a configuration is a mapping of keys, not %s",
                          config_yaml_describe(root));
cleanup:
    config_yaml_destroy(root);
    return status;
}

/* Why a setting's key names no option. */
static void refuse_setting_key(const struct config_group *group, const char *key, const char *rest,
                               struct config_place place, struct config_faults *faults)
{
    char prefix[CONFIG_TABLE_KEY_SIZE];
    char list[CONFIG_TABLE_KEY_SIZE];
    (void)snprintf(prefix, sizeof prefix, "%.*s", (int)(rest - key), key);
    (void)snprintf(list, sizeof list, "%.*s", (int)strcspn(rest, "["), rest);
    ptrdiff_t row = config_table_find(group->table, list);
    if (config_table_is_section(group->table, rest))
        config_faults_add(faults, place, "'%s' is a section; name one of its keys", key);
    else if (rest[strlen(list)] == '[' && row >= 0 && group->table[row].type == OPTION_RECORDS)
        config_faults_add(faults, place, "'%s%s' has %zu entries; write '%s%s[INDEX].KEY'", prefix,
                          list, group->entries[row].count, prefix, list);
    else
        config_group_refuse_key(group, rest, prefix, place, faults);
}

static enum status apply_value(struct config *config, const char *key, const char *text,
                               struct config_place place, struct config_faults *faults)
{
    enum status status = OK;
    struct config_yaml *node = NULL;
    const struct config_group *group = config->values;
    const char *rest = key;
    size_t row = 0;
    size_t before = faults->count;
    TRY_GOTO(config_yaml_read(&node, faults, text, strlen(text), place.where, CONFIG_YAML_NO_LINES),
             cleanup);
    if (!config_group_find(&group, &row, &rest, key)) {
        refuse_setting_key(group, key, rest, place, faults);
    } else if (faults->count == before && node == NULL) {
        config_faults_add(faults, place, "'%s' has no value", key);
    } else if (faults->count == before) {
        struct config_group *owned = (struct config_group *)group; /* ours: from config->values */
        TRY_GOTO(config_group_assign(owned, row, node, key, CONFIG_GROUP_SETTING, faults), cleanup);
    }
cleanup:
    config_yaml_destroy(node);
    return status;
}

static enum status apply_setting(struct config *config, const char *setting, const char *name,
                                 struct config_faults *faults)
{
    char key[2 * CONFIG_TABLE_KEY_SIZE];
    const struct config_place place = {.where = name};
    const char *equals = strchr(setting, '=');
    if (equals == NULL || equals == setting || (size_t)(equals - setting) >= sizeof key) {
        config_faults_add(faults, place, "a setting is written key=value");
        return OK;
    }
    memcpy(key, setting, (size_t)(equals - setting));
    key[equals - setting] = '\0';
    return apply_value(config, key, equals + 1, place, faults);
}

static enum status fill(struct config *config, const char *text, size_t size,
                        const char *const *settings, size_t setting_count)
{
    enum status status = OK;
    struct config_faults faults = {0};
    TRY_GOTO(read_file_text(config, &faults, text, size), cleanup);
    for (size_t i = 0; i < setting_count; i++)
        TRY_GOTO(apply_setting(config, settings[i], config->setting_names[i], &faults), cleanup);
    config_group_require(config->values, (struct config_place){.where = config->where}, "",
                         &faults);
    TRY_GOTO(config_faults_finish(&faults), cleanup);
cleanup:
    config_faults_fini(&faults);
    return status;
}

static enum status parse(struct config **out, const struct option *table, const char *text,
                         size_t size, const char *where, const char *const *settings,
                         size_t setting_count)
{
    enum status status = OK;
    struct config *config = NULL;
    TRY_GOTO(create(&config, table, where, settings, setting_count), cleanup);
    TRY_GOTO(fill(config, text, size, settings, setting_count), cleanup);
    *out = config;
    config = NULL;
cleanup:
    config_destroy(config);
    return status;
}

enum status config_parse(struct config **out, const struct option *table, const char *text,
                         const char *where, const char *const *settings, size_t setting_count)
{
    return parse(out, table, text, strlen(text), where, settings, setting_count);
}

enum status config_read(struct config **out, const struct option *table, const char *path,
                        const char *const *settings, size_t setting_count)
{
    unsigned char *text = NULL;
    size_t size = 0;
    if (path == NULL)
        return config_parse(out, table, "", "defaults", settings, setting_count);
    enum status status = atomic_file_read(&text, &size, path, FILE_LIMIT);
    if (status == ERR_DATA || status == ERR_MEMORY) /* missing, or too large to be one */
        status = FAIL(ERR_CONFIG, "configuration: %s", error_message());
    if (status == OK)
        status = parse(out, table, (const char *)text, size, path, settings, setting_count);
    array_free(text);
    return status;
}

/* A key that is not there or has another type is a fault of the calling code: there is no value to
 * go on with. */
static const struct config_entry *entry_of(const struct config *config, const char *key,
                                           unsigned types)
{
    const struct config_group *group = config->values;
    const char *rest = key;
    size_t row = 0;
    int found = config_group_find(&group, &row, &rest, key);
    int fits = found && (types >> group->table[row].type & 1) != 0;
    assert(found && "no such option");
    assert(fits && "an option of another type");
    if (!fits)
        abort();
    return &group->entries[row];
}

enum {
    ANY = ~0,
    TEXTS = 1 << OPTION_TEXT | 1 << OPTION_CHOICE,
    NUMBER_LISTS = 1 << OPTION_REALS | 1 << OPTION_PAIRS
};

int64_t config_integer(const struct config *config, const char *key)
{
    return entry_of(config, key, 1 << OPTION_INTEGER)->value.integer;
}

double config_real(const struct config *config, const char *key)
{
    return entry_of(config, key, 1 << OPTION_REAL)->value.numbers[0];
}

int config_switch(const struct config *config, const char *key)
{
    return (int)entry_of(config, key, 1 << OPTION_SWITCH)->value.integer;
}

const char *config_text(const struct config *config, const char *key)
{
    return entry_of(config, key, TEXTS)->value.text;
}

size_t config_count(const struct config *config, const char *key)
{
    const struct config_entry *entry =
        entry_of(config, key, (unsigned)NUMBER_LISTS | 1 << OPTION_RECORDS);
    const struct config_group *group = config->values;
    const char *rest = key;
    size_t row = 0;
    (void)config_group_find(&group, &row, &rest, key);
    enum option_type type = group->table[row].type;
    if (type == OPTION_RECORDS)
        return entry->count;
    return type == OPTION_PAIRS ? entry->value.count / 2 : entry->value.count;
}

double config_real_at(const struct config *config, const char *key, size_t index)
{
    const struct config_value *value = &entry_of(config, key, 1 << OPTION_REALS)->value;
    assert(index < value->count);
    return value->numbers[index];
}

void config_pair_at(double out[2], const struct config *config, const char *key, size_t index)
{
    const struct config_value *value = &entry_of(config, key, 1 << OPTION_PAIRS)->value;
    assert(2 * index + 1 < value->count);
    out[0] = value->numbers[2 * index];
    out[1] = value->numbers[2 * index + 1];
}

enum config_range_kind config_range(const double **values, size_t *count,
                                    const struct config *config, const char *key)
{
    const struct config_value *value = &entry_of(config, key, 1 << OPTION_RANGE)->value;
    *values = value->numbers;
    *count = value->count;
    return value->range;
}

int config_is_given(const struct config *config, const char *key)
{
    return entry_of(config, key, (unsigned)ANY)->source != CONFIG_GROUP_DEFAULT;
}

int config_is_setting(const struct config *config, const char *key)
{
    return entry_of(config, key, (unsigned)ANY)->source == CONFIG_GROUP_SETTING;
}

enum status config_set_text(struct config *config, const char *key, const char *text)
{
    /* ours: from config->values, which only getters show as const */
    struct config_entry *entry = (struct config_entry *)entry_of(config, key, 1 << OPTION_TEXT);
    char *copy = copy_text("", text);
    if (copy == NULL)
        return ERR_MEMORY;
    free(entry->value.text);
    entry->value.text = copy;
    if (entry->source == CONFIG_GROUP_DEFAULT) {
        entry->source = CONFIG_GROUP_FILE;
        entry->place = (struct config_place){.where = config->where};
    }
    return OK;
}

enum status config_fault(const struct config *config, const char *key, const char *format, ...)
{
    char text[512];
    struct config_faults faults = {0};
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct config_place place = entry_of(config, key, (unsigned)ANY)->place;
    const char *origin = "";
    if (place.where == NULL) {
        place.where = config->where;
        origin = " (default)";
    }
    config_faults_add(&faults, place, "'%s'%s: %s", key, origin, text);
    return config_faults_finish(&faults);
}

const struct config_group *config_values(const struct config *config)
{
    return config->values;
}
