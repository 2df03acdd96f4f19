/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_survey.h"

#include "array.h"

#include <stdio.h>

static void note_damage(struct dataset_survey *out)
{
    if (out->damage_count < DATASET_SURVEY_DAMAGES) {
        struct dataset_survey_damage *damage = &out->damages[out->damage_count];
        snprintf(damage->message, sizeof damage->message, "%s", error_message());
    }
    out->damage_count++;
    error_clear();
}

static enum status look_at_case(struct dataset_survey *out, const struct dataset *dataset,
                                struct case_record *record, int64_t number,
                                enum dataset_survey_depth depth)
{
    const struct dataset_case *facts = dataset_get_case(dataset, number);
    enum status status = dataset_verify_case(record, dataset, number);
    if (status == ERR_DATA)
        note_damage(out);
    else
        TRY(status);
    out->starts += facts->start_count;
    if (depth == DATASET_SURVEY_DIGESTS) {
        out->case_count++;
        return OK;
    }
    struct dataset_survey_case *one = &out->cases[out->case_count++];
    *one = (struct dataset_survey_case){.flow = record->flow,
                                        .split = facts->split,
                                        .shard = facts->shard,
                                        .starts = facts->start_count};
    case_compare_summarise(&one->forces, record);
    field_statistics_add_case(out->splits[facts->split], record);
    return data_checks_run(&out->findings, record);
}

static enum status look_at_shard(struct dataset_survey *out, const struct dataset *dataset,
                                 int64_t number, enum dataset_survey_depth depth)
{
    struct dataset_shard *shard = NULL;
    enum status status = dataset_read_shard(&shard, dataset, number, 0);
    if (status == ERR_DATA) {
        note_damage(out);
        return OK;
    }
    for (int64_t i = 0; status == OK && i < shard->count; i++) {
        status = look_at_case(out, dataset, shard->records[i], shard->cases[i], depth);
        case_record_destroy(shard->records[i]); /* with the start states it was given */
        shard->records[i] = NULL;
    }
    dataset_shard_destroy(shard);
    return status;
}

enum status dataset_survey_make(struct dataset_survey *out, const struct dataset *dataset,
                                const struct dataset_survey_options *options)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    *out = (struct dataset_survey){.cases = NULL};
    TRY(ARRAY_NEW(out->cases, info->cases));
    TRY(ARRAY_NEW(out->damages, DATASET_SURVEY_DAMAGES));
    for (int64_t i = 0; i < info->shards; i++) {
        if (stop_requested(options->stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "stopped after %lld of %lld shards were looked at",
                        (long long)i, (long long)info->shards);
        TRY(look_at_shard(out, dataset, i, options->depth));
        if (options->progress != NULL)
            options->progress(options->context, i + 1, info->shards);
    }
    for (int split = 0; split < SPLIT_COUNT; split++)
        for (int row = 0; row < FIELD_STATISTICS_ROWS; row++)
            field_statistics_merge(&out->all[row], &out->splits[split][row]);
    return OK;
}

void dataset_survey_fini(struct dataset_survey *survey)
{
    data_checks_fini(&survey->findings);
    array_free(survey->cases);
    array_free(survey->damages);
    *survey = (struct dataset_survey){.cases = NULL};
}
