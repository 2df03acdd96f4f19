/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_facts.h"

#include "number_text.h"

#include <math.h>

/* One line for each failed case, the first ones. */
static void print_failures(FILE *stream, const struct dataset *dataset)
{
    enum { LINES = 8 };
    const struct dataset_info *info = dataset_get_info(dataset);
    int64_t shown = 0;
    for (int64_t i = 0; i < info->cases && shown < LINES; i++) {
        const struct dataset_case *one = dataset_get_case(dataset, i);
        if (one->reason[0] == '\0')
            continue;
        fprintf(stream, "failed     case %lld (%s, Re %g)", (long long)one->index, one->family,
                one->reynolds);
        if (isfinite(one->failure.step))
            fprintf(stream, " at step %.4g, x %.4g, y %.4g", one->failure.step, one->failure.x,
                    one->failure.y);
        fputc('\n', stream);
        shown++;
    }
    if (info->failed > shown)
        fprintf(stream, "           and %lld more (inspect --cases lists all)\n",
                (long long)(info->failed - shown));
}

void dataset_facts_print(FILE *stream, const struct dataset *dataset)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    char bytes[32], shards[32], refused[REFUSAL_TEXT_SIZE];
    refusal_print(refused, &info->refused);
    number_text_write_bytes(bytes, sizeof bytes, (double)dataset_bytes(dataset));
    fprintf(stream, "dataset    %s in %s\n", info->name, dataset_get_folder(dataset));
    fprintf(stream, "cases      %lld (", (long long)info->cases);
    for (int split = 0; split < SPLIT_COUNT; split++)
        fprintf(stream, "%s%lld %s", split > 0 ? ", " : "", (long long)info->split_counts[split],
                split_name((enum split)split));
    fprintf(stream, "), %lld failed, %s\n", (long long)info->failed, refused);
    if (!info->complete)
        fprintf(stream, "unfinished %lld of %lld cases are there\n", (long long)info->cases,
                (long long)info->planned);
    if (info->part.count > 0)
        fprintf(stream, "part       %lld of %lld, cases %lld to %lld of %lld\n",
                (long long)info->part.number, (long long)info->part.count,
                (long long)info->part.first, (long long)(info->part.first + info->planned - 1),
                (long long)info->part.whole);
    fprintf(stream,
            "frames     %lld a case, every %lld steps, canvas %lld x %lld, solver r = %lld\n",
            (long long)info->frames, (long long)info->frame_interval, (long long)info->nx,
            (long long)info->ny, (long long)info->refine);
    number_text_write_count(shards, sizeof shards, info->shards, "shard");
    fprintf(stream, "size       %s in %s\n", bytes, shards);
    fprintf(stream, "content    %s\n", info->content_digest);
    print_failures(stream, dataset);
}

/* Every failed case with its place; "failures" is empty when there is none. */
static enum status set_failures(struct json *root, const struct dataset *dataset)
{
    struct json *list = json_make_array();
    TRY(json_set(root, "failures", list)); /* owned by the root, or gone */
    for (int64_t i = 0; i < dataset_get_info(dataset)->cases; i++) {
        const struct dataset_case *one = dataset_get_case(dataset, i);
        if (one->reason[0] == '\0')
            continue;
        struct json *entry = json_make_object();
        TRY(json_append(list, entry));
        TRY(json_set(entry, "case", json_make_integer(one->index)));
        TRY(json_set(entry, "split", json_make_text(split_name(one->split))));
        TRY(json_set(entry, "reason", json_make_text(one->reason)));
        TRY(json_set(entry, "step", json_make_real(one->failure.step)));
        TRY(json_set(entry, "x", json_make_real(one->failure.x)));
        TRY(json_set(entry, "y", json_make_real(one->failure.y)));
    }
    return OK;
}

enum status dataset_facts_set_refusals(struct json *root, const struct refusals *refused)
{
    struct json *rules = json_make_object();
    TRY(json_set(root, "rejected", json_make_integer(refusal_total(refused))));
    TRY(json_set(root, "rejected_by", rules)); /* owned by the root, or gone */
    for (int i = 0; i < REFUSAL_COUNT; i++)
        TRY(json_set(rules, refusal_name((enum refusal)i), json_make_integer(refused->counts[i])));
    return OK;
}

/* "part", of a dataset that is one. */
static enum status set_part(struct json *root, const struct dataset_part *part)
{
    struct json *object = NULL;
    if (part->count == 0)
        return OK;
    object = json_make_object();
    TRY(json_set(root, "part", object)); /* owned by the root, or gone */
    TRY(json_set(object, "number", json_make_integer(part->number)));
    TRY(json_set(object, "of", json_make_integer(part->count)));
    TRY(json_set(object, "first_case", json_make_integer(part->first)));
    TRY(json_set(object, "whole_cases", json_make_integer(part->whole)));
    return OK;
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
                   {"planned_cases", info->planned},
                   {"failed", info->failed},
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
    TRY_GOTO(json_set(root, "complete", json_make_boolean(info->complete)), cleanup);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        TRY_GOTO(json_set(root, numbers[i].key, json_make_integer(numbers[i].value)), cleanup);
    status = json_set(root, "splits", splits);
    splits = NULL;
    TRY_GOTO(status, cleanup);
    TRY_GOTO(set_part(root, &info->part), cleanup);
    TRY_GOTO(dataset_facts_set_refusals(root, &info->refused), cleanup);
    TRY_GOTO(set_failures(root, dataset), cleanup);
cleanup:
    json_destroy(splits);
    if (status != OK) {
        json_destroy(root);
        return NULL;
    }
    return root;
}
