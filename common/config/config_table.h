/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions to an option table: rows by key, sections (the parts of dotted keys), what a misspelt
 * key may have meant, and whether the table itself is in order. */
#pragma once

#include "config.h"

#include <stddef.h>

enum { CONFIG_TABLE_KEY_SIZE = 256 };

size_t config_table_count(const struct option *table);

/* The row of `key`, or -1. */
ptrdiff_t config_table_find(const struct option *table, const char *key);

/* Do the keys of some rows begin with `key` and a dot? */
int config_table_is_section(const struct option *table, const char *key);

/* The key or section that `key`, which the table lacks, may have meant; 0 when none is near. */
int config_table_suggest(char out[CONFIG_TABLE_KEY_SIZE], const struct option *table,
                         const char *key);

/* For the tests of whoever writes a table: ERR_INTERNAL names the first row that is out of order (a
 * key given twice or a section too, no words for a choice, no table for records, no doc, bounds
 * crossed, a default that is refused). */
enum status config_table_check(const struct option *table);
