/* SPDX-License-Identifier: Apache-2.0
 *
 * A case record as bytes, start states included, and back: for handing it to another process of
 * the same program on the same kind of machine. Not a file format (docs/dataset.md has that). */
#pragma once

#include "case_record.h"
#include "error.h"

#include <stddef.h>

/* Free with array_free. Of a case that failed, the frames are left out. */
enum status case_record_bytes_write(unsigned char **out, size_t *size,
                                    const struct case_record *record);

/* ERR_INTERNAL when the bytes are not such a record. */
enum status case_record_bytes_read(struct case_record **out, const unsigned char *bytes,
                                   size_t size);
