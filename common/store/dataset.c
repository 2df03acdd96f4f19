/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset.h"

#include "array.h"
#include "dataset_digest.h"
#include "dataset_layout.h"
#include "dataset_starts.h"
#include "manifest.h"
#include "path.h"
#include "shard_reader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct dataset {
    struct manifest *manifest;
    struct dataset_layout layout;
    struct dataset_info info;
    int64_t *first_cases; /* [shards + 1]: number of the first case that is in or behind a shard */
    char folder[PATH_SIZE];
};

/* ---- opening ---- */

static void fill_info(struct dataset_info *info, const struct manifest *manifest)
{
    *info = (struct dataset_info){
        .nx = manifest->nx,
        .ny = manifest->ny,
        .frames = manifest->frames,
        .frame_interval = manifest->frame_interval,
        .refine = manifest->refine,
        .cases = (int64_t)manifest->case_count,
        .planned = manifest->planned,
        .part = manifest->part,
        .complete = manifest->complete,
        .seed = manifest->seed,
        .shards = (int64_t)manifest->shard_count,
    };
    memcpy(info->name, manifest->name, sizeof info->name);
    memcpy(info->content_digest, manifest->content, sizeof info->content_digest);
    for (size_t i = 0; i < manifest->case_count; i++) {
        const struct manifest_case *entry = &manifest->cases[i];
        refusal_add(&info->refused, &entry->refused);
        if (entry->facts.shard < 0)
            info->failed++;
        else
            info->split_counts[entry->facts.split]++;
    }
}

static enum status index_shards(struct dataset *dataset)
{
    const struct manifest *manifest = dataset->manifest;
    TRY(ARRAY_NEW(dataset->first_cases, manifest->shard_count + 1));
    for (size_t i = manifest->case_count; i-- > 0;)
        if (manifest->cases[i].facts.position == 0)
            dataset->first_cases[manifest->cases[i].facts.shard] = (int64_t)i;
    dataset->first_cases[manifest->shard_count] = (int64_t)manifest->case_count;
    return OK;
}

enum status dataset_open(struct dataset **out, const char *folder)
{
    enum status status = OK;
    struct dataset *dataset = calloc(1, sizeof *dataset);
    if (dataset == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    TRY_GOTO(path_join(dataset->folder, sizeof dataset->folder, folder, ""), cleanup);
    memcpy(dataset->folder, folder, strlen(folder) + 1);
    TRY_GOTO(manifest_read(&dataset->manifest, folder), cleanup);
    manifest_layout(&dataset->layout, dataset->manifest);
    fill_info(&dataset->info, dataset->manifest);
    TRY_GOTO(index_shards(dataset), cleanup);
    *out = dataset;
    dataset = NULL;
cleanup:
    dataset_close(dataset);
    return status;
}

void dataset_close(struct dataset *dataset)
{
    if (dataset == NULL)
        return;
    manifest_destroy(dataset->manifest);
    array_free(dataset->first_cases);
    free(dataset);
}

const struct dataset_info *dataset_get_info(const struct dataset *dataset)
{
    return &dataset->info;
}

const struct dataset_case *dataset_get_case(const struct dataset *dataset, int64_t number)
{
    assert(number >= 0 && number < dataset->info.cases);
    return &dataset->manifest->cases[number].facts;
}

const char *dataset_get_config(const struct dataset *dataset)
{
    return dataset->manifest->config;
}

const char *dataset_get_folder(const struct dataset *dataset)
{
    return dataset->folder;
}

const struct error_bar *dataset_get_error_bar(const struct dataset *dataset)
{
    return dataset->manifest->error_bar;
}

int64_t dataset_shard_bytes(const struct dataset *dataset, int64_t shard)
{
    assert(shard >= 0 && shard < dataset->info.shards);
    return dataset->manifest->shards[shard].cases * dataset_layout_record_bytes(&dataset->layout);
}

int64_t dataset_bytes(const struct dataset *dataset)
{
    int64_t bytes = 0;
    for (int64_t shard = 0; shard < dataset->info.shards; shard++)
        bytes += dataset_shard_bytes(dataset, shard);
    return bytes;
}

/* ---- shards ---- */

/* An open shard and the verified bytes it is read from. */
struct shard_file {
    unsigned char *image;
    struct h5file *file;
};

static void close_shard(struct shard_file *shard)
{
    h5file_close(shard->file);
    array_free(shard->image);
}

static enum status open_shard(struct shard_file *out, const struct dataset *dataset, int64_t shard)
{
    char name[MANIFEST_PATH];
    size_t size = 0;
    manifest_shard_name(name, dataset->info.name, shard);
    TRY(manifest_load_file(&out->image, &size, dataset->folder, name,
                           &dataset->manifest->shards[shard].file));
    enum status status = h5file_open(&out->file, out->image, size);
    return status == OK ? OK : error_prefix(status, "%s/%s", dataset->folder, name);
}

/* The record of the case listed as number `number`, which is in the open shard. */
static enum status read_record(struct case_record **out, const struct dataset *dataset,
                               struct shard_file *shard, int64_t number)
{
    const struct dataset_case *facts = dataset_get_case(dataset, number);
    enum status status = shard_reader_read(out, shard->file, &dataset->layout, facts->position);
    if (status != OK)
        return error_prefix(status, "shard %lld of '%s'", (long long)facts->shard, dataset->folder);
    memcpy((*out)->flow.family, facts->family, sizeof facts->family);
    if ((*out)->flow.index != facts->index)
        return FAIL(ERR_DATA, "shard %lld of '%s' has case %lld where case %lld belongs",
                    (long long)facts->shard, dataset->folder, (long long)(*out)->flow.index,
                    (long long)facts->index);
    return OK;
}

static enum status check_budget(const struct dataset *dataset, int64_t shard, int64_t budget)
{
    int64_t needed = dataset_shard_bytes(dataset, shard);
    if (budget > 0 && needed > budget)
        return FAIL(ERR_MEMORY, "shard %lld of '%s' needs %lld bytes, %lld are allowed",
                    (long long)shard, dataset->folder, (long long)needed, (long long)budget);
    return OK;
}

static enum status create_shard(struct dataset_shard **out, int64_t shard, int64_t count)
{
    enum status status = OK;
    struct dataset_shard *made = calloc(1, sizeof *made);
    if (made == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory"), cleanup);
    made->shard = shard;
    made->count = count;
    TRY_GOTO(ARRAY_NEW(made->records, count), cleanup);
    TRY_GOTO(ARRAY_NEW(made->cases, count), cleanup);
    *out = made;
    made = NULL;
cleanup:
    dataset_shard_destroy(made);
    return status;
}

enum status dataset_read_shard(struct dataset_shard **out, const struct dataset *dataset,
                               int64_t shard, int64_t budget)
{
    enum status status = OK;
    struct shard_file file = {0};
    struct dataset_shard *made = NULL;
    assert(shard >= 0 && shard < dataset->info.shards);
    TRY_GOTO(check_budget(dataset, shard, budget), cleanup);
    TRY_GOTO(open_shard(&file, dataset, shard), cleanup);
    TRY_GOTO(create_shard(&made, shard, dataset->manifest->shards[shard].cases), cleanup);
    for (int64_t i = dataset->first_cases[shard]; i < dataset->first_cases[shard + 1]; i++) {
        const struct dataset_case *facts = dataset_get_case(dataset, i);
        if (facts->shard != shard)
            continue; /* it failed */
        made->cases[facts->position] = i;
        TRY_GOTO(read_record(&made->records[facts->position], dataset, &file, i), cleanup);
    }
    *out = made;
    made = NULL;
cleanup:
    dataset_shard_destroy(made);
    close_shard(&file);
    return status;
}

void dataset_shard_destroy(struct dataset_shard *shard)
{
    if (shard == NULL)
        return;
    for (int64_t i = 0; shard->records != NULL && i < shard->count; i++)
        case_record_destroy(shard->records[i]);
    array_free(shard->records);
    array_free(shard->cases);
    free(shard);
}

/* ---- single cases ---- */

enum status dataset_read_starts(struct case_record *record, const struct dataset *dataset,
                                int64_t number)
{
    const struct manifest_case *entry = &dataset->manifest->cases[number];
    enum status status = OK;
    char name[MANIFEST_PATH];
    unsigned char *image = NULL;
    size_t size = 0;
    if (entry->facts.start_count == 0)
        return OK;
    manifest_starts_name(name, dataset->info.name, entry->facts.index);
    TRY_GOTO(manifest_load_file(&image, &size, dataset->folder, name, &entry->starts), cleanup);
    status = dataset_starts_decode(record, image, size, entry->facts.start_count);
    if (status != OK)
        TRY_GOTO(error_prefix(status, "%s/%s", dataset->folder, name), cleanup);
cleanup:
    array_free(image);
    return status;
}

enum status dataset_read_case(struct case_record **out, const struct dataset *dataset,
                              int64_t number, enum case_record_starts starts)
{
    const struct dataset_case *facts = dataset_get_case(dataset, number);
    enum status status = OK;
    struct shard_file file = {0};
    struct case_record *record = NULL;
    if (facts->shard < 0)
        TRY_GOTO(FAIL(ERR_DATA, "case %lld of '%s' failed: %s", (long long)facts->index,
                      dataset->folder, facts->reason),
                 cleanup);
    TRY_GOTO(open_shard(&file, dataset, facts->shard), cleanup);
    TRY_GOTO(read_record(&record, dataset, &file, number), cleanup);
    if (starts == CASE_RECORD_KEEP_STARTS)
        TRY_GOTO(dataset_read_starts(record, dataset, number), cleanup);
    *out = record;
    record = NULL;
cleanup:
    case_record_destroy(record);
    close_shard(&file);
    return status;
}

/* ---- verifying ---- */

enum status dataset_verify_case(struct case_record *record, const struct dataset *dataset,
                                int64_t number)
{
    const struct manifest_case *entry = &dataset->manifest->cases[number];
    char found[DIGEST_SIZE];
    TRY(dataset_digest_record(found, record));
    if (strcmp(found, entry->content) != 0)
        return FAIL(ERR_DATA, "case %lld of '%s' has content digest %s, the manifest says %s",
                    (long long)entry->facts.index, dataset->folder, found, entry->content);
    if (entry->facts.start_count == 0)
        return OK;
    TRY(dataset_read_starts(record, dataset, number));
    TRY(dataset_digest_starts(found, record));
    if (strcmp(found, entry->starts.content) != 0)
        return FAIL(ERR_DATA,
                    "the start states of case %lld of '%s' have content digest %s, the manifest "
                    "says %s",
                    (long long)entry->facts.index, dataset->folder, found, entry->starts.content);
    return OK;
}

enum status dataset_verify(const struct dataset *dataset)
{
    for (int64_t i = 0; i < dataset->info.shards; i++) {
        struct dataset_shard *shard = NULL;
        TRY(dataset_read_shard(&shard, dataset, i, 0));
        enum status status = OK;
        for (int64_t k = 0; status == OK && k < shard->count; k++)
            status = dataset_verify_case(shard->records[k], dataset, shard->cases[k]);
        dataset_shard_destroy(shard);
        TRY(status);
    }
    return OK;
}
