/* SPDX-License-Identifier: Apache-2.0
 *
 * A folder of its own for one test, and files in it: TestSuite(..., .init =
 * temporary_folder_create, .fini = temporary_folder_remove). What goes wrong fails the test. */
#pragma once

#include "path.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

extern char temporary_folder[PATH_SIZE];

void temporary_folder_create(void);
void temporary_folder_remove(void);

/* The path of `name` in the folder; overwritten by the fourth call after, and by no other. */
const char *temporary_folder_path(const char *name);

void temporary_folder_write(const char *name, const char *text);

/* All bytes of a file of the folder and a zero behind them; free with array_free. `size` may be
 * NULL. */
unsigned char *temporary_folder_read(const char *name, size_t *size);

/* Do two files of the folder, or of the tree below it, have the same bytes? */
void temporary_folder_assert_same(const char *first, const char *second);
