/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in an HDF5 file, link by link, without following a link to anywhere else and without
 * reading a value: enough to refuse a file before anything in it is trusted. Judges nothing. */
#pragma once

#include "error.h"
#include "h5file.h"

#include <stdint.h>

enum { H5FILE_SURVEY_PATH = 256, H5FILE_SURVEY_FILTERS = 8 };

/* What a link leads to. */
enum h5file_survey_kind {
    H5FILE_SURVEY_GROUP,
    H5FILE_SURVEY_ARRAY,
    H5FILE_SURVEY_TYPE, /* a named type */
    H5FILE_SURVEY_SOFT_LINK,
    H5FILE_SURVEY_EXTERNAL_LINK,
    H5FILE_SURVEY_OTHER_LINK
};

enum h5file_survey_storage {
    H5FILE_SURVEY_COMPACT,
    H5FILE_SURVEY_CONTIGUOUS,
    H5FILE_SURVEY_CHUNKED,
    H5FILE_SURVEY_VIRTUAL,
    H5FILE_SURVEY_OTHER_STORAGE
};

struct h5file_survey_object {
    char path[H5FILE_SURVEY_PATH];
    enum h5file_survey_kind kind;
    int depth;        /* 1: below the root */
    uint64_t address; /* the same for two links to one object; 0 where it is elsewhere */
    int64_t links;    /* in a group */
    /* of an array; nothing behind `external` is known when it is virtual or external */
    enum h5file_survey_storage storage;
    int external; /* files that hold its values */
    int rank;
    int64_t dims[H5FILE_RANK]; /* the first ones where there are more */
    int numbers;               /* 1: integers, reals or booleans */
    int64_t bytes;             /* as declared; INT64_MAX: that or more */
    int64_t chunk_bytes;       /* 0: not chunked */
    int filter_count;
    int filters[H5FILE_SURVEY_FILTERS]; /* numbers as registered with the HDF Group */
};

/* Called for each link before what is below it is looked at; a failure ends the survey. It must not
 * call into h5file. */
typedef enum status (*h5file_survey_fn)(void *context, const struct h5file_survey_object *object);

/* All links below the root, groups before what they hold. ERR_DATA where the file is damaged, a
 * path longer than H5FILE_SURVEY_PATH - 1 bytes. */
enum status h5file_survey_run(struct h5file *file, h5file_survey_fn visit, void *context);
