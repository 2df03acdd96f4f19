/* SPDX-License-Identifier: Apache-2.0 */
#include "checkup.h"

#include "checkup_list.h"
#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 1024, NAME_WIDTH = 18 };

struct checkup {
    struct json *root;     /* NULL once taken */
    struct json *rows;     /* of the open section; NULL: none */
    struct json *findings; /* until they join the root */
    const char *section;
    struct text table, advice;
    int64_t count; /* of findings */
    enum status status;
};

enum status checkup_create(struct checkup **out)
{
    struct checkup *made = calloc(1, sizeof *made);
    if (made == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    made->root = json_make_object();
    made->findings = json_make_array();
    if (made->root == NULL || made->findings == NULL) {
        checkup_destroy(made);
        return ERR_MEMORY;
    }
    *out = made;
    return OK;
}

void checkup_destroy(struct checkup *checkup)
{
    if (checkup == NULL)
        return;
    json_destroy(checkup->root);
    json_destroy(checkup->rows);
    json_destroy(checkup->findings);
    text_fini(&checkup->table);
    text_fini(&checkup->advice);
    free(checkup);
}

static void keep_status(struct checkup *checkup, enum status status)
{
    if (checkup->status == OK)
        checkup->status = status;
}

static void close_section(struct checkup *checkup)
{
    if (checkup->rows != NULL)
        keep_status(checkup, json_set(checkup->root, checkup->section, checkup->rows));
    checkup->rows = NULL;
}

/* Names of our own; those of others (OMP_NUM_THREADS, HDF5) stay as they are. */
static void append_name(struct text *out, const char *key)
{
    int own = islower((unsigned char)key[0]);
    for (; *key != '\0'; key++)
        text_append_bytes(out, own && *key == '_' ? " " : key, 1);
}

void checkup_section(struct checkup *checkup, const char *key)
{
    close_section(checkup);
    checkup->section = key;
    checkup->rows = json_make_object();
    keep_status(checkup, checkup->rows != NULL ? OK : ERR_MEMORY);
    text_append(&checkup->table, checkup->table.length > 0 ? "\n" : "");
    append_name(&checkup->table, key);
    text_append(&checkup->table, "\n");
}

static void append_row(struct checkup *checkup, const char *key, const char *words)
{
    char clean[WORDS];
    size_t width = text_width(key);
    text_append(&checkup->table, "  ");
    append_name(&checkup->table, key);
    text_format(&checkup->table, "%*s %s\n", width < NAME_WIDTH ? (int)(NAME_WIDTH - width) : 0, "",
                text_clean(clean, sizeof clean, words));
}

void checkup_row(struct checkup *checkup, const char *key, struct json *value, const char *format,
                 ...)
{
    char words[WORDS];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    append_row(checkup, key, words);
    if (checkup->rows != NULL)
        keep_status(checkup, json_set(checkup->rows, key, value));
    else
        json_destroy(value);
}

void checkup_text(struct checkup *checkup, const char *key, const char *words)
{
    checkup_row(checkup, key, json_make_text(words), "%s", words);
}

static enum status add_finding(struct checkup *checkup, const char *words, const char *advice)
{
    enum status status = OK;
    struct json *entry = json_make_object();
    TRY_GOTO(entry != NULL ? OK : ERR_MEMORY, cleanup);
    TRY_GOTO(json_set(entry, "section", json_make_text(checkup->section)), cleanup);
    TRY_GOTO(json_set(entry, "finding", json_make_text(words)), cleanup);
    TRY_GOTO(json_set(entry, "advice", json_make_text(advice)), cleanup);
    status = json_append(checkup->findings, entry);
    entry = NULL;
cleanup:
    json_destroy(entry);
    return status;
}

void checkup_finding(struct checkup *checkup, const char *advice, const char *format, ...)
{
    char words[WORDS], clean[WORDS];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    text_clean(clean, sizeof clean, words);
    text_format(&checkup->advice, "  %s\n      -> %s\n", clean, advice);
    checkup->count++;
    keep_status(checkup, add_finding(checkup, clean, advice));
}

enum status checkup_status(const struct checkup *checkup)
{
    if (checkup->status != OK)
        return checkup->status;
    return checkup->table.status != OK ? checkup->table.status : checkup->advice.status;
}

int64_t checkup_findings(const struct checkup *checkup)
{
    return checkup->count;
}

enum status checkup_run(struct checkup *checkup, const struct checkup_subject *subject)
{
#define LOOK(name) TRY(checkup_##name##_look(checkup, subject));
    CHECKUP_LIST(LOOK)
#undef LOOK
    close_section(checkup);
    return checkup_status(checkup);
}

void checkup_print(FILE *stream, const struct checkup *checkup)
{
    fputs(checkup->table.data != NULL ? checkup->table.data : "", stream);
    fputs("\nfindings\n", stream);
    fputs(checkup->count > 0 ? checkup->advice.data : "  none\n", stream);
}

struct json *checkup_take_json(struct checkup *checkup)
{
    struct json *root = checkup->root;
    enum status status = json_set(root, "findings", checkup->findings);
    checkup->root = NULL;
    checkup->findings = NULL;
    if (status == OK)
        return root;
    json_destroy(root);
    return NULL;
}
