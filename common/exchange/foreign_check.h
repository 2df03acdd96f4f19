/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether an HDF5 file that we did not write may be read at all, and what stands in it. Refused by
 * name: links to elsewhere, values kept in other files, virtual arrays, filters that this program
 * does not bring along, groups that contain themselves, sizes that no file of that length can hold
 * or that the memory allowed does not take. Reads no value. To be called where a crash of libhdf5
 * harms nobody: in the process that foreign_worker.h is about. */
#pragma once

#include "error.h"
#include "h5file_survey.h"

#include <stddef.h>
#include <stdint.h>

struct foreign_check {
    struct h5file_survey_object *objects;
    size_t count, capacity;
    int64_t file_bytes, memory;
};

/* ERR_DATA names the object and why it is refused. `file_bytes`: length of the file; `memory`:
 * bytes that reading may take. Fini in any case. */
enum status foreign_check_file(struct foreign_check *out, struct h5file *file, int64_t file_bytes,
                               int64_t memory);
void foreign_check_fini(struct foreign_check *check);

/* The object at `path`, NULL when there is none. Borrowed. */
const struct h5file_survey_object *foreign_check_find(const struct foreign_check *check,
                                                      const char *path);
