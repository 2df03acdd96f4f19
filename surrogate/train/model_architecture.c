/* SPDX-License-Identifier: Apache-2.0 */
#include "model_architecture.h"

#include "network_words.h"
#include "normalisation.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { LAYERS_TEXT = 512 };

/* What stands in the file for one field of struct network_spec, apart from the list of layers. */
enum field_kind { FIELD_INTEGER, FIELD_SWITCH, FIELD_WORD };
enum field_need { FIELD_REQUIRED, FIELD_OPTIONAL };

struct field {
    const char *key;
    enum field_kind kind;
    enum field_need need;
    enum network_words words; /* of a word */
    size_t offset;
    int64_t low, high; /* of an integer */
};

#define AT(member) offsetof(struct network_spec, member)

static const struct field fields[] = {
    {"input_channels", FIELD_INTEGER, FIELD_REQUIRED, 0, AT(input_channels), 1, 4096},
    {"output_channels", FIELD_INTEGER, FIELD_REQUIRED, 0, AT(output_channels), 1, 4096},
    {"frames", FIELD_INTEGER, FIELD_REQUIRED, 0, AT(frames_in), 1, NETWORK_FRAMES_MOST},
    {"skips", FIELD_SWITCH, FIELD_REQUIRED, 0, AT(skips), 0, 0},
    {"norm", FIELD_WORD, FIELD_REQUIRED, NETWORK_WORDS_NORM, AT(norm), 0, 0},
    {"frames_out", FIELD_INTEGER, FIELD_OPTIONAL, 0, AT(frames_out), 1, NETWORK_FRAMES_MOST},
    {"groups", FIELD_INTEGER, FIELD_OPTIONAL, 0, AT(groups), 1, 4096},
    {"output", FIELD_WORD, FIELD_OPTIONAL, NETWORK_WORDS_OUTPUT, AT(output), 0, 0},
    {"target", FIELD_WORD, FIELD_OPTIONAL, NETWORK_WORDS_TARGET, AT(target), 0, 0},
    {"reynolds", FIELD_SWITCH, FIELD_OPTIONAL, 0, AT(reynolds), 0, 0},
    {"walls", FIELD_SWITCH, FIELD_OPTIONAL, 0, AT(walls), 0, 0},
    {"padding_inlet", FIELD_WORD, FIELD_OPTIONAL, NETWORK_WORDS_PADDING, AT(padding[NETWORK_INLET]),
     0, 0},
    {"padding_outlet", FIELD_WORD, FIELD_OPTIONAL, NETWORK_WORDS_PADDING,
     AT(padding[NETWORK_OUTLET]), 0, 0},
    {"padding_bottom", FIELD_WORD, FIELD_OPTIONAL, NETWORK_WORDS_PADDING,
     AT(padding[NETWORK_BOTTOM]), 0, 0},
    {"padding_top", FIELD_WORD, FIELD_OPTIONAL, NETWORK_WORDS_PADDING, AT(padding[NETWORK_TOP]), 0,
     0},
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

_Static_assert(sizeof(enum network_norm) == sizeof(int) &&
                   sizeof(enum network_output) == sizeof(int) &&
                   sizeof(enum network_target) == sizeof(int) &&
                   sizeof(enum network_padding) == sizeof(int),
               "words are read and written as int");

static int64_t field_value(const struct network_spec *spec, const struct field *field)
{
    const char *at = (const char *)spec + field->offset;
    int64_t wide = 0;
    int narrow = 0;
    if (field->kind == FIELD_INTEGER) {
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
    memcpy(&narrow, at, sizeof narrow);
    return field->kind == FIELD_SWITCH ? narrow != 0 : narrow;
}

static void set_field(struct network_spec *spec, const struct field *field, int64_t value)
{
    char *at = (char *)spec + field->offset;
    int narrow = (int)value;
    if (field->kind == FIELD_INTEGER)
        memcpy(at, &value, sizeof value);
    else
        memcpy(at, &narrow, sizeof narrow);
}

static struct json *make_field(const struct network_spec *spec, const struct field *field)
{
    int64_t value = field_value(spec, field);
    if (field->kind == FIELD_INTEGER)
        return json_make_integer(value);
    if (field->kind == FIELD_SWITCH)
        return json_make_boolean((int)value);
    return json_make_text(network_words_text(field->words, (int)value));
}

enum status model_architecture_write(struct json **out, const struct network_spec *spec)
{
    enum status status = OK;
    char layers[LAYERS_TEXT];
    network_spec_write(layers, sizeof layers, spec);
    struct json *json = json_make_object();
    TRY_GOTO(json == NULL ? ERR_MEMORY : OK, cleanup);
    TRY_GOTO(json_set(json, "size", json_make_text(spec->size)), cleanup);
    TRY_GOTO(json_set(json, "layers", json_make_text(layers)), cleanup);
    for (int i = 0; i < FIELDS; i++)
        TRY_GOTO(json_set(json, fields[i].key, make_field(spec, &fields[i])), cleanup);
    *out = json;
    json = NULL;
cleanup:
    json_destroy(json);
    return status;
}

static enum status read_field(struct network_spec *spec, const struct json *json,
                              const struct field *field)
{
    const char *word;
    int64_t wide = 0;
    int narrow = 0;
    if (field->need == FIELD_OPTIONAL && json_find(json, field->key) == NULL)
        return OK;
    if (field->kind == FIELD_INTEGER) {
        TRY(json_get_integer_within(&wide, json, field->key, field->low, field->high));
        set_field(spec, field, wide);
        return OK;
    }
    if (field->kind == FIELD_SWITCH) {
        TRY(json_get_boolean(&narrow, json, field->key));
    } else {
        TRY(json_get_text(&word, json, field->key));
        if (network_words_value(&narrow, field->words, word) != OK)
            return error_prefix(ERR_DATA, "'%s'", field->key);
    }
    set_field(spec, field, narrow);
    return OK;
}

static int is_known(const char *key)
{
    for (int i = 0; i < FIELDS; i++)
        if (strcmp(key, fields[i].key) == 0)
            return 1;
    return strcmp(key, "size") == 0 || strcmp(key, "layers") == 0;
}

/* The layers are parsed as a config's are; a list that is no network is bad data here. */
enum status model_architecture_read(struct network_spec *out, const struct json *json)
{
    const char *layers, *size;
    struct network_spec spec;
    struct json_member member = {0};
    while (json_next(&member, json))
        if (!is_known(member.key))
            return FAIL(ERR_DATA, "the architecture has a '%s', which this program does not know",
                        member.key);
    TRY(json_get_text(&layers, json, "layers"));
    TRY(json_get_text(&size, json, "size"));
    if (network_spec_parse(&spec, layers) != OK)
        return error_prefix(ERR_DATA, "layers");
    (void)snprintf(spec.size, sizeof spec.size, "%s", size);
    for (int i = 0; i < FIELDS; i++)
        TRY(read_field(&spec, json, &fields[i]));
    if (network_spec_check(&spec) != OK)
        return error_prefix(ERR_DATA, "its architecture");
    *out = spec;
    return OK;
}

unsigned model_architecture_extras(const struct network_spec *spec)
{
    return (spec->reynolds ? NORMALISATION_REYNOLDS : 0U) |
           (spec->walls ? NORMALISATION_WALLS : 0U);
}

static const char *value_text(char *out, size_t size, const struct network_spec *spec,
                              const struct field *field)
{
    int64_t value = field_value(spec, field);
    if (field->kind == FIELD_INTEGER)
        (void)snprintf(out, size, "%lld", (long long)value);
    else if (field->kind == FIELD_SWITCH)
        (void)snprintf(out, size, "%s", value ? "on" : "off");
    else
        (void)snprintf(out, size, "'%s'", network_words_text(field->words, (int)value));
    return out;
}

enum status model_architecture_compare(const struct network_spec *have,
                                       const struct network_spec *want)
{
    char layers[2][LAYERS_TEXT], values[2][32];
    network_spec_write(layers[0], LAYERS_TEXT, have);
    network_spec_write(layers[1], LAYERS_TEXT, want);
    if (strcmp(layers[0], layers[1]) != 0)
        return FAIL(ERR_DATA, "its layers are '%s'; the network has '%s'", layers[0], layers[1]);
    for (int i = 0; i < FIELDS; i++)
        if (field_value(have, &fields[i]) != field_value(want, &fields[i]))
            return FAIL(ERR_DATA, "its '%s' is %s; the network's is %s", fields[i].key,
                        value_text(values[0], sizeof values[0], have, &fields[i]),
                        value_text(values[1], sizeof values[1], want, &fields[i]));
    return OK;
}
