/* SPDX-License-Identifier: Apache-2.0 */
#include "temporary_folder.h"

#include "array.h"
#include "atomic_file.h"

enum { LIMIT = 1 << 26 };

char temporary_folder[PATH_SIZE];

void temporary_folder_create(void)
{
    const char *root = getenv("TMPDIR");
    (void)snprintf(temporary_folder, sizeof temporary_folder, "%s/wakecast-test-XXXXXX",
                   root != NULL ? root : "/tmp");
    cr_assert_not_null(mkdtemp(temporary_folder));
}

void temporary_folder_remove(void)
{
    cr_assert_eq(path_remove(temporary_folder), OK);
}

const char *temporary_folder_path(const char *name)
{
    static char paths[4][PATH_SIZE];
    static int turn;
    char *path = paths[turn++ % 4];
    cr_assert_eq(path_join(path, PATH_SIZE, temporary_folder, name), OK);
    return path;
}

void temporary_folder_write(const char *name, const char *text)
{
    char path[PATH_SIZE];
    cr_assert_eq(path_join(path, sizeof path, temporary_folder, name), OK);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
}

unsigned char *temporary_folder_read(const char *name, size_t *size)
{
    char path[PATH_SIZE];
    unsigned char *bytes = NULL;
    size_t found = 0;
    cr_assert_eq(path_join(path, sizeof path, temporary_folder, name), OK);
    cr_assert_eq(atomic_file_read(&bytes, &found, path, LIMIT), OK, "%s", error_message());
    if (size != NULL)
        *size = found;
    return bytes;
}

void temporary_folder_assert_same(const char *first, const char *second)
{
    size_t first_size = 0, second_size = 0;
    unsigned char *one = temporary_folder_read(first, &first_size);
    unsigned char *two = temporary_folder_read(second, &second_size);
    cr_assert_eq(first_size, second_size, "%s has %zu bytes, %s %zu", first, first_size, second,
                 second_size);
    cr_assert_arr_eq(one, two, first_size, "%s and %s differ", first, second);
    array_free(one);
    array_free(two);
}
