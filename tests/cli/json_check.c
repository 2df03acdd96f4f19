/* SPDX-License-Identifier: Apache-2.0
 *
 * For the command-line tests: is stdin one JSON value and nothing else? With a dotted key
 * ("splits.train", "rows.0.name") prints its value. */
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char text[1 << 24];

static const struct json *step_into(const struct json *value, const char *key)
{
    if (json_kind(value) == JSON_KIND_ARRAY)
        return json_at(value, strtoul(key, NULL, 10));
    return json_kind(value) == JSON_KIND_OBJECT ? json_find(value, key) : NULL;
}

int main(int argc, char **argv)
{
    struct json *root = NULL;
    size_t size = fread(text, 1, sizeof text, stdin);
    if (json_read(&root, text, size, "stdin") != OK) {
        fprintf(stderr, "%s\n", error_message());
        return 1;
    }
    const struct json *value = root;
    char key[256];
    snprintf(key, sizeof key, "%s", argc > 1 ? argv[1] : "");
    for (char *part = strtok(key, "."); part != NULL && value != NULL; part = strtok(NULL, "."))
        value = step_into(value, part);
    char *words = NULL;
    int good = value != NULL && json_write(&words, value, JSON_FORM_COMPACT) == OK;
    if (good && argc > 1)
        puts(words);
    free(words);
    json_destroy(root);
    return good ? 0 : 1;
}
