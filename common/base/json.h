/* SPDX-License-Identifier: Apache-2.0
 *
 * All JSON in and out (jansson; duplicate keys are refused). A value is a node of a tree; a
 * container owns what was put into it, the root belongs to the caller. Objects keep the order of
 * insertion. Reals are written with 17 significant digits, so that they survive the trip; a value
 * that is not finite is written as null, bytes of a text that are not UTF-8 as '?'. Names such as
 * json_object, json_real and JSON_COMPACT are jansson's own: two libraries of one process cannot
 * both have them. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct json;

/* Building. Each returns NULL with ERR_MEMORY recorded; the setters take ownership of `value` even
 * on failure and report a NULL value as that failure, so that calls can be nested. */
struct json *json_make_object(void);
struct json *json_make_array(void);
struct json *json_make_text(const char *text);
struct json *json_make_real(double value);
struct json *json_make_integer(int64_t value);
struct json *json_make_boolean(int value);
struct json *json_make_null(void);
enum status json_set(struct json *object, const char *key, struct json *value);
enum status json_append(struct json *array, struct json *value);
struct json *json_make_reals(const double *values, size_t count);
struct json *json_make_integers(const int64_t *values, size_t count);
struct json *json_make_copy(const struct json *value);
void json_destroy(struct json *root);

/* Writing: text to be freed with free(). `indented` for files that people read, `compact` for one
 * line. */
enum json_form { JSON_FORM_COMPACT, JSON_FORM_INDENTED };
enum status json_write(char **out, const struct json *root, enum json_form form);

/* Reading. `where` (a path) begins the message: "manifest.json:3:14: ...". ERR_DATA. */
enum status json_read(struct json **out, const char *text, size_t size, const char *where);
enum status json_read_file(struct json **out, const char *path);

/* Access by key; ERR_DATA with the key's name when missing or of another type. Borrowed. */
enum status json_get_object(const struct json **out, const struct json *object, const char *key);
enum status json_get_array(const struct json **out, const struct json *object, const char *key);
enum status json_get_text(const char **out, const struct json *object, const char *key);
enum status json_get_real(double *out, const struct json *object, const char *key);
enum status json_get_integer(int64_t *out, const struct json *object, const char *key);
/* The same, and ERR_DATA when it is not within low .. high. */
enum status json_get_integer_within(int64_t *out, const struct json *object, const char *key,
                                    int64_t low, int64_t high);
enum status json_get_boolean(int *out, const struct json *object, const char *key);

/* NULL when the key is missing. Borrowed. */
const struct json *json_find(const struct json *object, const char *key);

/* Elements of an array or members of an object; an element is NULL behind the end. */
size_t json_count(const struct json *container);
const struct json *json_at(const struct json *array, size_t index);

/* Iteration over an object's members in order; the object must not change meanwhile:
 *     struct json_member member = {0};
 *     while (json_next(&member, object)) ... member.key ... member.value ... */
struct json_member {
    const char *key;          /* borrowed */
    const struct json *value; /* borrowed */
    void *position;           /* private; NULL before the first */
};
int json_next(struct json_member *member, const struct json *object);

/* A node's own value; ERR_DATA when it is of another type. */
enum status json_as_text(const char **out, const struct json *value);
enum status json_as_real(double *out, const struct json *value);
enum status json_as_integer(int64_t *out, const struct json *value);

/* The same, and not a number where it is null: how numbers that are not finite are written. */
enum status json_get_real_or_null(double *out, const struct json *object, const char *key);
enum status json_as_real_or_null(double *out, const struct json *value);

enum json_kind {
    JSON_KIND_MISSING, /* of a NULL pointer */
    JSON_KIND_NULL,
    JSON_KIND_BOOLEAN,
    JSON_KIND_INTEGER,
    JSON_KIND_REAL,
    JSON_KIND_TEXT,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT
};
enum json_kind json_kind(const struct json *value);
