/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line of one command, read against tables of options: long options as `--name value`
 * or `--name=value`, flags as `--name`, everything else a positional word, `--` ends the options.
 * Unknown options are refused with a suggestion. What an option means is the command's part. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum argument_type {
    ARGUMENT_FLAG,
    ARGUMENT_TEXT,
    ARGUMENT_INTEGER,
    ARGUMENT_REAL,
    ARGUMENT_TIME /* seconds: "90", "90s", "15m", "2h" */
};

/* One row; a table ends with name NULL. */
struct argument_option {
    const char *name; /* without the dashes */
    enum argument_type type;
    const char *value; /* the word that stands for the value in help: "DIR"; NULL for flags */
    double low, high;  /* inclusive; numbers and times */
    const char *doc;   /* one line */
};

enum { ARGUMENTS_TABLES = 16, ARGUMENTS_GIVEN = 256 };

struct arguments;

/* Reads argv[0 .. argc). `tables` (ended by NULL) and argv are kept; must outlive. Between
 * `positional_low` and `positional_high` (-1: any number) words must stand besides the options,
 * unless --help is given. ERR_USAGE. */
enum status arguments_create(struct arguments **out, const struct argument_option *const *tables,
                             int64_t positional_low, int64_t positional_high, int argc,
                             const char *const *argv);
void arguments_destroy(struct arguments *arguments);

/* Positional words. Borrowed; at: NULL beyond the last. */
int64_t arguments_count(const struct arguments *arguments);
const char *arguments_at(const struct arguments *arguments, int64_t index);

/* Was the option given? An option that no table has counts as not given. */
int arguments_given(const struct arguments *arguments, const char *name);

/* The last value given, or `fallback`. */
const char *arguments_text(const struct arguments *arguments, const char *name,
                           const char *fallback);
int64_t arguments_integer(const struct arguments *arguments, const char *name, int64_t fallback);
double arguments_real(const struct arguments *arguments, const char *name, double fallback);

/* All values of a repeated option, in order: writes at most `capacity` of them, returns how many
 * there are. */
size_t arguments_texts(const char **out, size_t capacity, const struct arguments *arguments,
                       const char *name);
