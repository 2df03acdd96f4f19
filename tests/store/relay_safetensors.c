/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads a safetensors file and writes what it read into another: relay_safetensors IN OUT. So that
 * other people's library can be asked whether both directions agree with it. */
#include "safetensors.h"

#include <stdio.h>

static enum status relay(struct safetensors_writer *writer, const struct safetensors *file,
                         const char *path)
{
    const char *config = safetensors_metadata(file, "config");
    for (int64_t i = 0; i < safetensors_count(file); i++) {
        const struct safetensors_tensor *tensor = safetensors_at(file, i);
        TRY(safetensors_writer_add(writer, tensor->name, tensor->type, tensor->dims, tensor->rank,
                                   tensor->data));
    }
    if (config != NULL)
        TRY(safetensors_writer_add_metadata(writer, "config", config));
    return safetensors_writer_save(writer, path);
}

int main(int count, char **arguments)
{
    enum status status = OK;
    struct safetensors *file = NULL;
    struct safetensors_writer *writer = NULL;
    if (count != 3) {
        fprintf(stderr, "usage: relay_safetensors IN OUT\n");
        return ERR_USAGE;
    }
    TRY_GOTO(safetensors_open(&file, arguments[1]), cleanup);
    TRY_GOTO(safetensors_writer_create(&writer), cleanup);
    TRY_GOTO(relay(writer, file, arguments[2]), cleanup);
cleanup:
    if (status != OK)
        fprintf(stderr, "%s\n%s", error_message(), error_trace_text());
    safetensors_writer_destroy(writer);
    safetensors_close(file);
    return (int)status;
}
