/* SPDX-License-Identifier: Apache-2.0
 *
 * `struct json` is never defined: a pointer to it is jansson's json_t pointer under another name,
 * so that no other file sees jansson. */
#include "json.h"

#include "array.h"
#include "atomic_file.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 256 << 20 };

static const json_t *foreign(const struct json *value)
{
    return (const json_t *)value;
}

static struct json *own(json_t *value)
{
    if (value == NULL)
        (void)FAIL(ERR_MEMORY, "out of memory");
    return (struct json *)value;
}

struct json *json_make_object(void)
{
    return own(json_object());
}

struct json *json_make_array(void)
{
    return own(json_array());
}

/* Bytes of the UTF-8 sequence at `text` that begins with a byte >= 0x80; 0 when it is none.
 * jansson's own check, asked of a short string. */
static size_t sequence_length(const char *text)
{
    char part[5] = "";
    for (size_t length = 1; length <= 4 && text[length - 1] != '\0'; length++) {
        part[length - 1] = text[length - 1];
        json_t *probe = json_string(part);
        json_decref(probe);
        if (probe != NULL)
            return length;
    }
    return 0;
}

/* File names may hold any byte: what is not UTF-8 becomes a question mark. */
static json_t *make_cleaned_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *cleaned = malloc(size);
    if (cleaned == NULL)
        return NULL;
    memcpy(cleaned, text, size);
    for (size_t i = 0; cleaned[i] != '\0';) {
        size_t length = (unsigned char)cleaned[i] < 0x80 ? 1 : sequence_length(cleaned + i);
        if (length == 0)
            cleaned[i] = '?';
        i += length == 0 ? 1 : length;
    }
    json_t *value = json_string(cleaned);
    free(cleaned);
    return value;
}

struct json *json_make_text(const char *text)
{
    json_t *value = json_string(text);
    return own(value != NULL ? value : make_cleaned_text(text));
}

struct json *json_make_real(double value)
{
    return own(isfinite(value) ? json_real(value) : json_null());
}

struct json *json_make_integer(int64_t value)
{
    return own(json_integer(value));
}

struct json *json_make_boolean(int value)
{
    return own(value ? json_true() : json_false());
}

struct json *json_make_null(void)
{
    return own(json_null());
}

enum status json_set(struct json *object, const char *key, struct json *value)
{
    if (value == NULL)
        return ERR_MEMORY;
    if (json_object_set_new((json_t *)object, key, (json_t *)value) != 0)
        return FAIL(ERR_INTERNAL, "cannot set the JSON key '%s'", key);
    return OK;
}

enum status json_append(struct json *array, struct json *value)
{
    if (value == NULL)
        return ERR_MEMORY;
    if (json_array_append_new((json_t *)array, (json_t *)value) != 0)
        return FAIL(ERR_INTERNAL, "cannot append to a JSON array");
    return OK;
}

struct json *json_make_reals(const double *values, size_t count)
{
    struct json *array = json_make_array();
    for (size_t i = 0; array != NULL && i < count; i++) {
        if (json_append(array, json_make_real(values[i])) != OK) {
            json_destroy(array);
            array = NULL;
        }
    }
    return array;
}

struct json *json_make_integers(const int64_t *values, size_t count)
{
    struct json *array = json_make_array();
    for (size_t i = 0; array != NULL && i < count; i++) {
        if (json_append(array, json_make_integer(values[i])) != OK) {
            json_destroy(array);
            array = NULL;
        }
    }
    return array;
}

struct json *json_make_copy(const struct json *value)
{
    return own(json_deep_copy(foreign(value)));
}

void json_destroy(struct json *root)
{
    json_decref((json_t *)root);
}

enum status json_write(char **out, const struct json *root, enum json_form form)
{
    size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(17);
    flags |= form == JSON_FORM_INDENTED ? JSON_INDENT(2) : JSON_COMPACT;
    char *text = json_dumps(foreign(root), flags);
    if (text == NULL)
        return FAIL(ERR_MEMORY, "out of memory while writing JSON");
    *out = text;
    return OK;
}

enum status json_read(struct json **out, const char *text, size_t size, const char *where)
{
    json_error_t error;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        return FAIL(ERR_DATA, "%s:%d:%d: %s", where, error.line, error.column, error.text);
    *out = (struct json *)root;
    return OK;
}

enum status json_read_file(struct json **out, const char *path)
{
    unsigned char *text = NULL;
    size_t size = 0;
    TRY(atomic_file_read(&text, &size, path, FILE_LIMIT));
    enum status status = json_read(out, (const char *)text, size, path);
    array_free(text);
    return status;
}

enum json_kind json_kind(const struct json *value)
{
    if (value == NULL)
        return JSON_KIND_MISSING;
    switch (json_typeof(foreign(value))) {
    case JSON_OBJECT:
        return JSON_KIND_OBJECT;
    case JSON_ARRAY:
        return JSON_KIND_ARRAY;
    case JSON_STRING:
        return JSON_KIND_TEXT;
    case JSON_INTEGER:
        return JSON_KIND_INTEGER;
    case JSON_REAL:
        return JSON_KIND_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_KIND_BOOLEAN;
    case JSON_NULL:
        break;
    }
    return JSON_KIND_NULL;
}

static const char *kind_name(enum json_kind kind)
{
    static const char *const names[] = {"nothing",  "null",   "a boolean", "an integer",
                                        "a number", "a text", "an array",  "an object"};
    return names[kind];
}

/* Why the value is not of the kind that is due; `key` NULL: a value without a name. */
static enum status refuse(const struct json *value, enum json_kind due, const char *key)
{
    const char *held = kind_name(json_kind(value));
    if (key == NULL)
        return FAIL(ERR_DATA, "a JSON value is %s where %s is due", held, kind_name(due));
    if (value == NULL)
        return FAIL(ERR_DATA, "the key '%s' is missing", key);
    return FAIL(ERR_DATA, "the key '%s' holds %s where %s is due", key, held, kind_name(due));
}

const struct json *json_find(const struct json *object, const char *key)
{
    return (const struct json *)json_object_get(foreign(object), key);
}

static enum status get(const struct json **out, const struct json *object, const char *key,
                       enum json_kind due)
{
    const struct json *value = json_find(object, key);
    if (json_kind(value) != due)
        return refuse(value, due, key);
    *out = value;
    return OK;
}

enum status json_get_object(const struct json **out, const struct json *object, const char *key)
{
    return get(out, object, key, JSON_KIND_OBJECT);
}

enum status json_get_array(const struct json **out, const struct json *object, const char *key)
{
    return get(out, object, key, JSON_KIND_ARRAY);
}

enum status json_get_text(const char **out, const struct json *object, const char *key)
{
    const struct json *value = NULL;
    TRY(get(&value, object, key, JSON_KIND_TEXT));
    *out = json_string_value(foreign(value));
    return OK;
}

enum status json_get_integer_within(int64_t *out, const struct json *object, const char *key,
                                    int64_t low, int64_t high)
{
    TRY(json_get_integer(out, object, key));
    if (*out < low || *out > high)
        return FAIL(ERR_DATA, "'%s' is %" PRId64 ", not within %" PRId64 " .. %" PRId64, key, *out,
                    low, high);
    return OK;
}

enum status json_get_boolean(int *out, const struct json *object, const char *key)
{
    const struct json *value = NULL;
    TRY(get(&value, object, key, JSON_KIND_BOOLEAN));
    *out = json_is_true(foreign(value));
    return OK;
}

enum status json_get_integer(int64_t *out, const struct json *object, const char *key)
{
    const struct json *value = NULL;
    TRY(get(&value, object, key, JSON_KIND_INTEGER));
    *out = json_integer_value(foreign(value));
    return OK;
}

/* An integer is a real number too: 1.0 may have been written by hand as 1. */
static enum status real_of(double *out, const struct json *value, const char *key)
{
    enum json_kind kind = json_kind(value);
    if (kind != JSON_KIND_REAL && kind != JSON_KIND_INTEGER)
        return refuse(value, JSON_KIND_REAL, key);
    *out = json_number_value(foreign(value));
    return OK;
}

enum status json_get_real(double *out, const struct json *object, const char *key)
{
    return real_of(out, json_find(object, key), key);
}

enum status json_as_real(double *out, const struct json *value)
{
    return real_of(out, value, NULL);
}

enum status json_as_real_or_null(double *out, const struct json *value)
{
    *out = NAN;
    return json_kind(value) == JSON_KIND_NULL ? OK : real_of(out, value, NULL);
}

enum status json_get_real_or_null(double *out, const struct json *object, const char *key)
{
    const struct json *value = json_find(object, key);
    *out = NAN;
    return json_kind(value) == JSON_KIND_NULL ? OK : real_of(out, value, key);
}

enum status json_as_text(const char **out, const struct json *value)
{
    if (json_kind(value) != JSON_KIND_TEXT)
        return refuse(value, JSON_KIND_TEXT, NULL);
    *out = json_string_value(foreign(value));
    return OK;
}

enum status json_as_integer(int64_t *out, const struct json *value)
{
    if (json_kind(value) != JSON_KIND_INTEGER)
        return refuse(value, JSON_KIND_INTEGER, NULL);
    *out = json_integer_value(foreign(value));
    return OK;
}

size_t json_count(const struct json *container)
{
    if (json_kind(container) == JSON_KIND_OBJECT)
        return json_object_size(foreign(container));
    return json_array_size(foreign(container));
}

const struct json *json_at(const struct json *array, size_t index)
{
    return (const struct json *)json_array_get(foreign(array), index);
}

int json_next(struct json_member *member, const struct json *object)
{
    json_t *held = (json_t *)object; /* jansson's iterators take no const */
    member->position = member->position == NULL ? json_object_iter(held)
                                                : json_object_iter_next(held, member->position);
    if (member->position == NULL)
        return 0;
    member->key = json_object_iter_key(member->position);
    member->value = (const struct json *)json_object_iter_value(member->position);
    return 1;
}
