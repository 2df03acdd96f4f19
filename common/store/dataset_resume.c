/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_resume.h"

#include "array.h"
#include "dataset.h"
#include "dataset_folder.h"
#include "path.h"

#include <stdio.h>
#include <string.h>

static enum status differ(const char *folder, const char *what)
{
    return FAIL(ERR_DATA,
                "'%s' was begun with another %s: it cannot be resumed; choose another folder or "
                "replace it with --force",
                folder, what);
}

/* What stands in the first line that is another, near the difference. */
static enum status differ_in_config(const char *folder, const char *old, const char *now)
{
    enum { BEFORE = 40, SHOWN = 80 };
    size_t at = 0;
    while (old[at] != '\0' && old[at] == now[at])
        at++;
    size_t first = at;
    while (first > 0 && at - first < BEFORE && old[first - 1] != '\n')
        first--;
    while (first < at && old[first] == ' ')
        first++;
    char was[SHOWN + 1], is[SHOWN + 1];
    snprintf(was, sizeof was, "%.*s", (int)strcspn(old + first, "\n"), old + first);
    snprintf(is, sizeof is, "%.*s", (int)strcspn(now + first, "\n"), now + first);
    return FAIL(ERR_DATA,
                "'%s' was begun with another configuration ('%s' there, '%s' now): it cannot be "
                "resumed; choose another folder or replace it with --force",
                folder, was, is);
}

static enum status compare(const struct manifest *old, const struct manifest *now,
                           const char *folder)
{
    if (strcmp(old->config, now->config) != 0)
        return differ_in_config(folder, old->config, now->config);
    if (old->seed != now->seed)
        return differ(folder, "seed");
    if (strcmp(old->name, now->name) != 0)
        return differ(folder, "name");
    if (strcmp(old->version, now->version) != 0)
        return differ(folder, "version of the program");
    if (!dataset_part_is_same(&old->part, &now->part))
        return differ(folder, "part of the dataset");
    if (old->nx != now->nx || old->ny != now->ny || old->frames != now->frames ||
        old->frame_interval != now->frame_interval || old->refine != now->refine ||
        old->planned != now->planned || strcmp(old->edge, now->edge) != 0)
        return differ(folder, "canvas or number of cases or frames");
    if (old->storage != now->storage || old->shard_bytes != now->shard_bytes)
        return differ(folder, "storage or size of shards");
    return OK;
}

/* Is the file what the manifest says? One that cannot be read is not taken for a bad one: what is
 * bad is thrown away. */
static enum status find_good(int *out, const char *folder, const char *name,
                             const struct manifest_file *file)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    enum status status = manifest_load_file(&bytes, &size, folder, name, file);
    array_free(bytes);
    *out = status == OK;
    if (status == ERR_DATA)
        error_clear();
    return status == ERR_DATA ? OK : status;
}

/* Are the start states of the cases from *next on, up to the end of `shard`, good? */
static enum status find_good_starts(int *out, size_t *next, const struct manifest *manifest,
                                    int64_t shard, const char *folder)
{
    char name[MANIFEST_PATH];
    *out = 1;
    for (; *out && *next < manifest->case_count; ++*next) {
        const struct manifest_case *entry = &manifest->cases[*next];
        if (entry->facts.shard > shard)
            return OK;
        manifest_starts_name(name, manifest->name, entry->facts.index);
        if (entry->facts.start_count > 0)
            TRY(find_good(out, folder, name, &entry->starts));
    }
    return OK;
}

/* The number of shards, from the first on, that are good with all start states of their cases. */
static enum status count_good_shards(size_t *out, const struct manifest *manifest,
                                     const char *folder)
{
    char name[MANIFEST_PATH];
    size_t next = 0; /* case */
    for (*out = 0; *out < manifest->shard_count; ++*out) {
        int good = 0;
        manifest_shard_name(name, manifest->name, (int64_t)*out);
        TRY(find_good(&good, folder, name, &manifest->shards[*out].file));
        if (good)
            TRY(find_good_starts(&good, &next, manifest, (int64_t)*out, folder));
        if (!good)
            return OK;
    }
    return OK;
}

static enum status drop_bad_shards(struct manifest *manifest, const char *folder)
{
    size_t good = 0;
    size_t cases = 0;
    TRY(count_good_shards(&good, manifest, folder));
    if (good == manifest->shard_count)
        return OK;
    while (cases < manifest->case_count && manifest->cases[cases].facts.shard < (int64_t)good)
        cases++;
    manifest_truncate(manifest, good, cases);
    manifest->complete = 0;
    return OK;
}

enum status dataset_resume_read(struct manifest **out, const struct manifest *wanted,
                                const char *folder)
{
    enum status status = OK;
    struct manifest *old = NULL;
    char path[PATH_SIZE];
    enum path_kind found;
    TRY(path_join(path, sizeof path, folder, MANIFEST_FILE));
    TRY(path_find(&found, path));
    if (found == PATH_NOTHING)
        return dataset_folder_check(folder, wanted->name, NULL);
    status = manifest_read(&old, folder);
    if (status == ERR_DATA)
        status = error_prefix(status, "'%s' cannot be resumed, --force replaces it", folder);
    TRY_GOTO(status, cleanup);
    TRY_GOTO(compare(old, wanted, folder), cleanup);
    TRY_GOTO(drop_bad_shards(old, folder), cleanup);
    *out = old;
    old = NULL;
cleanup:
    manifest_destroy(old);
    return status;
}

/* Does the last shard have room for cases that are still to come? */
static int has_open_shard(const struct manifest *manifest, int64_t capacity)
{
    return manifest->shard_count > 0 && (int64_t)manifest->case_count < manifest->planned &&
           manifest->shards[manifest->shard_count - 1].cases < capacity;
}

/* All cases of a shard that was read, into an empty one. */
static enum status copy_cases(struct shard_writer *shard, const struct manifest *manifest,
                              const struct dataset_shard *old)
{
    for (int64_t i = 0; i < old->count; i++) {
        int64_t family = 0;
        TRY(manifest_find_family(&family, manifest, manifest->cases[old->cases[i]].facts.family));
        TRY(shard_writer_append(shard, old->records[i], family));
    }
    return OK;
}

enum status dataset_resume_reopen(struct shard_writer **out, const struct manifest *manifest,
                                  const char *folder)
{
    enum status status = OK;
    struct dataset *dataset = NULL;
    struct dataset_shard *old = NULL;
    struct shard_writer *shard = NULL;
    struct dataset_layout layout;
    manifest_layout(&layout, manifest);
    int64_t capacity = dataset_layout_capacity(&layout, manifest->shard_bytes);
    if (!has_open_shard(manifest, capacity))
        return OK;
    TRY_GOTO(dataset_open(&dataset, folder), cleanup);
    TRY_GOTO(dataset_read_shard(&old, dataset, (int64_t)manifest->shard_count - 1, 0), cleanup);
    TRY_GOTO(shard_writer_create(&shard, &layout, capacity), cleanup);
    TRY_GOTO(copy_cases(shard, manifest, old), cleanup);
    *out = shard;
    shard = NULL;
cleanup:
    shard_writer_destroy(shard);
    dataset_shard_destroy(old);
    dataset_close(dataset);
    return status;
}

void dataset_resume_name(char out[MANIFEST_NAME], const char *folder)
{
    struct manifest *old = NULL;
    out[0] = '\0';
    if (manifest_read(&old, folder) == OK)
        memcpy(out, old->name, MANIFEST_NAME);
    manifest_destroy(old);
    error_clear();
}
