/* SPDX-License-Identifier: Apache-2.0 */
#include "plain_file.h"

#include "retry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

static enum status find_size(size_t *out, int file, const char *path)
{
    struct stat facts;
    if (fstat(file, &facts) != 0)
        return FAIL(ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    if (S_ISDIR(facts.st_mode))
        return FAIL(ERR_DATA, "cannot read '%s': it is a folder", path);
    if (!S_ISREG(facts.st_mode))
        return FAIL(ERR_DATA, "cannot read '%s': it is not a plain file", path);
    *out = (size_t)facts.st_size;
    return OK;
}

enum status plain_file_open(int *out, size_t *size, const char *path)
{
    /* without O_NONBLOCK, opening a named pipe would wait for a writer */
    int file = retry_open(path, O_RDONLY | O_NONBLOCK);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return FAIL(ERR_DATA, "'%s' does not exist", path);
    if (file < 0)
        return FAIL(ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    enum status status = find_size(size, file, path);
    if (status == OK)
        *out = file;
    else
        plain_file_close(file);
    return status;
}

enum status plain_file_read(void *data, size_t size, int file, const char *path)
{
    ssize_t got = retry_read(file, data, size);
    if (got < 0)
        return FAIL(ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    if ((size_t)got < size)
        return FAIL(ERR_DATA, "'%s' has become shorter while it was read", path);
    return OK;
}

void plain_file_close(int file)
{
    if (file >= 0)
        (void)retry_close(file);
}
