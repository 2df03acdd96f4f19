/* SPDX-License-Identifier: Apache-2.0
 *
 * Finished cases that wait until they are due: a few records by number. */
#pragma once

#include "case_record.h"
#include "error.h"

#include <stdint.h>

struct case_shelf;

enum status case_shelf_create(struct case_shelf **out, int64_t places);
void case_shelf_destroy(struct case_shelf *shelf);

/* Takes the record over. There must be a place free. */
void case_shelf_put(struct case_shelf *shelf, int64_t number, struct case_record *record);

/* The caller's from now on; NULL when it is not there. */
struct case_record *case_shelf_take(struct case_shelf *shelf, int64_t number);
