/* SPDX-License-Identifier: Apache-2.0
 *
 * One value of any option type but OPTION_RECORDS: read from a YAML node, checked, written back. */
#pragma once

#include "config.h"
#include "config_buffer.h"
#include "config_faults.h"
#include "config_yaml.h"

struct config_value {
    int64_t integer; /* integers and switches */
    char *text;      /* texts and choices; owned */
    double *numbers; /* reals, pairs (two each), ranges; owned */
    size_t count;    /* of numbers */
    size_t capacity;
    enum config_range_kind range;
};

/* Replaces *value, unless the node is at fault; then a line about `name` goes to `faults`. */
enum status config_value_read(struct config_value *value, const struct option *option,
                              const struct config_yaml *node, const char *name,
                              struct config_faults *faults);
void config_value_fini(struct config_value *value);

/* In YAML's flow style. */
void config_value_print(struct config_buffer *out, const struct config_value *value,
                        const struct option *option);

/* Does the row bound its numbers? Rows with both bounds 0 do not. */
int config_value_is_bounded(const struct option *option);

/* "an integer", "a number" ... for people. */
const char *config_value_describe(enum option_type type);
