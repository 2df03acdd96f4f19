/* SPDX-License-Identifier: Apache-2.0 */
#include "config_value.h"

#include "array.h"
#include "config_suggest.h"
#include "number.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What every reader below needs. They return through `status` for want of memory alone; a fault of
 * the value is added to `faults` and makes `bad`. */
struct reading {
    struct config_value value;
    const struct option *option;
    const char *name;
    struct config_faults *faults;
    int bad;
};

int config_value_is_bounded(const struct option *option)
{
    return option->low != 0 || option->high != 0;
}

const char *config_value_describe(enum option_type type)
{
    static const char *const names[] = {
        [OPTION_INTEGER] = "an integer",
        [OPTION_REAL] = "a number",
        [OPTION_SWITCH] = "true or false",
        [OPTION_CHOICE] = "one of its words",
        [OPTION_TEXT] = "a text",
        [OPTION_RANGE] =
            "a number, {uniform: [a, b]}, {log-uniform: [a, b]} or {list: [a, b, ...]}",
        [OPTION_REALS] = "a list of numbers",
        [OPTION_PAIRS] = "a list of pairs [a, b]",
        [OPTION_RECORDS] = "a list of mappings",
    };
    return names[type];
}

static void refuse_kind(struct reading *reading, const struct config_yaml *node)
{
    config_faults_add(reading->faults, node->place, "'%s' takes %s, not %s", reading->name,
                      config_value_describe(reading->option->type), config_yaml_describe(node));
    reading->bad = 1;
}

static void refuse_text(struct reading *reading, const struct config_yaml *node, const char *what)
{
    config_faults_add(reading->faults, node->place, "'%s': '%.60s' is %s", reading->name,
                      node->text, what);
    reading->bad = 1;
}

static void check_bounds(struct reading *reading, const struct config_yaml *node, double value)
{
    const struct option *option = reading->option;
    char low[NUMBER_SIZE];
    char high[NUMBER_SIZE];
    if (!config_value_is_bounded(option) || (value >= option->low && value <= option->high))
        return;
    number_print(low, isfinite(option->low) ? option->low : 0);
    number_print(high, isfinite(option->high) ? option->high : 0);
    if (!isfinite(option->high))
        config_faults_add(reading->faults, node->place, "'%s' is %.60s, but must be %s or more",
                          reading->name, node->text, low);
    else if (!isfinite(option->low))
        config_faults_add(reading->faults, node->place, "'%s' is %.60s, but must be %s or less",
                          reading->name, node->text, high);
    else
        config_faults_add(reading->faults, node->place, "'%s' is %.60s, but must lie in %s to %s",
                          reading->name, node->text, low, high);
    reading->bad = 1;
}

/* A scalar that may be a number: plain and not empty. */
static int is_candidate(struct reading *reading, const struct config_yaml *node)
{
    if (node->kind == CONFIG_YAML_SCALAR && node->is_plain && !config_yaml_is_null(node))
        return 1;
    refuse_kind(reading, node);
    return 0;
}

static void read_integer(struct reading *reading, const struct config_yaml *node)
{
    if (!is_candidate(reading, node))
        return;
    switch (number_integer(&reading->value.integer, node->text)) {
    case NUMBER_MALFORMED:
        refuse_text(reading, node, "not an integer");
        return;
    case NUMBER_TOO_LARGE:
        refuse_text(reading, node, "too large for a 64-bit integer");
        return;
    case NUMBER_GOOD:
        check_bounds(reading, node, (double)reading->value.integer);
    }
}

static double read_number(struct reading *reading, const struct config_yaml *node)
{
    double number = 0;
    if (!is_candidate(reading, node))
        return 0;
    switch (number_real(&number, node->text)) {
    case NUMBER_MALFORMED:
        refuse_text(reading, node, "not a number");
        break;
    case NUMBER_TOO_LARGE:
        refuse_text(reading, node, "beyond the range of numbers");
        break;
    case NUMBER_GOOD:
        check_bounds(reading, node, number);
    }
    return number;
}

static void read_switch(struct reading *reading, const struct config_yaml *node)
{
    if (!is_candidate(reading, node))
        return;
    reading->value.integer = strcmp(node->text, "true") == 0;
    if (!reading->value.integer && strcmp(node->text, "false") != 0)
        refuse_text(reading, node, "neither true nor false");
}

static enum status keep_text(struct reading *reading, const struct config_yaml *node)
{
    size_t size = strlen(node->text) + 1;
    reading->value.text = malloc(size);
    if (reading->value.text == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    memcpy(reading->value.text, node->text, size);
    return OK;
}

/* The choice nearest to `word`, or NULL; *exact tells whether it is the word itself. */
static const char *nearest_choice(size_t *length, int *exact, const char *choices, const char *word)
{
    const char *nearest = NULL;
    int best = config_suggest_limit(strlen(word)) + 1;
    while (*choices != '\0') {
        size_t size = strcspn(choices, "|");
        int distance = config_suggest_distance(word, strlen(word), choices, size, best - 1);
        if (distance < best) {
            best = distance;
            nearest = choices;
            *length = size;
        }
        choices += size + (choices[size] == '|');
    }
    *exact = best == 0;
    return nearest;
}

static enum status read_choice(struct reading *reading, const struct config_yaml *node)
{
    size_t length = 0;
    int exact = 0;
    if (node->kind != CONFIG_YAML_SCALAR) {
        refuse_kind(reading, node);
        return OK;
    }
    const char *choices = reading->option->choices;
    const char *nearest = nearest_choice(&length, &exact, choices, node->text);
    if (exact)
        return keep_text(reading, node);
    reading->bad = 1;
    if (nearest != NULL)
        config_faults_add(reading->faults, node->place,
                          "'%s': '%.60s' is none of %s; did you mean '%.*s'?", reading->name,
                          node->text, choices, (int)length, nearest);
    else
        config_faults_add(reading->faults, node->place, "'%s': '%.60s' is none of %s",
                          reading->name, node->text, choices);
    return OK;
}

static enum status read_text(struct reading *reading, const struct config_yaml *node)
{
    if (node->kind != CONFIG_YAML_SCALAR || config_yaml_is_null(node)) {
        refuse_kind(reading, node);
        return OK;
    }
    return keep_text(reading, node);
}

static enum status append_number(struct reading *reading, double number)
{
    struct config_value *value = &reading->value;
    double *grown = array_grow(value->numbers, &value->capacity, value->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    value->numbers = grown;
    grown[value->count++] = number;
    return OK;
}

static enum status read_list(struct reading *reading, const struct config_yaml *node)
{
    if (node->kind != CONFIG_YAML_LIST) {
        refuse_kind(reading, node);
        return OK;
    }
    for (size_t i = 0; i < node->count; i++)
        TRY(append_number(reading, read_number(reading, node->children[i])));
    return OK;
}

static enum status read_pair(struct reading *reading, const struct config_yaml *node)
{
    if (node->kind != CONFIG_YAML_LIST || node->count != 2) {
        config_faults_add(reading->faults, node->place, "'%s': a pair is written [a, b]",
                          reading->name);
        reading->bad = 1;
        return OK;
    }
    TRY(read_list(reading, node));
    const double *pair = reading->value.numbers + reading->value.count - 2;
    if (!reading->bad && pair[0] >= pair[1]) {
        config_faults_add(reading->faults, node->place,
                          "'%s': in [%.40s, %.40s] the first must be less than the second",
                          reading->name, node->children[0]->text, node->children[1]->text);
        reading->bad = 1;
    }
    return OK;
}

static enum status read_pairs(struct reading *reading, const struct config_yaml *node)
{
    if (node->kind != CONFIG_YAML_LIST) {
        refuse_kind(reading, node);
        return OK;
    }
    int any_bad = 0;
    for (size_t i = 0; i < node->count; i++) {
        reading->bad = 0; /* so that each pair is judged by itself */
        TRY(read_pair(reading, node->children[i]));
        any_bad = any_bad || reading->bad;
    }
    reading->bad = any_bad;
    return OK;
}

static enum status read_distribution(struct reading *reading, const struct config_yaml *node)
{
    static const char *const names[] = {"uniform", "log-uniform", "list"};
    const struct config_yaml *key = node->children[0];
    const struct config_yaml *numbers = node->children[1];
    struct config_value *value = &reading->value;
    int kind = 0;
    while (kind < 3 && strcmp(key->text, names[kind]) != 0)
        kind++;
    if (kind == 3) {
        const char *near = config_suggest(key->text, names, 3);
        config_faults_add(reading->faults, key->place,
                          "'%s': '%.60s' is none of uniform, log-uniform, list%s%s%s",
                          reading->name, key->text, near != NULL ? "; did you mean '" : "",
                          near != NULL ? near : "", near != NULL ? "'?" : "");
        reading->bad = 1;
        return OK;
    }
    value->range = (enum config_range_kind)(CONFIG_RANGE_UNIFORM + kind);
    if (value->range != CONFIG_RANGE_LIST)
        TRY(read_pair(reading, numbers));
    else
        TRY(read_list(reading, numbers));
    if (reading->bad)
        return OK;
    if (value->count == 0 || (value->range == CONFIG_RANGE_LOG_UNIFORM && value->numbers[0] <= 0)) {
        config_faults_add(reading->faults, numbers->place,
                          value->count == 0 ? "'%s': the list is empty"
                                            : "'%s': a log-uniform range must begin above 0",
                          reading->name);
        reading->bad = 1;
    }
    return OK;
}

static enum status read_range(struct reading *reading, const struct config_yaml *node)
{
    if (node->kind == CONFIG_YAML_MAPPING && node->count == 2 &&
        node->children[0]->kind == CONFIG_YAML_SCALAR)
        return read_distribution(reading, node);
    if (node->kind != CONFIG_YAML_SCALAR) {
        refuse_kind(reading, node);
        return OK;
    }
    reading->value.range = CONFIG_RANGE_FIXED;
    return append_number(reading, read_number(reading, node));
}

static enum status read_any(struct reading *reading, const struct config_yaml *node)
{
    switch (reading->option->type) {
    case OPTION_INTEGER:
        read_integer(reading, node);
        return OK;
    case OPTION_REAL:
        return append_number(reading, read_number(reading, node));
    case OPTION_SWITCH:
        read_switch(reading, node);
        return OK;
    case OPTION_CHOICE:
        return read_choice(reading, node);
    case OPTION_TEXT:
        return read_text(reading, node);
    case OPTION_RANGE:
        return read_range(reading, node);
    case OPTION_REALS:
        return read_list(reading, node);
    case OPTION_PAIRS:
        return read_pairs(reading, node);
    case OPTION_RECORDS:
        break;
    }
    return FAIL(ERR_INTERNAL, "records are not a single value");
}

enum status config_value_read(struct config_value *value, const struct option *option,
                              const struct config_yaml *node, const char *name,
                              struct config_faults *faults)
{
    struct reading reading = {.option = option, .name = name, .faults = faults};
    enum status status = read_any(&reading, node);
    if (status != OK || reading.bad) {
        config_value_fini(&reading.value);
        return status;
    }
    config_value_fini(value);
    *value = reading.value;
    return OK;
}

void config_value_fini(struct config_value *value)
{
    free(value->text);
    free(value->numbers);
    *value = (struct config_value){0};
}

/* In double quotes, with YAML's escapes. */
static void print_text(struct config_buffer *out, const char *text)
{
    config_buffer_add(out, "\"");
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            config_buffer_add(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f)
            config_buffer_add(out, "\\x%02x", byte);
        else
            config_buffer_add(out, "%c", byte);
    }
    config_buffer_add(out, "\"");
}

static void print_numbers(struct config_buffer *out, const double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[NUMBER_SIZE];
        number_print(text, numbers[i]);
        config_buffer_add(out, "%s%s", i > 0 ? ", " : "", text);
    }
}

static void print_range(struct config_buffer *out, const struct config_value *value)
{
    static const char *const names[] = {"", "uniform", "log-uniform", "list"};
    if (value->range != CONFIG_RANGE_FIXED)
        config_buffer_add(out, "{%s: [", names[value->range]);
    print_numbers(out, value->numbers, value->count);
    if (value->range != CONFIG_RANGE_FIXED)
        config_buffer_add(out, "]}");
}

static void print_pairs(struct config_buffer *out, const struct config_value *value)
{
    for (size_t i = 0; i < value->count; i += 2) {
        config_buffer_add(out, i > 0 ? ", [" : "[");
        print_numbers(out, value->numbers + i, 2);
        config_buffer_add(out, "]");
    }
}

void config_value_print(struct config_buffer *out, const struct config_value *value,
                        const struct option *option)
{
    switch (option->type) {
    case OPTION_INTEGER:
        config_buffer_add(out, "%lld", (long long)value->integer);
        break;
    case OPTION_REAL:
        print_numbers(out, value->numbers, value->count);
        break;
    case OPTION_SWITCH:
        config_buffer_add(out, value->integer ? "true" : "false");
        break;
    case OPTION_CHOICE:
        config_buffer_add(out, "%s", value->text);
        break;
    case OPTION_TEXT:
        print_text(out, value->text);
        break;
    case OPTION_RANGE:
        print_range(out, value);
        break;
    case OPTION_REALS:
        config_buffer_add(out, "[");
        print_numbers(out, value->numbers, value->count);
        config_buffer_add(out, "]");
        break;
    case OPTION_PAIRS:
        config_buffer_add(out, "[");
        print_pairs(out, value);
        config_buffer_add(out, "]");
        break;
    case OPTION_RECORDS:
        break;
    }
}
