/* SPDX-License-Identifier: Apache-2.0 */
#include "config_reference.h"

#include "config_buffer.h"
#include "config_table.h"
#include "config_value.h"
#include "number.h"

#include <math.h>
#include <string.h>

static const char *type_name(enum option_type type)
{
    static const char *const names[] = {
        [OPTION_INTEGER] = "integer", [OPTION_REAL] = "number", [OPTION_SWITCH] = "true / false",
        [OPTION_CHOICE] = "choice",   [OPTION_TEXT] = "text",   [OPTION_RANGE] = "range",
        [OPTION_REALS] = "numbers",   [OPTION_PAIRS] = "pairs", [OPTION_RECORDS] = "records",
    };
    return names[type];
}

/* "1 to 8", "0 or more", or the choices each between `quote`s; nothing when all is allowed. */
static void add_allowed(struct config_buffer *out, const struct option *option, const char *quote)
{
    char low[NUMBER_SIZE] = "";
    char high[NUMBER_SIZE] = "";
    for (const char *at = option->choices; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, "|");
        config_buffer_add(out, "%s%s%.*s%s", at == option->choices ? "" : ", ", quote, (int)length,
                          at, quote);
        at += length + (at[length] == '|');
    }
    if (!config_value_is_bounded(option))
        return;
    number_print(low, isfinite(option->low) ? option->low : 0);
    number_print(high, isfinite(option->high) ? option->high : 0);
    if (isfinite(option->low) && isfinite(option->high))
        config_buffer_add(out, "%s to %s", low, high);
    else if (isfinite(option->low))
        config_buffer_add(out, "%s or more", low);
    else if (isfinite(option->high))
        config_buffer_add(out, "%s or less", high);
}

/* A unit of "1" says dimensionless; people need not read it. */
static const char *shown_unit(const struct option *option)
{
    return strcmp(option->unit, "1") == 0 ? "" : option->unit;
}

/* Text in a cell of a Markdown table. */
static void add_cell(struct config_buffer *out, const char *text)
{
    for (; *text != '\0'; text++)
        config_buffer_add(out, "%s%c", *text == '|' ? "\\" : "", *text);
}

static void add_row(struct config_buffer *out, const struct option *option)
{
    config_buffer_add(out, "| `%s` | %s | %s | ", option->key, type_name(option->type),
                      shown_unit(option));
    add_allowed(out, option, "`");
    config_buffer_add(out, " | ");
    if (option->fallback == NULL)
        config_buffer_add(out, "*required*");
    else
        config_buffer_add(out, "`%s`", option->fallback);
    config_buffer_add(out, " | ");
    add_cell(out, option->doc);
    config_buffer_add(out, " |\n");
}

static void add_table_head(struct config_buffer *out)
{
    config_buffer_add(out, "\n| key | type | unit | allowed | default | meaning |\n"
                           "| --- | --- | --- | --- | --- | --- |\n");
}

/* Length of the first part of a dotted key; 0 for a key without a dot. */
static size_t section_length(const char *key)
{
    size_t length = strcspn(key, ".");
    return key[length] == '.' ? length : 0;
}

static int is_in_section(const char *key, const char *section, size_t length)
{
    return section_length(key) == length && strncmp(key, section, length) == 0;
}

static int is_first_of_section(const struct option *table, const struct option *option)
{
    size_t length = section_length(option->key);
    for (const struct option *row = table; row != option; row++)
        if (is_in_section(row->key, option->key, length))
            return 0;
    return 1;
}

static void add_section(struct config_buffer *out, const struct option *table, const char *section,
                        size_t length)
{
    if (length > 0)
        config_buffer_add(out, "\n## %.*s\n", (int)length, section);
    else
        config_buffer_add(out, "\n## without a section\n");
    add_table_head(out);
    for (const struct option *row = table; row->key != NULL; row++)
        if (is_in_section(row->key, section, length))
            add_row(out, row);
    for (const struct option *row = table; row->key != NULL; row++) {
        if (!is_in_section(row->key, section, length) || row->records == NULL)
            continue;
        config_buffer_add(out, "\n### each entry of `%s`\n", row->key);
        add_table_head(out);
        for (const struct option *part = row->records; part->key != NULL; part++)
            add_row(out, part);
    }
}

static const char introduction[] =
    "<!-- Made from the option table by the program itself; edit the table, not this page. -->\n"
    "# Configuration\n"
    "\n"
    "A configuration is a YAML file. A key `a.b` below stands as `b:` under `a:` in the file and "
    "as\n"
    "`--set a.b=value` on the command line; `--set` wins over the file, the file over the "
    "default.\n"
    "An entry of a list of records is reached as `--set bodies[0].size=12`. All faults of file "
    "and\n"
    "settings are reported at once. Keys are given once; anchors, aliases, merge keys and tags "
    "are\n"
    "not supported. Numbers are decimal with a point, whatever the locale.\n"
    "\n"
    "| type | written as |\n"
    "| --- | --- |\n"
    "| integer | `12` |\n"
    "| number | `0.05`, `5e-2` |\n"
    "| true / false | `true` or `false` |\n"
    "| choice | one of the words listed |\n"
    "| text | `flows` or `\"flows\"` |\n"
    "| range | a number; `{uniform: [a, b]}`, `{log-uniform: [a, b]}` or `{list: [a, b, c]}` to "
    "draw "
    "from |\n"
    "| numbers | `[32, 40.5]` |\n"
    "| pairs | `[[1, 2], [5, 9]]`, the first less than the second |\n"
    "| records | a list of mappings, `[{shape: circle, size: 12}]` |\n";

enum status config_reference_markdown(char **out, const struct option *table)
{
    struct config_buffer text = {0};
    config_buffer_add(&text, "%s", introduction);
    for (const struct option *row = table; row->key != NULL; row++)
        if (is_first_of_section(table, row))
            add_section(&text, table, row->key, section_length(row->key));
    return config_buffer_finish(out, &text);
}

/* `text` broken at blanks before column 100, each line behind `indent` blanks. */
static void add_wrapped(struct config_buffer *out, const char *text, int indent)
{
    size_t room = 100 - (size_t)indent;
    while (*text != '\0') {
        size_t length = strlen(text);
        if (length > room) {
            size_t cut = room;
            while (cut > 0 && text[cut] != ' ')
                cut--;
            length = cut > 0 ? cut : strcspn(text, " ");
        }
        config_buffer_add(out, "%*s%.*s\n", indent, "", (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

static void add_help(struct config_buffer *out, const struct option *option, const char *name,
                     int indent)
{
    config_buffer_add(out, "%*s%s  (%s", indent, "", name, type_name(option->type));
    if (config_value_is_bounded(option) || option->choices != NULL) {
        config_buffer_add(out, ": ");
        add_allowed(out, option, "");
    }
    config_buffer_add(out, "%s%s", shown_unit(option)[0] != '\0' ? " " : "", shown_unit(option));
    if (option->fallback == NULL)
        config_buffer_add(out, "; required)\n");
    else
        config_buffer_add(out, "; default %s)\n", option->fallback);
    add_wrapped(out, option->doc, indent + 4);
    for (const struct option *row = option->records; row != NULL && row->key != NULL; row++)
        add_help(out, row, row->key, indent + 4);
}

enum status config_reference_help(char **out, const struct option *table, const char *prefix)
{
    struct config_buffer text = {0};
    for (const struct option *row = table; row->key != NULL; row++)
        if (prefix == NULL || strncmp(row->key, prefix, strlen(prefix)) == 0)
            add_help(&text, row, row->key, 2);
    return config_buffer_finish(out, &text);
}

static void add_words(struct config_buffer *out, const struct option *option, const char *list)
{
    const char *index = list[0] != '\0' ? "[0]." : "";
    const char *choices = option->type == OPTION_SWITCH ? "true|false" : option->choices;
    if (choices == NULL)
        config_buffer_add(out, "%s%s%s=\n", list, index, option->key);
    while (choices != NULL && *choices != '\0') {
        size_t length = strcspn(choices, "|");
        config_buffer_add(out, "%s%s%s=%.*s\n", list, index, option->key, (int)length, choices);
        choices += length + (choices[length] == '|');
    }
}

enum status config_reference_completion(char **out, const struct option *table)
{
    struct config_buffer text = {0};
    for (const struct option *row = table; row->key != NULL; row++) {
        add_words(&text, row, "");
        for (const struct option *part = row->records; part != NULL && part->key != NULL; part++)
            add_words(&text, part, row->key);
    }
    return config_buffer_finish(out, &text);
}
