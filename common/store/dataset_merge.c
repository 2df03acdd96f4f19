/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_merge.h"

#include "array.h"
#include "dataset.h"
#include "manifest.h"

#include <inttypes.h>
#include <string.h>

struct part {
    const char *folder;
    struct manifest *manifest;
};

struct merge {
    const struct dataset_merge_options *options;
    struct part *parts; /* [part_count], part k + 1 at k once they are checked */
    struct dataset_writer *writer;
    int broken; /* 1: the writer failed and can only be destroyed */
};

/* ---- checking ---- */

static enum status read_parts(struct merge *merge)
{
    const struct dataset_merge_options *options = merge->options;
    TRY(ARRAY_NEW(merge->parts, options->part_count));
    for (size_t i = 0; i < options->part_count; i++) {
        merge->parts[i].folder = options->parts[i];
        TRY(manifest_read(&merge->parts[i].manifest, options->parts[i]));
        if (merge->parts[i].manifest->part.count == 0)
            return FAIL(ERR_DATA,
                        "'%s' is no part of a dataset: it holds all its cases and was not made "
                        "with --part",
                        options->parts[i]);
    }
    return OK;
}

static enum status differ(const struct part *a, const struct part *b, const char *what)
{
    return FAIL(ERR_DATA, "'%s' and '%s' are not parts of one dataset: they differ in %s",
                a->folder, b->folder, what);
}

static enum status check_same(const struct part *first, const struct part *other)
{
    const struct manifest *a = first->manifest, *b = other->manifest;
    if (strcmp(a->config, b->config) != 0)
        return differ(first, other, "the configuration");
    if (a->seed != b->seed || strcmp(a->name, b->name) != 0)
        return differ(first, other, "seed or name");
    if (strcmp(a->version, b->version) != 0)
        return differ(first, other, "the version of the program that made them");
    if (a->part.count != b->part.count || a->part.whole != b->part.whole)
        return FAIL(ERR_DATA,
                    "'%s' is one of %" PRId64 " parts of %" PRId64 " cases, '%s' one of %" PRId64
                    " parts of %" PRId64,
                    first->folder, a->part.count, a->part.whole, other->folder, b->part.count,
                    b->part.whole);
    if (a->nx != b->nx || a->ny != b->ny || a->frames != b->frames ||
        a->frame_interval != b->frame_interval || a->refine != b->refine ||
        a->shard_bytes != b->shard_bytes || a->storage != b->storage ||
        strcmp(a->edge, b->edge) != 0)
        return differ(first, other, "canvas, frames or shards");
    return OK;
}

static enum status check_complete(const struct part *part)
{
    const struct manifest *manifest = part->manifest;
    if (manifest->complete)
        return OK;
    return FAIL(ERR_DATA,
                "part %" PRId64 " of %" PRId64 " in '%s' has %zu of its %" PRId64
                " cases; finish it with generate --part %" PRId64 "/%" PRId64 " --resume",
                manifest->part.number, manifest->part.count, part->folder, manifest->case_count,
                manifest->planned, manifest->part.number, manifest->part.count);
}

/* Puts the part in its place; *sorted: [count of parts]. */
static enum status place_part(struct part *sorted, const struct part *part)
{
    const struct dataset_part *which = &part->manifest->part;
    struct part *place = &sorted[which->number - 1];
    if (place->manifest != NULL)
        return FAIL(ERR_DATA, "'%s' and '%s' are both part %" PRId64 " of %" PRId64, place->folder,
                    part->folder, which->number, which->count);
    *place = *part;
    return OK;
}

static enum status find_missing(const struct part *sorted, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (sorted[i].manifest == NULL)
            return FAIL(ERR_DATA, "part %" PRId64 " of %" PRId64 " is missing", i + 1, count);
    return OK;
}

/* All parts, each once, in order. */
static enum status sort_parts(struct merge *merge)
{
    enum status status = OK;
    struct part *sorted = NULL;
    size_t given = merge->options->part_count;
    int64_t count = merge->parts[0].manifest->part.count;
    TRY_GOTO(ARRAY_NEW(sorted, count), cleanup);
    for (size_t i = 0; i < given; i++)
        TRY_GOTO(place_part(sorted, &merge->parts[i]), cleanup);
    TRY_GOTO(find_missing(sorted, count), cleanup);
    memcpy(merge->parts, sorted, given * sizeof *sorted); /* none missing or twice: as many */
cleanup:
    array_free(sorted);
    return status;
}

/* The output must not be a part: with DATASET_REPLACE it would be removed before it is read. */
static enum status check_output(const struct merge *merge)
{
    for (size_t i = 0; i < merge->options->part_count; i++)
        if (path_holds(merge->options->folder, merge->parts[i].folder))
            return FAIL(ERR_USAGE,
                        "the output '%s' is or holds the part '%s': choose another folder",
                        merge->options->folder, merge->parts[i].folder);
    return OK;
}

static enum status check(struct merge *merge)
{
    if (merge->options->part_count == 0)
        return FAIL(ERR_USAGE, "there are no parts to merge");
    TRY(read_parts(merge));
    for (size_t i = 1; i < merge->options->part_count; i++)
        TRY(check_same(&merge->parts[0], &merge->parts[i]));
    TRY(check_output(merge));
    for (size_t i = 0; i < merge->options->part_count; i++)
        TRY(check_complete(&merge->parts[i]));
    TRY(sort_parts(merge));
    return OK;
}

/* ---- copying ---- */

static enum status open_writer(struct merge *merge)
{
    const struct manifest *like = merge->parts[0].manifest;
    const struct dataset_writer_options options = {
        .folder = merge->options->folder,
        .name = like->name,
        .config = like->config,
        .version = like->version,
        .seed = like->seed,
        .cases = like->part.whole,
        .nx = like->nx,
        .ny = like->ny,
        .frames = like->frames,
        .frame_interval = like->frame_interval,
        .refine = like->refine,
        .shard_bytes = like->shard_bytes,
        .storage = like->storage,
        .existing = merge->options->existing,
        .edge = like->edge,
    };
    return dataset_writer_create(&merge->writer, &options);
}

static enum status append(struct merge *merge, const struct case_record *record,
                          const struct manifest_case *entry)
{
    enum status status =
        dataset_writer_append(merge->writer, record, entry->facts.split, &entry->refused);
    merge->broken = status != OK;
    TRY(status);
    if (merge->options->progress != NULL)
        merge->options->progress(merge->options->context, entry->facts.index + 1,
                                 merge->parts[0].manifest->part.whole);
    return OK;
}

/* A case that failed: what the part's manifest says of it. */
static enum status append_failed(struct merge *merge, const struct manifest_case *entry)
{
    const struct dataset_case *facts = &entry->facts;
    struct case_record record = {.status = ERR_NUMERIC, .failure = facts->failure};
    record.flow.index = facts->index;
    record.flow.reynolds = facts->reynolds;
    memcpy(record.flow.family, facts->family, sizeof record.flow.family);
    memcpy(record.reason, facts->reason, sizeof record.reason);
    return append(merge, &record, entry);
}

/* Copies the cases of one part one after another, a shard in memory at a time. */
struct copying {
    struct dataset *dataset;
    struct dataset_shard *shard; /* NULL before the first */
};

static enum status append_finished(struct merge *merge, struct copying *copying, size_t place,
                                   const struct manifest_case *entry)
{
    const struct dataset_case *facts = &entry->facts;
    if (copying->shard == NULL || copying->shard->shard != facts->shard) {
        dataset_shard_destroy(copying->shard);
        copying->shard = NULL;
        TRY(dataset_read_shard(&copying->shard, copying->dataset, facts->shard, 0));
    }
    struct case_record *record = copying->shard->records[facts->position];
    TRY(dataset_read_starts(record, copying->dataset, (int64_t)place));
    enum status status = append(merge, record, entry);
    case_record_clear(record); /* its start states are large */
    return status;
}

static enum status copy_part(struct merge *merge, const struct part *part)
{
    enum status status = OK;
    struct copying copying = {.shard = NULL};
    TRY_GOTO(dataset_open(&copying.dataset, part->folder), cleanup);
    for (size_t i = 0; i < part->manifest->case_count; i++) {
        const struct manifest_case *entry = &part->manifest->cases[i];
        if (entry->facts.index < dataset_writer_next(merge->writer))
            continue; /* merged before */
        if (stop_requested(merge->options->stop) != STOP_NONE)
            TRY_GOTO(FAIL(ERR_STOPPED, "stopped after %lld of %lld cases; --resume goes on",
                          (long long)dataset_writer_next(merge->writer),
                          (long long)part->manifest->part.whole),
                     cleanup);
        TRY_GOTO(entry->facts.shard < 0 ? append_failed(merge, entry)
                                        : append_finished(merge, &copying, i, entry),
                 cleanup);
    }
cleanup:
    dataset_shard_destroy(copying.shard);
    dataset_close(copying.dataset);
    return status;
}

/* The written dataset lists the same content as the parts. */
static enum status check_content(const struct merge *merge)
{
    struct manifest *whole = NULL;
    TRY(manifest_read(&whole, merge->options->folder));
    enum status status = OK;
    size_t at = 0;
    for (size_t i = 0; i < merge->options->part_count; i++) {
        const struct manifest *part = merge->parts[i].manifest;
        for (size_t k = 0; k < part->case_count && status == OK; k++, at++)
            if (strcmp(part->cases[k].content, whole->cases[at].content) != 0 ||
                strcmp(part->cases[k].starts.content, whole->cases[at].starts.content) != 0)
                status = FAIL(ERR_INTERNAL, "case %zu changed while it was merged", at);
    }
    manifest_destroy(whole);
    return status;
}

static enum status copy_parts(struct merge *merge)
{
    for (size_t i = 0; i < merge->options->part_count; i++) {
        enum status status = copy_part(merge, &merge->parts[i]);
        if (status != OK && !merge->broken)
            (void)dataset_writer_suspend(merge->writer); /* nothing is lost */
        if (status == ERR_DATA)
            return error_prefix(status,
                                "part %zu cannot be read, '%s' holds what stands before it (mend "
                                "the part, then merge again with --resume)",
                                i + 1, merge->options->folder);
        TRY(status);
    }
    TRY(dataset_writer_finish(merge->writer, NULL));
    return check_content(merge);
}

enum status dataset_merge(const struct dataset_merge_options *options)
{
    enum status status = OK;
    struct merge merge = {.options = options};
    TRY_GOTO(check(&merge), cleanup);
    TRY_GOTO(open_writer(&merge), cleanup);
    TRY_GOTO(copy_parts(&merge), cleanup);
cleanup:
    dataset_writer_destroy(merge.writer);
    for (size_t i = 0; merge.parts != NULL && i < options->part_count; i++)
        manifest_destroy(merge.parts[i].manifest);
    array_free(merge.parts);
    return status;
}
