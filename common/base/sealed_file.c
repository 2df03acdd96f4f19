/* SPDX-License-Identifier: Apache-2.0 */
#include "sealed_file.h"

#include "array.h"
#include "atomic_file.h"
#include "digest.h"

#include <stdio.h>
#include <string.h>

/* Title, digest and its line feed. */
static size_t head_size(const char *title)
{
    return strlen(title) + DIGEST_SIZE;
}

enum status sealed_file_write(const char *path, const char *title, const struct sealed_part *parts,
                              size_t count)
{
    enum status status = OK;
    char digest[DIGEST_SIZE];
    unsigned char *image = NULL;
    size_t head = head_size(title), size = head;
    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    TRY_GOTO(ARRAY_NEW(image, size), cleanup);
    for (size_t i = 0, at = head; i < count; at += parts[i++].size)
        if (parts[i].size > 0)
            memcpy(image + at, parts[i].data, parts[i].size);
    TRY_GOTO(digest_bytes(digest, image + head, size - head), cleanup);
    snprintf((char *)image, head, "%s%s", title, digest);
    image[head - 1] = '\n';
    TRY_GOTO(atomic_file_write(path, image, size), cleanup);
cleanup:
    array_free(image);
    return status;
}

enum status sealed_file_open(const unsigned char **parts, size_t *left, const unsigned char *image,
                             size_t size, const char *title, const char *what, const char *path)
{
    char digest[DIGEST_SIZE];
    size_t head = head_size(title), length = strlen(title);
    if (size < head || memcmp(image, title, length) != 0)
        return FAIL(ERR_DATA, "'%s' is no %s", path, what);
    TRY(digest_bytes(digest, image + head, size - head));
    if (memcmp(image + length, digest, DIGEST_SIZE - 1) != 0)
        return FAIL(ERR_DATA, "'%s' is damaged: its SHA-256 is not the one it names", path);
    *parts = image + head;
    *left = size - head;
    return OK;
}
