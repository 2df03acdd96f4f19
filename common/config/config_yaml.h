/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML text as a tree of nodes that know their place (libyaml). Refuses what a configuration has no
 * use for: anchors, aliases, merge keys, tags, a second document, keys given twice, deep nesting.
 */
#pragma once

#include "config_faults.h"

#include <stddef.h>

enum config_yaml_kind { CONFIG_YAML_SCALAR, CONFIG_YAML_LIST, CONFIG_YAML_MAPPING };

struct config_yaml {
    enum config_yaml_kind kind;
    char *text;     /* of a scalar */
    int is_plain;   /* scalar without quotes */
    int is_refused; /* a key that was reported already and is to be passed over */
    struct config_place place;
    struct config_yaml **children; /* of a mapping: key, value, key, value ...; keys are scalars */
    size_t count, capacity;
};

enum config_yaml_places { CONFIG_YAML_LINES, CONFIG_YAML_NO_LINES };

/* Faults of form go to `faults`; *out is then what could be read, maybe NULL. An empty text gives
 * NULL. `where` is kept in the places; must outlive. */
enum status config_yaml_read(struct config_yaml **out, struct config_faults *faults,
                             const char *text, size_t size, const char *where,
                             enum config_yaml_places places);
void config_yaml_destroy(struct config_yaml *node);

/* A plain scalar that means "nothing": empty, ~ or null. */
int config_yaml_is_null(const struct config_yaml *node);

/* "a list", "a mapping", "a text" ... for messages. */
const char *config_yaml_describe(const struct config_yaml *node);
