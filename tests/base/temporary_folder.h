/* SPDX-License-Identifier: Apache-2.0
 *
 * A folder of its own for one test, and files in it. For tests only. */
#pragma once

#include "path.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static char temporary_folder[PATH_SIZE];

static inline void temporary_folder_create(void)
{
    const char *root = getenv("TMPDIR");
    (void)snprintf(temporary_folder, sizeof temporary_folder, "%s/wakecast-test-XXXXXX",
                   root != NULL ? root : "/tmp");
    cr_assert_not_null(mkdtemp(temporary_folder));
}

static inline void temporary_folder_remove(void)
{
    cr_assert_eq(path_remove(temporary_folder), OK);
}

/* The path of `name` in the folder; overwritten by the fourth call after. */
static inline const char *temporary_folder_path(const char *name)
{
    static char paths[4][PATH_SIZE];
    static int turn;
    char *path = paths[turn++ % 4];
    cr_assert_eq(path_join(path, PATH_SIZE, temporary_folder, name), OK);
    return path;
}

static inline void temporary_folder_write(const char *name, const char *text)
{
    FILE *file = fopen(temporary_folder_path(name), "w");
    cr_assert_not_null(file);
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
}
