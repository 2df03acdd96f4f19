/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_check.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

enum {
    OBJECTS = 4096,
    LINKS = 512, /* of one group: finding the n-th costs as much as there are */
    DEPTH = 8,   /* The Well's files have 3 */
    RANK = 5,
    DEFLATE_RATIO = 1032, /* what deflate shrinks at best */
    SLACK = 1 << 20       /* bytes that may be declared and never stored */
};

/* What libhdf5 itself undoes, with zlib at most: numbers as registered with the HDF Group. */
static const struct {
    int number;
    const char *name;
} filters[] = {{1, "deflate"},   {2, "shuffle"},        {3, "fletcher32"}, {4, "szip"},
               {5, "nbit"},      {6, "scaleoffset"},    {32000, "lzf"},    {32001, "blosc"},
               {32004, "lz4"},   {32008, "bitshuffle"}, {32013, "zfp"},    {32015, "zstd"},
               {32026, "blosc2"}};

enum { FILTERS = (int)(sizeof filters / sizeof filters[0]), FILTERS_READ = 3 };

/* ---- rules ---- */

static enum status check_link(const struct h5file_survey_object *object)
{
    if (object->kind == H5FILE_SURVEY_SOFT_LINK)
        return FAIL(ERR_DATA, "%s is a soft link, which is not followed", object->path);
    if (object->kind == H5FILE_SURVEY_EXTERNAL_LINK)
        return FAIL(ERR_DATA, "%s is a link to another file, which is not followed", object->path);
    if (object->kind == H5FILE_SURVEY_OTHER_LINK)
        return FAIL(ERR_DATA, "%s is a link of an unknown kind, which is not followed",
                    object->path);
    return OK;
}

static enum status check_extent(const struct foreign_check *check,
                                const struct h5file_survey_object *object)
{
    if (check->count >= OBJECTS)
        return FAIL(ERR_DATA, "it has more than %d objects", OBJECTS);
    if (object->depth > DEPTH)
        return FAIL(ERR_DATA, "%s is nested more than %d groups deep", object->path, DEPTH);
    if (object->kind == H5FILE_SURVEY_GROUP && object->links > LINKS)
        return FAIL(ERR_DATA, "%s has %lld links, more than %d", object->path,
                    (long long)object->links, LINKS);
    return OK;
}

/* A group that is reached twice may contain itself. (Arrays may have two names.) */
static enum status check_cycle(const struct foreign_check *check,
                               const struct h5file_survey_object *object)
{
    for (size_t i = 0; object->kind == H5FILE_SURVEY_GROUP && i < check->count; i++)
        if (check->objects[i].address == object->address)
            return FAIL(ERR_DATA, "%s is the group %s once more: groups in a circle are not read",
                        object->path, check->objects[i].path);
    return OK;
}

static enum status check_storage(const struct h5file_survey_object *object)
{
    if (object->external > 0)
        return FAIL(ERR_DATA, "%s keeps its values in %d other files, which are not read",
                    object->path, object->external);
    if (object->storage == H5FILE_SURVEY_VIRTUAL)
        return FAIL(ERR_DATA,
                    "%s is a virtual array, whose values stand elsewhere; that is not "
                    "read",
                    object->path);
    if (object->storage == H5FILE_SURVEY_OTHER_STORAGE)
        return FAIL(ERR_DATA, "%s is stored in an unknown way", object->path);
    return OK;
}

static enum status check_filters(const struct h5file_survey_object *object)
{
    if (object->filter_count > H5FILE_SURVEY_FILTERS)
        return FAIL(ERR_DATA, "%s has %d filters, more than %d", object->path, object->filter_count,
                    H5FILE_SURVEY_FILTERS);
    for (int i = 0; i < object->filter_count; i++) {
        int known = 0;
        while (known < FILTERS && filters[known].number != object->filters[i])
            known++;
        if (known >= FILTERS_READ)
            return FAIL(ERR_DATA,
                        "%s is packed with filter %d (%s); deflate, shuffle and fletcher32 are "
                        "read, so repack it with: h5repack -f GZIP=4",
                        object->path, object->filters[i],
                        known < FILTERS ? filters[known].name : "unknown");
    }
    return OK;
}

static enum status check_size(const struct foreign_check *check,
                              const struct h5file_survey_object *object)
{
    int64_t limit = check->file_bytes;
    if (object->storage == H5FILE_SURVEY_CHUNKED)
        limit = (limit < INT64_MAX / 2 / DEFLATE_RATIO ? limit * DEFLATE_RATIO : limit) + SLACK;
    if (object->rank > RANK && object->numbers)
        return FAIL(ERR_DATA, "%s has %d dimensions, more than %d", object->path, object->rank,
                    RANK);
    if (object->bytes > limit)
        return FAIL(ERR_DATA,
                    "%s is declared with %lld bytes, which a file of %lld bytes cannot "
                    "hold",
                    object->path, (long long)object->bytes, (long long)check->file_bytes);
    if (object->chunk_bytes > check->memory)
        return FAIL(ERR_DATA,
                    "%s has chunks of %lld bytes, %lld are allowed; allow more with --memory",
                    object->path, (long long)object->chunk_bytes, (long long)check->memory);
    return OK;
}

/* ---- the file ---- */

static enum status keep(struct foreign_check *check, const struct h5file_survey_object *object)
{
    struct h5file_survey_object *grown =
        array_grow(check->objects, &check->capacity, check->count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    check->objects = grown;
    grown[check->count++] = *object;
    return OK;
}

static enum status visit(void *context, const struct h5file_survey_object *object)
{
    struct foreign_check *check = context;
    TRY(check_link(object));
    TRY(check_extent(check, object));
    TRY(check_cycle(check, object));
    if (object->kind == H5FILE_SURVEY_ARRAY) {
        TRY(check_storage(object));
        TRY(check_filters(object));
        TRY(check_size(check, object));
    }
    return keep(check, object);
}

enum status foreign_check_file(struct foreign_check *out, struct h5file *file, int64_t file_bytes,
                               int64_t memory)
{
    *out = (struct foreign_check){.file_bytes = file_bytes, .memory = memory};
    TRY(h5file_survey_run(file, visit, out));
    return OK;
}

void foreign_check_fini(struct foreign_check *check)
{
    free(check->objects);
    check->objects = NULL;
    check->count = 0;
}

const struct h5file_survey_object *foreign_check_find(const struct foreign_check *check,
                                                      const char *path)
{
    for (size_t i = 0; i < check->count; i++)
        if (strcmp(check->objects[i].path, path) == 0)
            return &check->objects[i];
    return NULL;
}
