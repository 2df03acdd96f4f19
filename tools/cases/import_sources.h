/* SPDX-License-Identifier: Apache-2.0
 *
 * The files that an import is asked to read: named one by one, or all HDF5 files of a folder, with
 * the split that a folder's name says. Opens none of them but for their SHA-256. */
#pragma once

#include "digest.h"
#include "error.h"
#include "path.h"
#include "split.h"
#include "stop.h"

#include <stddef.h>
#include <stdint.h>

struct import_source {
    char path[PATH_SIZE];
    char sha256[DIGEST_SIZE];
    enum split split;     /* by the folder: train, valid, test */
    int split_known;      /* 0: the folder's name says nothing */
    int64_t trajectories; /* 0: refused */
    int64_t first_case;
    char reason[1024]; /* why it is refused, else "" */
};

struct import_sources {
    struct import_source *items;
    size_t count, capacity;
};

/* Adds a file, or the *.h5 and *.hdf5 of a folder and of its sub-folders train, valid and test, in
 * the order of their names. ERR_DATA for a missing path, a folder without such files, and a dataset
 * of ours. */
enum status import_sources_add(struct import_sources *sources, const char *path);
void import_sources_fini(struct import_sources *sources);

/* ERR_USAGE where the output folder, which need not exist, lies inside the source `path`. */
enum status import_sources_check_output(const char *path, const char *output);

/* Sets the SHA-256; ERR_DATA when it cannot be read or is no plain file (whose reading might never
 * end); ERR_STOPPED. */
enum status import_sources_digest(struct import_source *source, const struct stop *stop);
