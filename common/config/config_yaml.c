/* SPDX-License-Identifier: Apache-2.0 */
#include "config_yaml.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_LIMIT = 32, NODE_LIMIT = 20000 };

struct reader {
    yaml_parser_t parser;
    struct config_faults *faults;
    const char *text;
    const char *where;
    enum config_yaml_places places;
    size_t nodes;
    int ended; /* no use in reading on */
};

static struct config_place place_of(const struct reader *reader, yaml_mark_t mark)
{
    struct config_place place = {reader->where, 0, 0};
    if (reader->places == CONFIG_YAML_LINES) {
        place.line = mark.line + 1;
        place.column = mark.column + 1;
    }
    return place;
}

/* libyaml tells the place of a byte that no text may hold by its offset alone. */
static yaml_mark_t mark_of_offset(const char *text, size_t offset)
{
    yaml_mark_t mark = {.index = offset};
    for (size_t i = 0; i < offset; i++) {
        mark.column = text[i] == '\n' ? 0 : mark.column + 1;
        mark.line += text[i] == '\n';
    }
    return mark;
}

/* The next event, to be deleted; 0 when the text is at fault. */
static int next_event(yaml_event_t *event, struct reader *reader)
{
    if (yaml_parser_parse(&reader->parser, event))
        return 1;
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "out of memory";
    yaml_mark_t mark = parser->error == YAML_READER_ERROR
                           ? mark_of_offset(reader->text, parser->problem_offset)
                           : parser->problem_mark;
    config_faults_add(reader->faults, place_of(reader, mark), "this is no YAML: %s%s%s", problem,
                      parser->context != NULL ? " " : "",
                      parser->context != NULL ? parser->context : "");
    reader->ended = 1;
    return 0;
}

static struct config_yaml *make_node(struct reader *reader, const yaml_event_t *event)
{
    struct config_yaml *node = calloc(1, sizeof *node);
    if (node == NULL)
        return NULL;
    node->place = place_of(reader, event->start_mark);
    node->kind = event->type == YAML_MAPPING_START_EVENT    ? CONFIG_YAML_MAPPING
                 : event->type == YAML_SEQUENCE_START_EVENT ? CONFIG_YAML_LIST
                                                            : CONFIG_YAML_SCALAR;
    if (node->kind != CONFIG_YAML_SCALAR)
        return node;
    if (event->type == YAML_SCALAR_EVENT) {
        size_t length = event->data.scalar.length;
        node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        node->text = calloc(length + 1, 1);
        if (node->text != NULL)
            memcpy(node->text, event->data.scalar.value, length);
    } else { /* an alias: refused, but the reading goes on */
        node->text = calloc(1, 1);
    }
    if (node->text == NULL) {
        free(node);
        return NULL;
    }
    return node;
}

/* Anchors, aliases and tags. */
static void refuse_extras(struct reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    if (event->type == YAML_ALIAS_EVENT)
        config_faults_add(reader->faults, place_of(reader, event->start_mark),
                          "aliases such as '*%.40s' are not supported; write the value again",
                          (const char *)event->data.alias.anchor);
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor != NULL)
        config_faults_add(reader->faults, place_of(reader, event->start_mark),
                          "anchors such as '&%.40s' are not supported; write the value out",
                          (const char *)anchor);
    if (tag != NULL)
        config_faults_add(reader->faults, place_of(reader, event->start_mark),
                          "tags such as '%.40s' are not supported; remove it", (const char *)tag);
}

static enum status append_child(struct config_yaml *parent, struct config_yaml *child)
{
    struct config_yaml **grown =
        array_grow(parent->children, &parent->capacity, parent->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    parent->children = grown;
    grown[parent->count++] = child;
    return OK;
}

static const struct config_yaml *find_earlier(const struct config_yaml *mapping, const char *key)
{
    for (size_t i = 0; i + 1 < mapping->count; i += 2) {
        const struct config_yaml *earlier = mapping->children[i];
        if (earlier->kind == CONFIG_YAML_SCALAR && strcmp(earlier->text, key) == 0)
            return earlier;
    }
    return NULL;
}

/* The last child of a mapping has come, as a key. */
static void check_key(const struct reader *reader, const struct config_yaml *mapping)
{
    struct config_yaml *key = mapping->children[mapping->count - 1];
    const struct config_yaml *earlier = NULL;
    key->is_refused = 1;
    if (key->kind != CONFIG_YAML_SCALAR)
        config_faults_add(reader->faults, key->place, "%s cannot be a key",
                          config_yaml_describe(key));
    else if (key->is_plain && strcmp(key->text, "<<") == 0)
        config_faults_add(reader->faults, key->place,
                          "merge keys ('<<') are not supported; write the values out");
    else if ((earlier = find_earlier(mapping, key->text)) != NULL)
        config_faults_add(reader->faults, key->place,
                          "key '%.60s' is given twice; first on line %zu", key->text,
                          earlier->place.line);
    else
        key->is_refused = 0;
}

/* Depth and number of nodes are bounded, so that neither stack nor time can be spent on a file that
 * is no configuration. */
static int is_too_much(struct reader *reader, const yaml_event_t *event, int depth)
{
    if (depth <= DEPTH_LIMIT && reader->nodes < NODE_LIMIT)
        return 0;
    config_faults_add(reader->faults, place_of(reader, event->start_mark),
                      depth > DEPTH_LIMIT ? "nested more than %d levels deep"
                                          : "more than %d values in one file",
                      depth > DEPTH_LIMIT ? DEPTH_LIMIT : NODE_LIMIT);
    reader->ended = 1;
    return 1;
}

static enum status read_children(struct config_yaml *node, struct reader *reader, int depth);

/* Takes the event over. *out is NULL when reading had to end. */
static enum status read_node(struct config_yaml **out, struct reader *reader, yaml_event_t *event,
                             int depth)
{
    enum status status = OK;
    struct config_yaml *node = NULL;
    *out = NULL;
    if (is_too_much(reader, event, depth))
        goto cleanup;
    reader->nodes++;
    refuse_extras(reader, event);
    node = make_node(reader, event);
    if (node == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    if (node->kind != CONFIG_YAML_SCALAR)
        TRY_GOTO(read_children(node, reader, depth), cleanup);
    *out = node;
    node = NULL;
cleanup:
    yaml_event_delete(event);
    config_yaml_destroy(node);
    return status;
}

static int is_end(const yaml_event_t *event)
{
    return event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT;
}

static enum status read_children(struct config_yaml *node, struct reader *reader, int depth)
{
    yaml_event_t event;
    while (!reader->ended && next_event(&event, reader)) {
        struct config_yaml *child = NULL;
        if (is_end(&event)) {
            yaml_event_delete(&event);
            return OK;
        }
        TRY(read_node(&child, reader, &event, depth + 1));
        if (child != NULL && append_child(node, child) != OK) {
            config_yaml_destroy(child);
            return ERR_MEMORY;
        }
        if (child != NULL && node->kind == CONFIG_YAML_MAPPING && node->count % 2 == 1)
            check_key(reader, node);
    }
    if (node->kind == CONFIG_YAML_MAPPING && node->count % 2 == 1) /* the value never came */
        config_yaml_destroy(node->children[--node->count]);
    return OK;
}

static enum status read_stream(struct config_yaml **out, struct reader *reader)
{
    yaml_event_t event;
    size_t documents = 0;
    while (!reader->ended && next_event(&event, reader)) {
        yaml_event_type_t type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT && ++documents == 2) {
            config_faults_add(reader->faults, place_of(reader, event.start_mark),
                              "a second document begins here; one file holds one configuration");
            reader->ended = 1;
        }
        if (type == YAML_SCALAR_EVENT || type == YAML_ALIAS_EVENT ||
            type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT)
            TRY(read_node(out, reader, &event, 0));
        else
            yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    return OK;
}

enum status config_yaml_read(struct config_yaml **out, struct config_faults *faults,
                             const char *text, size_t size, const char *where,
                             enum config_yaml_places places)
{
    struct reader reader = {.faults = faults, .text = text, .where = where, .places = places};
    *out = NULL;
    if (!yaml_parser_initialize(&reader.parser))
        return FAIL(ERR_MEMORY, "out of memory");
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
    enum status status = read_stream(out, &reader);
    yaml_parser_delete(&reader.parser);
    return status;
}

void config_yaml_destroy(struct config_yaml *node)
{
    if (node == NULL)
        return;
    for (size_t i = 0; i < node->count; i++)
        config_yaml_destroy(node->children[i]);
    free(node->children);
    free(node->text);
    free(node);
}

int config_yaml_is_null(const struct config_yaml *node)
{
    return node->kind == CONFIG_YAML_SCALAR && node->is_plain &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
            strcmp(node->text, "null") == 0);
}

const char *config_yaml_describe(const struct config_yaml *node)
{
    if (node->kind == CONFIG_YAML_LIST)
        return "a list";
    if (node->kind == CONFIG_YAML_MAPPING)
        return "a mapping";
    if (config_yaml_is_null(node))
        return "nothing";
    return node->is_plain ? "a single value" : "a text in quotes";
}
