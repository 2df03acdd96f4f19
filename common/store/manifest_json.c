/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest_json.h"

#include "manifest_error_bar.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "wakecast dataset"

enum { FORMAT_VERSION = 1 };

/* ---- encoding ---- */

static enum status set_file(struct json *object, const char *name, const struct manifest_file *file)
{
    TRY(json_set(object, "file", json_make_text(name)));
    TRY(json_set(object, "bytes", json_make_integer(file->bytes)));
    TRY(json_set(object, "sha256", json_make_text(file->sha256)));
    return json_set(object, "content", json_make_text(file->content));
}

static enum status encode_shards(struct json *array, const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->shard_count; i++) {
        char name[MANIFEST_PATH];
        struct json *object = json_make_object();
        TRY(json_append(array, object)); /* owned by the array now, and still reachable */
        manifest_shard_name(name, manifest->name, (int64_t)i);
        TRY(json_set(object, "cases", json_make_integer(manifest->shards[i].cases)));
        TRY(set_file(object, name, &manifest->shards[i].file));
    }
    return OK;
}

static enum status encode_starts(struct json *object, const struct manifest *manifest,
                                 const struct manifest_case *entry)
{
    char name[MANIFEST_PATH];
    struct json *starts = json_make_object();
    TRY(json_set(object, "starts", starts));
    manifest_starts_name(name, manifest->name, entry->facts.index);
    TRY(json_set(starts, "count", json_make_integer(entry->facts.start_count)));
    return set_file(starts, name, &entry->starts);
}

/* Counts per rule; the rules that refused nothing are left out. */
static enum status set_refusals(struct json *object, const struct refusals *refused)
{
    struct json *counts = json_make_object();
    TRY(json_set(object, "rejected", counts));
    for (int i = 0; i < REFUSAL_COUNT; i++)
        if (refused->counts[i] > 0)
            TRY(json_set(counts, refusal_name((enum refusal)i),
                         json_make_integer(refused->counts[i])));
    return OK;
}

/* Places that are not known are null. */
static enum status encode_failure(struct json *object, const struct dataset_case *facts)
{
    const struct case_failure *failure = &facts->failure;
    TRY(json_set(object, "failed", json_make_text(facts->reason)));
    TRY(json_set(object, "failed_step", json_make_real(failure->step)));
    TRY(json_set(object, "failed_x", json_make_real(failure->x)));
    return json_set(object, "failed_y", json_make_real(failure->y));
}

static enum status encode_case(struct json *object, const struct manifest *manifest,
                               const struct manifest_case *entry)
{
    const struct dataset_case *facts = &entry->facts;
    TRY(json_set(object, "case", json_make_integer(facts->index)));
    TRY(json_set(object, "split", json_make_text(split_name(facts->split))));
    TRY(json_set(object, "family", json_make_text(facts->family)));
    TRY(json_set(object, "reynolds", json_make_real(facts->reynolds)));
    TRY(set_refusals(object, &entry->refused));
    if (facts->shard < 0)
        return encode_failure(object, facts);
    TRY(json_set(object, "shard", json_make_integer(facts->shard)));
    TRY(json_set(object, "position", json_make_integer(facts->position)));
    TRY(json_set(object, "content", json_make_text(entry->content)));
    return facts->start_count > 0 ? encode_starts(object, manifest, entry) : OK;
}

static enum status encode_cases(struct json *array, const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->case_count; i++) {
        struct json *object = json_make_object();
        TRY(json_append(array, object));
        TRY(encode_case(object, manifest, &manifest->cases[i]));
    }
    return OK;
}

/* Absent of a folder that holds the whole. */
static enum status encode_part(struct json *root, const struct dataset_part *part)
{
    struct json *object = NULL;
    if (part->count == 0)
        return OK;
    object = json_make_object();
    TRY(json_set(root, "part", object)); /* owned by the root now, and still reachable */
    TRY(json_set(object, "number", json_make_integer(part->number)));
    TRY(json_set(object, "of", json_make_integer(part->count)));
    TRY(json_set(object, "first_case", json_make_integer(part->first)));
    return json_set(object, "whole_cases", json_make_integer(part->whole));
}

static enum status encode_head(struct json *root, const struct manifest *manifest)
{
    char seed[32];
    snprintf(seed, sizeof seed, "%" PRIu64, manifest->seed);
    TRY(json_set(root, "format", json_make_text(FORMAT)));
    TRY(json_set(root, "format_version", json_make_integer(FORMAT_VERSION)));
    TRY(json_set(root, "name", json_make_text(manifest->name)));
    TRY(json_set(root, "version", json_make_text(manifest->version)));
    TRY(json_set(root, "complete", json_make_boolean(manifest->complete)));
    TRY(json_set(root, "planned_cases", json_make_integer(manifest->planned)));
    TRY(encode_part(root, &manifest->part));
    TRY(json_set(root, "seed", json_make_text(seed)));
    TRY(json_set(root, "nx", json_make_integer(manifest->nx)));
    TRY(json_set(root, "ny", json_make_integer(manifest->ny)));
    TRY(json_set(root, "frames", json_make_integer(manifest->frames)));
    TRY(json_set(root, "frame_interval", json_make_integer(manifest->frame_interval)));
    TRY(json_set(root, "refine", json_make_integer(manifest->refine)));
    TRY(json_set(root, "edge", json_make_text(manifest->edge)));
    TRY(json_set(root, "storage", json_make_text(storage_name(manifest->storage))));
    TRY(json_set(root, "storage_error", json_make_real(storage_error(manifest->storage))));
    TRY(json_set(root, "shard_bytes", json_make_integer(manifest->shard_bytes)));
    struct refusals refused = {{0}};
    for (size_t i = 0; i < manifest->case_count; i++)
        refusal_add(&refused, &manifest->cases[i].refused);
    TRY(set_refusals(root, &refused));
    TRY(json_set(root, "content", json_make_text(manifest->content)));
    return json_set(root, "config", json_make_text(manifest->config));
}

/* SHA-256 of the compact text of everything but the digest itself. */
static enum status digest_root(char out[DIGEST_SIZE], const struct json *root)
{
    enum status status = OK;
    char *text = NULL;
    struct json_member member = {0};
    struct json *rest = json_make_object();
    while (json_next(&member, root))
        if (strcmp(member.key, "manifest_digest") != 0)
            TRY_GOTO(json_set(rest, member.key, json_make_copy(member.value)), cleanup);
    TRY_GOTO(json_write(&text, rest, JSON_FORM_COMPACT), cleanup);
    TRY_GOTO(digest_bytes(out, text, strlen(text)), cleanup);
cleanup:
    free(text);
    json_destroy(rest);
    return status;
}

enum status manifest_json_encode(struct json **out, const struct manifest *manifest)
{
    enum status status = OK;
    char digest[DIGEST_SIZE];
    struct json *root = json_make_object();
    struct json *shards = json_make_array();
    struct json *cases = json_make_array();
    TRY_GOTO(encode_head(root, manifest), cleanup);
    TRY_GOTO(encode_shards(shards, manifest), cleanup);
    TRY_GOTO(encode_cases(cases, manifest), cleanup);
    status = json_set(root, "shards", shards); /* owned by the root, or gone */
    shards = NULL;
    TRY_GOTO(status, cleanup);
    status = json_set(root, "cases", cases);
    cases = NULL;
    TRY_GOTO(status, cleanup);
    TRY_GOTO(manifest_error_bar_encode(root, manifest->error_bar), cleanup);
    TRY_GOTO(digest_root(digest, root), cleanup);
    TRY_GOTO(json_set(root, "manifest_digest", json_make_text(digest)), cleanup);
    *out = root;
    root = NULL;
cleanup:
    json_destroy(shards);
    json_destroy(cases);
    json_destroy(root);
    return status;
}

/* ---- decoding ---- */

/* A text into an array of `size` bytes. */
static enum status get_text(char *out, size_t size, const struct json *object, const char *key)
{
    const char *text = NULL;
    TRY(json_get_text(&text, object, key));
    if (strlen(text) >= size)
        return FAIL(ERR_DATA, "'%s' is longer than %zu bytes", key, size - 1);
    memcpy(out, text, strlen(text) + 1);
    return OK;
}

static enum status get_digest(char out[DIGEST_SIZE], const struct json *object, const char *key)
{
    TRY(get_text(out, DIGEST_SIZE, object, key));
    if (strspn(out, "0123456789abcdef") != DIGEST_SIZE - 1)
        return FAIL(ERR_DATA, "'%s' is '%s', which is no SHA-256", key, out);
    return OK;
}

/* A file's entry; its name must be the one that the dataset's name and its number give, so that a
 * manifest cannot point elsewhere. */
static enum status get_file(struct manifest_file *out, const struct json *object,
                            const char *expected)
{
    const char *name = NULL;
    TRY(json_get_text(&name, object, "file"));
    if (strcmp(name, expected) != 0)
        return FAIL(ERR_DATA, "'file' is '%s' where '%s' belongs", name, expected);
    TRY(json_get_integer_within(&out->bytes, object, "bytes", 1, INT64_MAX));
    TRY(get_digest(out->sha256, object, "sha256"));
    return get_digest(out->content, object, "content");
}

static enum status decode_shards(struct manifest *manifest, const struct json *root)
{
    const struct json *array = NULL;
    TRY(json_get_array(&array, root, "shards"));
    for (size_t i = 0; i < json_count(array); i++) {
        struct manifest_shard shard = {0};
        char name[MANIFEST_PATH];
        manifest_shard_name(name, manifest->name, (int64_t)i);
        TRY(json_get_integer_within(&shard.cases, json_at(array, i), "cases", 1, INT32_MAX));
        TRY(get_file(&shard.file, json_at(array, i), name));
        TRY(manifest_add_shard(manifest, &shard));
    }
    return OK;
}

static enum status decode_starts(struct manifest_case *entry, const struct manifest *manifest,
                                 const struct json *object)
{
    const struct json *starts = NULL;
    char name[MANIFEST_PATH];
    if (json_find(object, "starts") == NULL)
        return OK;
    TRY(json_get_object(&starts, object, "starts"));
    TRY(json_get_integer_within(&entry->facts.start_count, starts, "count", 1, INT32_MAX));
    manifest_starts_name(name, manifest->name, entry->facts.index);
    return get_file(&entry->starts, starts, name);
}

static enum status decode_failure(struct dataset_case *facts, const struct json *object)
{
    TRY(get_text(facts->reason, sizeof facts->reason, object, "failed"));
    TRY(json_get_real_or_null(&facts->failure.step, object, "failed_step"));
    TRY(json_get_real_or_null(&facts->failure.x, object, "failed_x"));
    return json_get_real_or_null(&facts->failure.y, object, "failed_y");
}

static enum status decode_refusals(struct refusals *out, const struct json *object)
{
    const struct json *counts = NULL;
    struct json_member member = {0};
    TRY(json_get_object(&counts, object, "rejected"));
    while (json_next(&member, counts)) {
        enum refusal refusal;
        TRY(refusal_find(&refusal, member.key));
        TRY(json_get_integer_within(&out->counts[refusal], counts, member.key, 1, INT32_MAX));
    }
    return OK;
}

static enum status decode_case(struct manifest_case *entry, const struct manifest *manifest,
                               const struct json *object)
{
    struct dataset_case *facts = &entry->facts;
    const char *split = NULL;
    const int64_t number = manifest->part.first + (int64_t)manifest->case_count;
    TRY(json_get_integer_within(&facts->index, object, "case", number, number));
    TRY(json_get_text(&split, object, "split"));
    TRY(split_find(&facts->split, split));
    TRY(get_text(facts->family, sizeof facts->family, object, "family"));
    TRY(json_get_real_or_null(&facts->reynolds, object, "reynolds")); /* null: failed undescribed */
    TRY(decode_refusals(&entry->refused, object));
    facts->shard = -1;
    facts->position = -1;
    if (json_find(object, "failed") != NULL)
        return decode_failure(facts, object);
    TRY(json_get_integer_within(&facts->shard, object, "shard", 0,
                                (int64_t)manifest->shard_count - 1));
    TRY(json_get_integer_within(&facts->position, object, "position", 0,
                                manifest->shards[facts->shard].cases - 1));
    TRY(get_digest(entry->content, object, "content"));
    return decode_starts(entry, manifest, object);
}

static enum status decode_cases(struct manifest *manifest, const struct json *root)
{
    const struct json *array = NULL;
    TRY(json_get_array(&array, root, "cases"));
    for (size_t i = 0; i < json_count(array); i++) {
        struct manifest_case entry = {0};
        enum status status = decode_case(&entry, manifest, json_at(array, i));
        if (status != OK)
            return error_prefix(status, "case %zu", i);
        TRY(manifest_add_case(manifest, &entry));
    }
    return OK;
}

/* Finished cases fill the shards one behind the other, without gap. */
static enum status check_places(const struct manifest *manifest)
{
    int64_t shard = 0;
    int64_t position = 0;
    for (size_t i = 0; i < manifest->case_count; i++) {
        const struct dataset_case *facts = &manifest->cases[i].facts;
        if (facts->shard < 0)
            continue;
        if (position == manifest->shards[shard].cases) {
            shard++;
            position = 0;
        }
        if (facts->shard != shard || facts->position != position)
            return FAIL(ERR_DATA,
                        "case %zu stands in shard %" PRId64 " at %" PRId64 ", where %" PRId64
                        " at %" PRId64 " is due",
                        i, facts->shard, facts->position, shard, position);
        position++;
    }
    if (manifest->shard_count > 0 &&
        ((size_t)shard + 1 != manifest->shard_count || position != manifest->shards[shard].cases))
        return FAIL(ERR_DATA, "its shards hold more cases than it lists");
    return OK;
}

static enum status decode_seed(uint64_t *out, const struct json *root)
{
    const char *text = NULL;
    char *end = NULL;
    TRY(json_get_text(&text, root, "seed"));
    errno = 0;
    *out = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0')
        return FAIL(ERR_DATA, "'seed' is '%s', no number", text);
    return OK;
}

static enum status decode_format(const struct json *root)
{
    const char *format = NULL;
    int64_t version = 0;
    TRY(json_get_text(&format, root, "format"));
    if (strcmp(format, FORMAT) != 0)
        return FAIL(ERR_DATA, "its format is '%s', not '" FORMAT "'", format);
    TRY(json_get_integer(&version, root, "format_version"));
    if (version != FORMAT_VERSION)
        return FAIL(ERR_DATA, "format version %" PRId64 " is unknown; this program reads %d",
                    version, FORMAT_VERSION);
    return OK;
}

static enum status decode_part(struct manifest *manifest, const struct json *root)
{
    const struct json *object = NULL;
    int64_t number, count, first, whole;
    manifest->part = dataset_part_none(manifest->planned);
    if (json_find(root, "part") == NULL)
        return OK;
    TRY(json_get_object(&object, root, "part"));
    TRY(json_get_integer_within(&number, object, "number", 1, INT32_MAX));
    TRY(json_get_integer_within(&count, object, "of", number, INT32_MAX));
    TRY(json_get_integer_within(&whole, object, "whole_cases", count, INT32_MAX));
    TRY(json_get_integer_within(&first, object, "first_case", 0, whole - 1));
    TRY(dataset_part_make(&manifest->part, number, count, whole));
    if (first != manifest->part.first || manifest->planned != dataset_part_cases(&manifest->part))
        return FAIL(ERR_DATA,
                    "part %" PRId64 " of %" PRId64 " has %" PRId64 " cases from %" PRId64
                    " on, not %" PRId64 " from %" PRId64,
                    number, count, dataset_part_cases(&manifest->part), manifest->part.first,
                    manifest->planned, first);
    return OK;
}

static enum status decode_head(struct manifest *manifest, const struct json *root)
{
    const char *config = NULL;
    const char *storage = NULL;
    TRY(get_text(manifest->name, sizeof manifest->name, root, "name"));
    if (!manifest_name_is_valid(manifest->name))
        return FAIL(ERR_DATA, "'name' is '%s', which is no name for files", manifest->name);
    TRY(get_text(manifest->version, sizeof manifest->version, root, "version"));
    TRY(get_text(manifest->edge, sizeof manifest->edge, root, "edge"));
    TRY(json_get_boolean(&manifest->complete, root, "complete"));
    TRY(json_get_integer_within(&manifest->planned, root, "planned_cases", 0, INT32_MAX));
    TRY(decode_part(manifest, root));
    TRY(decode_seed(&manifest->seed, root));
    TRY(json_get_integer_within(&manifest->nx, root, "nx", 1, 1 << 16));
    TRY(json_get_integer_within(&manifest->ny, root, "ny", 1, 1 << 16));
    TRY(json_get_integer_within(&manifest->frames, root, "frames", 1, 1 << 24));
    TRY(json_get_integer_within(&manifest->frame_interval, root, "frame_interval", 1, 1 << 24));
    TRY(json_get_integer_within(&manifest->refine, root, "refine", 1, 64));
    TRY(json_get_integer_within(&manifest->shard_bytes, root, "shard_bytes", 1, INT64_MAX));
    TRY(json_get_text(&storage, root, "storage"));
    TRY(storage_find(&manifest->storage, storage));
    TRY(get_digest(manifest->content, root, "content"));
    TRY(json_get_text(&config, root, "config"));
    manifest->config = strdup(config);
    return manifest->config != NULL ? OK : FAIL(ERR_MEMORY, "out of memory");
}

static enum status check_digest(const struct json *root)
{
    char expected[DIGEST_SIZE], found[DIGEST_SIZE];
    TRY(get_digest(expected, root, "manifest_digest"));
    TRY(digest_root(found, root));
    if (strcmp(expected, found) != 0)
        return FAIL(ERR_DATA, "it was changed: its digest is %s, it says %s", found, expected);
    return OK;
}

enum status manifest_json_decode(struct manifest **out, const struct json *root)
{
    enum status status = OK;
    char content[DIGEST_SIZE];
    struct manifest *manifest = NULL;
    TRY_GOTO(manifest_create(&manifest), cleanup);
    TRY_GOTO(decode_format(root), cleanup);
    TRY_GOTO(check_digest(root), cleanup);
    TRY_GOTO(decode_head(manifest, root), cleanup);
    TRY_GOTO(decode_shards(manifest, root), cleanup);
    TRY_GOTO(decode_cases(manifest, root), cleanup);
    TRY_GOTO(check_places(manifest), cleanup);
    TRY_GOTO(
        manifest_error_bar_decode(&manifest->error_bar, root, manifest->planned, manifest->frames),
        cleanup);
    memcpy(content, manifest->content, sizeof content);
    TRY_GOTO(manifest_update_content(manifest), cleanup);
    if (strcmp(content, manifest->content) != 0)
        TRY_GOTO(FAIL(ERR_DATA, "its content digest is not that of its cases"), cleanup);
    *out = manifest;
    manifest = NULL;
cleanup:
    manifest_destroy(manifest);
    return status;
}
