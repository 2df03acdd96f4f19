/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest.h"

#include "array.h"
#include "atomic_file.h"
#include "dataset_digest.h"
#include "json.h"
#include "manifest_json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LIMIT = 100 };

enum status manifest_create(struct manifest **out)
{
    struct manifest *manifest = calloc(1, sizeof *manifest);
    if (manifest == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    *out = manifest;
    return OK;
}

void manifest_destroy(struct manifest *manifest)
{
    if (manifest == NULL)
        return;
    free(manifest->config);
    free(manifest->shards);
    free(manifest->cases);
    error_bar_destroy(manifest->error_bar);
    free(manifest);
}

enum status manifest_add_shard(struct manifest *manifest, const struct manifest_shard *shard)
{
    struct manifest_shard *grown = array_grow(manifest->shards, &manifest->shard_capacity,
                                              manifest->shard_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    manifest->shards = grown;
    grown[manifest->shard_count++] = *shard;
    return OK;
}

enum status manifest_add_case(struct manifest *manifest, const struct manifest_case *entry)
{
    struct manifest_case *grown = array_grow(manifest->cases, &manifest->case_capacity,
                                             manifest->case_count + 1, sizeof *grown);
    if (grown == NULL)
        return ERR_MEMORY;
    manifest->cases = grown;
    grown[manifest->case_count++] = *entry;
    return OK;
}

void manifest_truncate(struct manifest *manifest, size_t shards, size_t cases)
{
    if (manifest->shard_count > shards)
        manifest->shard_count = shards;
    if (manifest->case_count > cases)
        manifest->case_count = cases;
}

enum status manifest_families(const char ***out, size_t *count, const struct manifest *manifest)
{
    const char **names = NULL;
    size_t used = 0;
    size_t capacity = 0;
    for (size_t i = 0; i < manifest->case_count; i++) {
        const struct dataset_case *facts = &manifest->cases[i].facts;
        size_t at = 0;
        while (at < used && strcmp(names[at], facts->family) != 0)
            at++;
        if (facts->shard < 0 || at < used)
            continue;
        const char **grown = array_grow(names, &capacity, used + 1, sizeof *grown);
        if (grown == NULL) {
            free(names);
            return ERR_MEMORY;
        }
        names = grown;
        names[used++] = facts->family;
    }
    *out = names;
    *count = used;
    return OK;
}

enum status manifest_find_family(int64_t *out, const struct manifest *manifest, const char *family)
{
    const char **families = NULL;
    size_t count = 0;
    TRY(manifest_families(&families, &count, manifest));
    for (size_t i = 0; i < count; i++)
        if (strcmp(families[i], family) == 0)
            *out = (int64_t)i;
    free(families);
    return OK;
}

void manifest_layout(struct dataset_layout *out, const struct manifest *manifest)
{
    *out = (struct dataset_layout){
        .nx = manifest->nx,
        .ny = manifest->ny,
        .frames = manifest->frames,
        .frame_interval = manifest->frame_interval,
        .refine = manifest->refine,
        .storage = manifest->storage,
    };
    memcpy(out->name, manifest->name, sizeof out->name);
    memcpy(out->edge, manifest->edge, sizeof out->edge);
}

/* ---- content digests ---- */

/* Over the cases of one shard, or of all when `shard` is -1. */
static enum status digest_cases(char out[DIGEST_SIZE], const struct manifest *manifest,
                                int64_t shard)
{
    enum status status = OK;
    struct digest *list = NULL;
    TRY_GOTO(digest_create(&list), cleanup);
    for (size_t i = 0; i < manifest->case_count; i++) {
        const struct manifest_case *entry = &manifest->cases[i];
        if (entry->facts.shard < 0 || (shard >= 0 && entry->facts.shard != shard))
            continue;
        TRY_GOTO(dataset_digest_line(list, "case", entry->facts.index, entry->content), cleanup);
        if (entry->facts.start_count > 0 && shard < 0)
            TRY_GOTO(dataset_digest_line(list, "starts", entry->facts.index, entry->starts.content),
                     cleanup);
    }
    TRY_GOTO(digest_finish(out, list), cleanup);
cleanup:
    digest_destroy(list);
    return status;
}

enum status manifest_update_content(struct manifest *manifest)
{
    return digest_cases(manifest->content, manifest, -1);
}

enum status manifest_shard_content(char out[DIGEST_SIZE], const struct manifest *manifest,
                                   int64_t shard)
{
    return digest_cases(out, manifest, shard);
}

/* ---- names and files ---- */

void manifest_shard_name(char out[MANIFEST_PATH], const char *name, int64_t shard)
{
    snprintf(out, MANIFEST_PATH, "%s-%05lld.h5", name, (long long)shard);
}

void manifest_starts_name(char out[MANIFEST_PATH], const char *name, int64_t number)
{
    snprintf(out, MANIFEST_PATH, MANIFEST_STARTS_FOLDER "/%s-starts-%05lld.h5", name,
             (long long)number);
}

int manifest_name_is_valid(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_LIMIT || !isalnum((unsigned char)name[0]))
        return 0;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && strchr("_.-", name[i]) == NULL)
            return 0;
    return 1;
}

enum status manifest_load_file(unsigned char **out, size_t *size, const char *folder,
                               const char *name, const struct manifest_file *expected)
{
    enum status status = OK;
    unsigned char *bytes = NULL;
    char path[PATH_SIZE], found[DIGEST_SIZE];
    size_t length = 0;
    TRY_GOTO(path_join(path, sizeof path, folder, name), cleanup);
    status = atomic_file_read(&bytes, &length, path, SIZE_MAX / 2);
    if (status != OK)
        TRY_GOTO(error_prefix(status, "a file with SHA-256 %s was expected", expected->sha256),
                 cleanup);
    TRY_GOTO(digest_bytes(found, bytes, length), cleanup);
    if (length != (size_t)expected->bytes)
        TRY_GOTO(FAIL(ERR_DATA,
                      "%s is damaged: %zu bytes, the manifest says %lld (SHA-256 %s, expected %s); "
                      "make the dataset anew with --resume",
                      path, length, (long long)expected->bytes, found, expected->sha256),
                 cleanup);
    if (strcmp(found, expected->sha256) != 0)
        TRY_GOTO(FAIL(ERR_DATA,
                      "%s is damaged: its SHA-256 is %s, the manifest says %s; make the dataset "
                      "anew with --resume",
                      path, found, expected->sha256),
                 cleanup);
    *out = bytes;
    *size = length;
    bytes = NULL;
cleanup:
    array_free(bytes);
    return status;
}

/* ---- the file ---- */

enum status manifest_write(struct manifest *manifest, const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE];
    char *text = NULL;
    struct json *root = NULL;
    TRY_GOTO(manifest_update_content(manifest), cleanup);
    TRY_GOTO(manifest_json_encode(&root, manifest), cleanup);
    TRY_GOTO(json_write(&text, root, JSON_FORM_INDENTED), cleanup);
    TRY_GOTO(path_join(path, sizeof path, folder, MANIFEST_FILE), cleanup);
    TRY_GOTO(atomic_file_write_text(path, text), cleanup);
cleanup:
    free(text);
    json_destroy(root);
    return status;
}

enum status manifest_read(struct manifest **out, const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE];
    enum path_kind found;
    struct json *root = NULL;
    TRY_GOTO(path_join(path, sizeof path, folder, MANIFEST_FILE), cleanup);
    TRY_GOTO(path_find(&found, path), cleanup);
    if (found == PATH_NOTHING && path_exists(folder) && !path_is_folder(folder))
        TRY_GOTO(FAIL(ERR_DATA,
                      "'%s' is a file, and a dataset is a folder with a " MANIFEST_FILE
                      ": give the folder",
                      folder),
                 cleanup);
    if (found == PATH_NOTHING && !path_is_folder(folder))
        TRY_GOTO(FAIL(ERR_DATA, "there is no dataset at '%s': no such folder", folder), cleanup);
    if (found == PATH_NOTHING)
        TRY_GOTO(FAIL(ERR_DATA,
                      "'%s' has no " MANIFEST_FILE ": it is no dataset of ours; 'wakecast import' "
                      "makes one of files in The Well's layout",
                      folder),
                 cleanup);
    TRY_GOTO(json_read_file(&root, path), cleanup);
    status = manifest_json_decode(out, root);
    if (status != OK)
        TRY_GOTO(error_prefix(status, "%s", path), cleanup);
cleanup:
    json_destroy(root);
    return status;
}
