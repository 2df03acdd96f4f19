/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_facts.h"

#include "number_text.h"

void dataset_facts_print(FILE *stream, const struct dataset *dataset)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    char bytes[32];
    number_text_write_bytes(bytes, sizeof bytes, (double)dataset_bytes(dataset));
    fprintf(stream, "dataset    %s in %s\n", info->name, dataset_get_folder(dataset));
    fprintf(stream, "cases      %lld (", (long long)info->cases);
    for (int split = 0; split < SPLIT_COUNT; split++)
        fprintf(stream, "%s%lld %s", split > 0 ? ", " : "", (long long)info->split_counts[split],
                split_name((enum split)split));
    fprintf(stream, "), %lld failed, %lld draws refused\n", (long long)info->failed,
            (long long)info->rejected);
    fprintf(stream,
            "frames     %lld a case, every %lld steps, canvas %lld x %lld, solver r = %lld\n",
            (long long)info->frames, (long long)info->frame_interval, (long long)info->nx,
            (long long)info->ny, (long long)info->refine);
    fprintf(stream, "size       %s in %lld shards\n", bytes, (long long)info->shards);
    fprintf(stream, "content    %s\n", info->content_digest);
}

struct json *dataset_facts_describe(const struct dataset *dataset)
{
    enum status status = OK;
    const struct dataset_info *info = dataset_get_info(dataset);
    struct json *splits = json_make_object(), *root = json_make_object();
    if (splits == NULL || root == NULL)
        TRY_GOTO(ERR_MEMORY, cleanup);
    for (int split = 0; split < SPLIT_COUNT; split++)
        TRY_GOTO(json_set(splits, split_name((enum split)split),
                          json_make_integer(info->split_counts[split])),
                 cleanup);
    const struct {
        const char *key;
        int64_t value;
    } numbers[] = {{"cases", info->cases},
                   {"failed", info->failed},
                   {"rejected", info->rejected},
                   {"frames", info->frames},
                   {"frame_interval", info->frame_interval},
                   {"width", info->nx},
                   {"height", info->ny},
                   {"refine", info->refine},
                   {"shards", info->shards},
                   {"bytes", dataset_bytes(dataset)}};
    TRY_GOTO(json_set(root, "name", json_make_text(info->name)), cleanup);
    TRY_GOTO(json_set(root, "folder", json_make_text(dataset_get_folder(dataset))), cleanup);
    TRY_GOTO(json_set(root, "content_digest", json_make_text(info->content_digest)), cleanup);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        TRY_GOTO(json_set(root, numbers[i].key, json_make_integer(numbers[i].value)), cleanup);
    status = json_set(root, "splits", splits);
    splits = NULL;
    TRY_GOTO(status, cleanup);
cleanup:
    json_destroy(splits);
    if (status != OK) {
        json_destroy(root);
        return NULL;
    }
    return root;
}
