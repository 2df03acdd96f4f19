/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics_lines.h"

#include "array.h"
#include "atomic_file.h"
#include "path.h"

#include <string.h>

enum status metrics_lines_read(const char *folder, metrics_lines_fn each, void *context)
{
    enum status status = OK;
    char path[PATH_SIZE];
    unsigned char *text = NULL;
    struct json *line = NULL;
    size_t size;
    TRY(path_join(path, sizeof path, folder, "metrics.jsonl"));
    TRY(atomic_file_read(&text, &size, path, (size_t)1 << 30));
    for (char *start = (char *)text; *start != '\0';) {
        size_t length = strcspn(start, "\n");
        if (length > 0)
            TRY_GOTO(json_read(&line, start, length, path), cleanup);
        if (length > 0)
            TRY_GOTO(each(context, line), cleanup);
        json_destroy(line);
        line = NULL;
        start += length + (start[length] == '\n');
    }
cleanup:
    json_destroy(line);
    array_free(text);
    return status;
}

const char *metrics_lines_number(double *value, const struct json *line, int index)
{
    struct json_member member = {0};
    while (json_next(&member, line)) {
        enum json_kind kind = json_kind(member.value);
        if (strcmp(member.key, "step") == 0 ||
            (kind != JSON_KIND_NULL && kind != JSON_KIND_REAL && kind != JSON_KIND_INTEGER))
            continue;
        if (index-- == 0)
            return json_as_real_or_null(value, member.value) == OK ? member.key : NULL;
    }
    return NULL;
}

enum status metrics_lines_kind(const char **kind, int64_t *step, const struct json *line,
                               const char *otherwise)
{
    *kind = otherwise;
    TRY(json_get_integer(step, line, "step"));
    if (json_find(line, "kind") != NULL)
        TRY(json_get_text(kind, line, "kind"));
    return OK;
}
