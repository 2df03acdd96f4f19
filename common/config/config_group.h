/* SPDX-License-Identifier: Apache-2.0
 *
 * The values of one option table: of a whole configuration, or of one record of a list. */
#pragma once

#include "config.h"
#include "config_faults.h"
#include "config_value.h"
#include "config_yaml.h"

enum config_group_source { CONFIG_GROUP_DEFAULT, CONFIG_GROUP_FILE, CONFIG_GROUP_SETTING };

struct config_group;

struct config_entry {
    enum config_group_source source;
    int is_set;                /* by anything, a default included */
    struct config_place place; /* of the last that gave it; where = NULL for a default */
    struct config_value value;
    struct config_group **records; /* OPTION_RECORDS: owned */
    size_t count, capacity;        /* of records */
};

struct config_group {
    const struct option *table;   /* kept */
    struct config_entry *entries; /* one per row */
    size_t count;
};

/* All defaults. A default that is no good is ERR_INTERNAL. */
enum status config_group_create(struct config_group **out, const struct option *table);
void config_group_destroy(struct config_group *group);

/* Takes the values of a mapping. `prefix` stands before keys in messages ("" or "bodies[0]."). */
enum status config_group_read(struct config_group *group, const struct config_yaml *mapping,
                              const char *prefix, enum config_group_source source,
                              struct config_faults *faults);

/* Gives row `row` the value of a node. */
enum status config_group_assign(struct config_group *group, size_t row,
                                const struct config_yaml *node, const char *name,
                                enum config_group_source source, struct config_faults *faults);

/* A fault for every option without default that nobody gave, at `place` or at its record's. */
void config_group_require(const struct config_group *group, struct config_place place,
                          const char *prefix, struct config_faults *faults);

/* Adds "key 'x' is unknown; did you mean 'y'?". */
void config_group_refuse_key(const struct config_group *group, const char *key, const char *prefix,
                             struct config_place place, struct config_faults *faults);

/* The group and row that "key" or "records[2].key" names. A key that is not there: 0 with *group
 * the group looked in last and *rest the part of the key that it lacks. */
int config_group_find(const struct config_group **group, size_t *row, const char **rest,
                      const char *key);
