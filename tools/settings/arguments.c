/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"

#include "config.h"
#include "number_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct given {
    const struct argument_option *option;
    const char *text; /* NULL for flags */
    double number;    /* numbers and times */
};

struct arguments {
    const struct argument_option *tables[ARGUMENTS_TABLES];
    struct given given[ARGUMENTS_GIVEN];
    size_t given_count;
    const char *words[ARGUMENTS_GIVEN];
    int64_t word_count;
};

static const struct argument_option *find_option(const struct arguments *arguments,
                                                 const char *name, size_t length)
{
    for (int t = 0; arguments->tables[t] != NULL; t++)
        for (const struct argument_option *row = arguments->tables[t]; row->name != NULL; row++)
            if (strlen(row->name) == length && strncmp(row->name, name, length) == 0)
                return row;
    return NULL;
}

static enum status fail_unknown(const struct arguments *arguments, const char *name)
{
    const char *names[ARGUMENTS_GIVEN];
    size_t count = 0;
    for (int t = 0; arguments->tables[t] != NULL; t++)
        for (const struct argument_option *row = arguments->tables[t]; row->name != NULL; row++)
            if (count < ARGUMENTS_GIVEN)
                names[count++] = row->name;
    const char *near = config_suggest(name, names, count);
    if (near != NULL)
        return FAIL(ERR_USAGE, "option '--%s' is unknown; did you mean '--%s'?", name, near);
    return FAIL(ERR_USAGE, "option '--%s' is unknown", name);
}

static enum status read_number(struct given *given)
{
    const struct argument_option *option = given->option;
    int64_t whole = 0;
    int good = 0;
    const char *wanted = "a number";
    if (option->type == ARGUMENT_INTEGER) {
        wanted = "a whole number";
        good = number_text_integer(&whole, given->text);
        given->number = (double)whole;
    } else if (option->type == ARGUMENT_REAL) {
        good = number_text_real(&given->number, given->text);
    } else {
        wanted = "a time such as 90, 90s, 15m or 2h";
        good = number_text_time(&given->number, given->text);
    }
    if (!good)
        return FAIL(ERR_USAGE, "option '--%s' takes %s, not '%s'", option->name, wanted,
                    given->text);
    if (given->number < option->low || given->number > option->high)
        return FAIL(ERR_USAGE, "option '--%s' is %s, outside %.15g .. %.15g", option->name,
                    given->text, option->low, option->high);
    return OK;
}

/* Takes argv[*index] that begins with "--", and the word behind it where that is its value. */
static enum status take_option(struct arguments *arguments, int *index, int argc,
                               const char *const *argv)
{
    const char *name = argv[*index] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct argument_option *option = find_option(arguments, name, length);
    if (option == NULL) {
        char word[128];
        if (length >= sizeof word)
            length = sizeof word - 1;
        memcpy(word, name, length);
        word[length] = '\0';
        return fail_unknown(arguments, word);
    }
    struct given given = {.option = option, .text = equals != NULL ? equals + 1 : NULL};
    if (option->type == ARGUMENT_FLAG) {
        if (equals != NULL)
            return FAIL(ERR_USAGE, "option '--%s' takes no value", option->name);
    } else if (given.text == NULL) {
        if (*index + 1 >= argc)
            return FAIL(ERR_USAGE, "option '--%s' needs a value: --%s %s", option->name,
                        option->name, option->value);
        given.text = argv[++*index];
    }
    if (option->type != ARGUMENT_FLAG && option->type != ARGUMENT_TEXT)
        TRY(read_number(&given));
    if (arguments->given_count == ARGUMENTS_GIVEN)
        return FAIL(ERR_USAGE, "more than %d options", ARGUMENTS_GIVEN);
    arguments->given[arguments->given_count++] = given;
    return OK;
}

static enum status take_all(struct arguments *arguments, int argc, const char *const *argv)
{
    int only_words = 0;
    for (int i = 0; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = 1;
        } else if (!only_words && strcmp(argv[i], "-h") == 0) {
            const char *const help[] = {"--help"};
            int first = 0;
            TRY(take_option(arguments, &first, 1, help));
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] == '-') {
            TRY(take_option(arguments, &i, argc, argv));
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
            return FAIL(ERR_USAGE, "option '%s' is unknown; options begin with two dashes",
                        argv[i]);
        } else if (arguments->word_count == ARGUMENTS_GIVEN) {
            return FAIL(ERR_USAGE, "more than %d words", ARGUMENTS_GIVEN);
        } else {
            arguments->words[arguments->word_count++] = argv[i];
        }
    }
    return OK;
}

enum status arguments_create(struct arguments **out, const struct argument_option *const *tables,
                             int64_t positional_low, int64_t positional_high, int argc,
                             const char *const *argv)
{
    enum status status = OK;
    *out = NULL;
    struct arguments *arguments = calloc(1, sizeof *arguments);
    if (arguments == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    for (int t = 0; tables[t] != NULL; t++) {
        assert(t + 1 < ARGUMENTS_TABLES);
        arguments->tables[t] = tables[t];
    }
    TRY_GOTO(take_all(arguments, argc, argv), cleanup);
    if (!arguments_given(arguments, "help")) {
        if (arguments->word_count < positional_low)
            TRY_GOTO(FAIL(ERR_USAGE, "%lld words are given where at least %lld must stand",
                          (long long)arguments->word_count, (long long)positional_low),
                     cleanup);
        if (positional_high >= 0 && arguments->word_count > positional_high)
            TRY_GOTO(
                FAIL(ERR_USAGE, "'%s' is one word too many", arguments->words[positional_high]),
                cleanup);
    }
    *out = arguments;
    arguments = NULL;
cleanup:
    arguments_destroy(arguments);
    return status;
}

void arguments_destroy(struct arguments *arguments)
{
    free(arguments);
}

int64_t arguments_count(const struct arguments *arguments)
{
    return arguments->word_count;
}

const char *arguments_at(const struct arguments *arguments, int64_t index)
{
    return index < arguments->word_count ? arguments->words[index] : NULL;
}

static const struct given *find_last(const struct arguments *arguments, const char *name)
{
    for (size_t i = arguments->given_count; i-- > 0;)
        if (strcmp(arguments->given[i].option->name, name) == 0)
            return &arguments->given[i];
    return NULL;
}

int arguments_given(const struct arguments *arguments, const char *name)
{
    return find_last(arguments, name) != NULL;
}

const char *arguments_text(const struct arguments *arguments, const char *name,
                           const char *fallback)
{
    const struct given *given = find_last(arguments, name);
    return given != NULL ? given->text : fallback;
}

int64_t arguments_integer(const struct arguments *arguments, const char *name, int64_t fallback)
{
    const struct given *given = find_last(arguments, name);
    return given != NULL ? (int64_t)given->number : fallback;
}

double arguments_real(const struct arguments *arguments, const char *name, double fallback)
{
    const struct given *given = find_last(arguments, name);
    return given != NULL ? given->number : fallback;
}

size_t arguments_texts(const char **out, size_t capacity, const struct arguments *arguments,
                       const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, name) != 0)
            continue;
        if (count < capacity)
            out[count] = arguments->given[i].text;
        count++;
    }
    return count;
}
