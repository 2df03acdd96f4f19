/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_writer.h"

#include "array.h"
#include "atomic_file.h"
#include "dataset_digest.h"
#include "dataset_folder.h"
#include "dataset_layout.h"
#include "dataset_resume.h"
#include "dataset_starts.h"
#include "folder_lock.h"
#include "manifest.h"
#include "path.h"
#include "shard_writer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHARD_BYTES = 64 << 20 };

struct dataset_writer {
    char folder[PATH_SIZE];
    struct dataset_layout layout;
    struct folder_lock *lock;
    struct manifest *manifest;  /* cases of the shard being made included */
    struct shard_writer *shard; /* NULL between shards */
    float *rounded;             /* frames of a case, [frames][FRAME_FIELDS][nx][ny]; or NULL */
    int64_t capacity;           /* cases per shard */
    int reopened;  /* 1: `shard` goes on with the manifest's last one, which is not full */
    size_t stored; /* cases that the manifest on disk lists, or may list */
    enum dataset_existing existing;
    int made_folder;
};

/* ---- options ---- */

static enum status copy_text(char *out, size_t size, const char *text, const char *what)
{
    if (text == NULL || strlen(text) >= size)
        return FAIL(ERR_INTERNAL, "the dataset's %s is missing or longer than %zu bytes", what,
                    size - 1);
    memcpy(out, text, strlen(text) + 1);
    return OK;
}

static enum status check_options(const struct dataset_writer_options *options)
{
    if (options->folder == NULL || options->folder[0] == '\0')
        return FAIL(ERR_USAGE, "a dataset needs a folder");
    if (options->name == NULL || !manifest_name_is_valid(options->name))
        return FAIL(ERR_CONFIG,
                    "'%s' is no name for a dataset: letters, digits, '_', '.', '-', at most 100",
                    options->name != NULL ? options->name : "");
    if (options->nx < 1 || options->ny < 1 || options->frames < 1 || options->frame_interval < 1 ||
        options->refine < 1 || options->cases < 0 || options->shard_bytes < 0)
        return FAIL(ERR_INTERNAL, "a dataset of %lld cases of %lld frames of %lld x %lld cells",
                    (long long)options->cases, (long long)options->frames, (long long)options->nx,
                    (long long)options->ny);
    return OK;
}

static enum status fill_manifest(struct manifest *manifest,
                                 const struct dataset_writer_options *options)
{
    TRY(copy_text(manifest->name, sizeof manifest->name, options->name, "name"));
    TRY(copy_text(manifest->version, sizeof manifest->version, options->version, "version"));
    TRY(copy_text(manifest->edge, sizeof manifest->edge, options->edge, "edge"));
    manifest->config = strdup(options->config != NULL ? options->config : "");
    if (manifest->config == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    manifest->seed = options->seed;
    manifest->part = options->part.count > 0 ? options->part : dataset_part_none(options->cases);
    manifest->planned = dataset_part_cases(&manifest->part);
    manifest->nx = options->nx;
    manifest->ny = options->ny;
    manifest->frames = options->frames;
    manifest->frame_interval = options->frame_interval;
    manifest->refine = options->refine;
    manifest->shard_bytes = options->shard_bytes > 0 ? options->shard_bytes : SHARD_BYTES;
    manifest->storage = options->storage;
    return OK;
}

/* The manifest as it is in memory. Not into a folder that was emptied or replaced under us: there
 * it would list files that are gone. */
static enum status write_manifest(struct dataset_writer *writer)
{
    const size_t cases = writer->manifest->case_count;
    TRY(folder_lock_check(writer->lock));
    if (writer->stored < cases)
        writer->stored = cases; /* what fails now may fail behind the renaming */
    TRY(manifest_write(writer->manifest, writer->folder));
    writer->stored = cases;
    return OK;
}

/* ---- what stands there already ---- */

/* Goes on with what an earlier run left, if it left something. */
static enum status take_over(struct dataset_writer *writer)
{
    struct manifest *old = NULL;
    TRY(dataset_resume_read(&old, writer->manifest, writer->folder));
    if (old == NULL)
        return OK;
    manifest_destroy(writer->manifest);
    writer->manifest = old;
    writer->stored = old->case_count; /* whatever fails now, their start states are kept */
    TRY(dataset_resume_reopen(&writer->shard, old, writer->folder));
    writer->reopened = writer->shard != NULL;
    return OK;
}

/* Under the lock: settles what is kept, and removes what is not. */
static enum status prepare(struct dataset_writer *writer)
{
    char old_name[MANIFEST_NAME] = "";
    if (writer->existing == DATASET_REFUSE)
        TRY(dataset_folder_refuse_full(writer->folder));
    if (writer->existing == DATASET_RESUME)
        TRY(take_over(writer));
    if (writer->existing == DATASET_REPLACE) {
        dataset_resume_name(old_name, writer->folder);
        TRY(dataset_folder_check(writer->folder, writer->manifest->name, old_name));
    }
    /* the manifest first: a crash behind it leaves files that no manifest lists, never the reverse
     */
    if (!writer->manifest->complete)
        TRY(write_manifest(writer));
    writer->stored = writer->manifest->case_count;
    return dataset_folder_clean(writer->folder, writer->manifest, old_name);
}

/* ---- life ---- */

static enum status open_folder(struct dataset_writer *writer)
{
    char lock[PATH_SIZE];
    const char *folder = writer->folder;
    enum path_kind found;
    TRY(path_find(&found, folder));
    if (found == PATH_OTHER)
        return FAIL(ERR_USAGE, "the output '%s' exists and is no folder", folder);
    TRY(path_join(lock, sizeof lock, folder, FOLDER_LOCK_FILE));
    if (writer->existing == DATASET_REFUSE && found == PATH_FOLDER && !path_exists(lock))
        TRY(dataset_folder_refuse_full(folder)); /* without leaving a trace in it */
    writer->made_folder = found == PATH_NOTHING;
    TRY(path_make_folder(folder));
    return folder_lock_take(&writer->lock, folder);
}

enum status dataset_writer_create(struct dataset_writer **out,
                                  const struct dataset_writer_options *options)
{
    enum status status = OK;
    struct dataset_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    TRY_GOTO(check_options(options), cleanup);
    TRY_GOTO(copy_text(writer->folder, sizeof writer->folder, options->folder, "folder"), cleanup);
    writer->existing = options->existing;
    TRY_GOTO(manifest_create(&writer->manifest), cleanup);
    TRY_GOTO(fill_manifest(writer->manifest, options), cleanup);
    manifest_layout(&writer->layout, writer->manifest);
    if (writer->layout.storage == STORAGE_ROUNDED)
        TRY_GOTO(ARRAY_NEW(writer->rounded, writer->layout.frames * FRAME_FIELDS *
                                                dataset_layout_cells(&writer->layout)),
                 cleanup);
    writer->capacity = dataset_layout_capacity(&writer->layout, writer->manifest->shard_bytes);
    TRY_GOTO(open_folder(writer), cleanup);
    TRY_GOTO(prepare(writer), cleanup);
    *out = writer;
    writer = NULL;
cleanup:
    dataset_writer_destroy(writer);
    return status;
}

/* Start states of cases whose shard was never written. */
static void remove_unlisted_starts(struct dataset_writer *writer)
{
    char name[MANIFEST_PATH], path[PATH_SIZE];
    for (size_t i = writer->stored; i < writer->manifest->case_count; i++) {
        if (writer->manifest->cases[i].facts.start_count == 0)
            continue;
        manifest_starts_name(name, writer->manifest->name, writer->manifest->cases[i].facts.index);
        if (path_join(path, sizeof path, writer->folder, name) == OK)
            (void)unlink(path);
    }
    if (path_join(path, sizeof path, writer->folder, MANIFEST_STARTS_FOLDER) == OK)
        path_remove_empty(path);
}

void dataset_writer_destroy(struct dataset_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->lock != NULL)
        remove_unlisted_starts(writer);
    folder_lock_release(writer->lock);
    if (writer->made_folder)
        path_remove_empty(writer->folder);
    shard_writer_destroy(writer->shard);
    array_free(writer->rounded);
    manifest_destroy(writer->manifest);
    free(writer);
}

int64_t dataset_writer_next(const struct dataset_writer *writer)
{
    return writer->manifest->part.first + (int64_t)writer->manifest->case_count;
}

/* ---- writing ---- */

/* Notes what the manifest says of a file of the dataset, all but the content digest. */
static enum status describe_file(struct manifest_file *out, char path[PATH_SIZE],
                                 const struct dataset_writer *writer, const char *name,
                                 const unsigned char *image, size_t size)
{
    TRY(path_join(path, PATH_SIZE, writer->folder, name));
    TRY(digest_bytes(out->sha256, image, size));
    out->bytes = (int64_t)size;
    return OK;
}

static enum status write_starts(struct manifest_case *entry, const struct dataset_writer *writer,
                                const struct case_record *record)
{
    enum status status = OK;
    char name[MANIFEST_PATH], folder[PATH_SIZE], path[PATH_SIZE];
    unsigned char *image = NULL;
    size_t size = 0;
    if (record->start_count == 0)
        return OK;
    manifest_starts_name(name, writer->manifest->name, entry->facts.index);
    TRY_GOTO(path_join(folder, sizeof folder, writer->folder, MANIFEST_STARTS_FOLDER), cleanup);
    TRY_GOTO(path_make_one(folder), cleanup); /* the dataset's own is there or was taken away */
    TRY_GOTO(dataset_starts_encode(&image, &size, record), cleanup);
    TRY_GOTO(describe_file(&entry->starts, path, writer, name, image, size), cleanup);
    TRY_GOTO(atomic_file_write(path, image, size), cleanup);
    TRY_GOTO(dataset_digest_starts(entry->starts.content, record), cleanup);
    entry->facts.start_count = record->start_count;
cleanup:
    array_free(image);
    return status;
}

/* Number of the shard being made. */
static int64_t shard_number(const struct dataset_writer *writer)
{
    return (int64_t)writer->manifest->shard_count - writer->reopened;
}

/* A manifest without the shard that is about to be replaced and without its cases: whatever happens
 * before the next one is written, no manifest lists a file that is another. */
static enum status unlist_reopened(struct dataset_writer *writer)
{
    struct manifest *manifest = writer->manifest;
    const size_t cases = manifest->case_count;
    const int64_t number = shard_number(writer);
    size_t kept = 0;
    while (kept < cases && manifest->cases[kept].facts.shard < number)
        kept++;
    manifest_truncate(manifest, (size_t)number, kept);
    enum status status = write_manifest(writer);
    manifest->case_count = cases;
    TRY(status);
    writer->reopened = 0;
    return OK;
}

/* The image of the shard that is being made, which ends; free with array_free. */
static enum status finish_shard(unsigned char **image, size_t *size, struct dataset_writer *writer)
{
    const char **families = NULL;
    size_t family_count = 0;
    TRY(manifest_families(&families, &family_count, writer->manifest));
    enum status status = shard_writer_finish(image, size, writer->shard, families, family_count);
    free(families);
    shard_writer_destroy(writer->shard);
    writer->shard = NULL;
    return status;
}

/* Everything that needs room is done before anything that stands there changes. */
static enum status store_shard(struct dataset_writer *writer, const struct manifest_shard *entry,
                               const char *path, const unsigned char *image, size_t size)
{
    enum status status = OK;
    char temporary[PATH_SIZE];
    TRY(atomic_file_stage(temporary, sizeof temporary, path, image, size));
    if (writer->reopened)
        TRY_GOTO(unlist_reopened(writer), cleanup);
    TRY_GOTO(atomic_file_commit(temporary, path), cleanup);
    TRY_GOTO(manifest_add_shard(writer->manifest, entry), cleanup);
    TRY_GOTO(write_manifest(writer), cleanup);
cleanup:
    if (status != OK)
        atomic_file_abandon(temporary);
    return status;
}

static enum status write_shard(struct dataset_writer *writer)
{
    enum status status = OK;
    const int64_t number = shard_number(writer);
    struct manifest_shard entry = {.cases = shard_writer_count(writer->shard)};
    char name[MANIFEST_PATH], path[PATH_SIZE];
    unsigned char *image = NULL;
    size_t size = 0;
    TRY_GOTO(finish_shard(&image, &size, writer), cleanup);
    manifest_shard_name(name, writer->manifest->name, number);
    TRY_GOTO(manifest_shard_content(entry.file.content, writer->manifest, number), cleanup);
    TRY_GOTO(describe_file(&entry.file, path, writer, name, image, size), cleanup);
    TRY_GOTO(store_shard(writer, &entry, path, image, size), cleanup);
cleanup:
    array_free(image);
    return status;
}

/* `record` as it is to be stored: it borrows what it shares, and the writer's frames. */
static struct case_record as_stored(const struct dataset_writer *writer,
                                    const struct case_record *record)
{
    struct case_record stored = *record;
    if (writer->rounded == NULL || record->frames != writer->layout.frames)
        return stored; /* another number of frames is refused further down */
    storage_round(writer->rounded, record->values, record->frames, &record->flow);
    stored.values = writer->rounded;
    return stored;
}

static enum status append_finished(struct dataset_writer *writer, struct manifest_case *entry,
                                   const struct case_record *given)
{
    const struct case_record stored = as_stored(writer, given), *record = &stored;
    int64_t shape = 0;
    if (record->flow.index != entry->facts.index)
        return FAIL(ERR_INTERNAL, "case %lld was appended where case %lld is due",
                    (long long)record->flow.index, (long long)entry->facts.index);
    if (writer->shard == NULL)
        TRY(shard_writer_create(&writer->shard, &writer->layout, writer->capacity));
    entry->facts.shard = shard_number(writer);
    entry->facts.position = shard_writer_count(writer->shard);
    TRY(dataset_digest_record(entry->content, record));
    TRY(write_starts(entry, writer, record));
    TRY(manifest_add_case(writer->manifest, entry));
    TRY(manifest_find_family(&shape, writer->manifest, entry->facts.family));
    TRY(shard_writer_append(writer->shard, record, shape));
    return shard_writer_count(writer->shard) == writer->capacity ? write_shard(writer) : OK;
}

enum status dataset_writer_append(struct dataset_writer *writer, const struct case_record *record,
                                  enum split split, const struct refusals *refused)
{
    struct manifest_case entry = {.refused = {{0}}};
    struct dataset_case *facts = &entry.facts;
    if (refused != NULL)
        entry.refused = *refused;
    facts->index = dataset_writer_next(writer);
    facts->split = split;
    facts->shard = -1;
    facts->position = -1;
    facts->reynolds = record->flow.reynolds;
    memcpy(facts->family, record->flow.family, sizeof facts->family);
    if ((int64_t)writer->manifest->case_count >= writer->manifest->planned)
        return FAIL(ERR_INTERNAL, "the dataset has all its %lld cases",
                    (long long)writer->manifest->planned);
    if (record->status == OK)
        return append_finished(writer, &entry, record);
    memcpy(facts->reason, record->reason, sizeof facts->reason);
    facts->failure = record->failure;
    return manifest_add_case(writer->manifest, &entry);
}

enum status dataset_writer_suspend(struct dataset_writer *writer)
{
    if (writer->manifest->case_count == writer->stored)
        return OK;
    if (writer->shard != NULL)
        return write_shard(writer);
    return write_manifest(writer);
}

enum status dataset_writer_begin_error_bar(struct dataset_writer *writer, const int64_t *cases,
                                           int64_t case_count, const int64_t *refinements,
                                           int64_t refinement_count)
{
    struct manifest *manifest = writer->manifest;
    if (manifest->error_bar == NULL)
        TRY(error_bar_create(&manifest->error_bar, case_count));
    manifest->error_bar->cases = case_count;
    error_bar_keep(manifest->error_bar, cases, case_count, refinements, refinement_count);
    return manifest_write(manifest, writer->folder);
}

const struct error_bar *dataset_writer_get_error_bar(const struct dataset_writer *writer)
{
    return writer->manifest->error_bar;
}

enum status dataset_writer_add_error_bar(struct dataset_writer *writer, struct error_bar_run *run)
{
    assert(writer->manifest->error_bar != NULL);
    TRY(error_bar_add(writer->manifest->error_bar, run));
    return manifest_write(writer->manifest, writer->folder);
}

enum status dataset_writer_finish(struct dataset_writer *writer, char content_digest[DIGEST_SIZE])
{
    struct manifest *manifest = writer->manifest;
    if ((int64_t)manifest->case_count != manifest->planned)
        return FAIL(ERR_INTERNAL, "the dataset has %lld of its %lld cases",
                    (long long)manifest->case_count, (long long)manifest->planned);
    if (writer->shard != NULL)
        TRY(write_shard(writer));
    if (!manifest->complete) {
        manifest->complete = 1;
        TRY(write_manifest(writer));
    }
    if (content_digest != NULL)
        memcpy(content_digest, manifest->content, DIGEST_SIZE);
    return OK;
}
