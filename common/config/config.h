/* SPDX-License-Identifier: Apache-2.0
 *
 * Configuration: YAML (libyaml) checked against one option table. All faults of a file are reported
 * at once, each as `file:line:col: key 'lenght' is unknown; did you mean 'length'?`. Precedence:
 * default < file < `--set key=value`. Numbers are parsed without the locale. The table's rows stand
 * in `tools`; help, man page, reference page and shell completion are made from it. Only `tools`
 * reads configurations; everything below gets structs. The page and the help are made by
 * config_reference.h, a table is checked by config_table_check of config_table.h. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_type {
    OPTION_INTEGER,
    OPTION_REAL,
    OPTION_SWITCH, /* true / false */
    OPTION_CHOICE, /* one of `choices` */
    OPTION_TEXT,
    OPTION_RANGE, /* number | {uniform: [a, b]} | {log-uniform: [a, b]} | {list: [...]}, each within
                     low..high */
    OPTION_REALS, /* list of numbers */
    OPTION_PAIRS, /* list of [a, b], a < b */
    OPTION_RECORDS /* list of mappings with a table of their own */
};

struct option {
    const char *key; /* dotted: "solver.refine"; within records: plain */
    enum option_type type;
    const char *unit;             /* "cells", "steps", "1" ... ; "" without */
    double low, high;             /* inclusive, numbers only; INFINITY: open; both 0: no bounds */
    const char *fallback;         /* default as it would stand in YAML flow style; NULL: required */
    const char *choices;          /* "a|b|c"; NULL but for OPTION_CHOICE */
    const struct option *records; /* table of OPTION_RECORDS, ended by key NULL */
    const char *doc;              /* one line */
};

struct config;

/* Reads `path` (NULL: defaults alone) and then the settings "key=value" in order; keys are
 * dotted, values YAML in flow style, "bodies[0].size=12" changes one field of a record that is
 * there. A row with key NULL ends `table`, which is kept and must outlive. ERR_CONFIG with every
 * fault of file and settings; a missing file is ERR_CONFIG too. */
enum status config_read(struct config **out, const struct option *table, const char *path,
                        const char *const *settings, size_t setting_count);
/* The same from text; `where` stands for the file's name in messages. */
enum status config_parse(struct config **out, const struct option *table, const char *text,
                         const char *where, const char *const *settings, size_t setting_count);
void config_destroy(struct config *config);

/* Values by key; a key that the table lacks or that has another type is our own fault (abort).
 * Records are addressed as "bodies[0].size". */
int64_t config_integer(const struct config *config, const char *key);
double config_real(const struct config *config, const char *key);
int config_switch(const struct config *config, const char *key);
const char *config_text(const struct config *config, const char *key); /* text and choice */
size_t config_count(const struct config *config, const char *key);     /* reals, pairs, records */
double config_real_at(const struct config *config, const char *key, size_t index);
void config_pair_at(double out[2], const struct config *config, const char *key, size_t index);

enum config_range_kind {
    CONFIG_RANGE_FIXED,
    CONFIG_RANGE_UNIFORM,
    CONFIG_RANGE_LOG_UNIFORM,
    CONFIG_RANGE_LIST
};
/* `values`: FIXED 1, UNIFORM and LOG_UNIFORM 2, LIST `count`. Borrowed. */
enum config_range_kind config_range(const double **values, size_t *count,
                                    const struct config *config, const char *key);

/* Was it given in the file or by a setting? By a setting? */
int config_is_given(const struct config *config, const char *key);
int config_is_setting(const struct config *config, const char *key);

/* Gives a text a value that was found later, as if the file had it: config_write shows it. */
enum status config_set_text(struct config *config, const char *key, const char *text);

/* A fault found later (a combination of values, say), reported at the place of `key` as ERR_CONFIG.
 */
enum status config_fault(const struct config *config, const char *key, const char *format, ...)
    ERROR_PRINTF_LIKE(3, 4);

/* Every option with its value as YAML that reads back to the same; `prefixes` (NULL: all) limits it
 * to keys that begin with one of these, ended by NULL; of those that begin with one after a "?",
 * which stands before all that fit, to values other than the default. Free with free(). */
enum status config_write(char **out, const struct config *config, const char *const *prefixes);

/* The nearest of `candidates` to a misspelt word by edit distance (transpositions count one), NULL
 * when none is near. */
const char *config_suggest(const char *word, const char *const *candidates, size_t count);
