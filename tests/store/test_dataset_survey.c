/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_survey.h"

#include "synthetic.h"
#include "temporary_folder.h"

#include "atomic_file.h"
#include "dataset.h"
#include "dataset_writer.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

TestSuite(dataset_survey, .init = temporary_folder_create, .fini = temporary_folder_remove);

/* Which case gets which fault; the writer asks nobody whether a case looks like a flow. */
enum { CASES = 9, NOT_FINITE = 3, REPEATED = 5, CONSTANT = 6, CELL = 17 };

static struct dataset_writer_options options;

/* Smooth frames in place of the synthetic noise, with U as the synthetic cases have it. */
static void smooth(struct case_record *record, int64_t number)
{
    int64_t cells = frames_cells(&record->flow);
    for (int64_t t = 0; t < record->frames; t++)
        for (int64_t i = 0; i < FRAME_FIELDS * cells; i++) {
            int64_t field = i / cells, x = i % cells / options.ny, y = i % options.ny;
            double wave = sin(0.4 * (double)x - 0.8 * (double)(t + number)) * cos(0.3 * (double)y);
            double rest = field == FRAME_RHO ? 1 : field == FRAME_UX ? 0.1 : 0;
            float value = (float)(rest + 0.01 * wave);
            if (record->mask[i % cells])
                value = field == FRAME_RHO ? 1 : 0;
            case_record_frame(record, t)[i] = value;
        }
}

static void plant(struct case_record *record, int64_t number)
{
    int64_t cells = frames_cells(&record->flow);
    size_t frame = (size_t)(FRAME_FIELDS * cells) * sizeof(float);
    if (number == NOT_FINITE)
        case_record_frame(record, 4)[FRAME_UY * cells + CELL] = NAN;
    if (number == REPEATED)
        memcpy(case_record_frame(record, 2), case_record_frame(record, 1), frame);
    for (int64_t i = 0; number == CONSTANT && i < cells; i++)
        if (!record->mask[i])
            case_record_frame(record, 0)[i] = 1.25F;
}

static void write_dataset(int faults)
{
    struct dataset_writer *writer = NULL;
    struct case_record *record = NULL;
    options = synthetic_options(temporary_folder_path("d"));
    cr_assert_eq(dataset_writer_create(&writer, &options), OK);
    cr_assert_eq(case_record_create(&record, options.nx, options.ny, options.frames,
                                    CASE_RECORD_KEEP_STARTS),
                 OK);
    for (int64_t number = 0; number < CASES; number++) {
        cr_assert_eq(synthetic_fill(record, number, &options), OK);
        smooth(record, number);
        if (faults)
            plant(record, number);
        record->status = number == SYNTHETIC_FAILED ? ERR_NUMERIC : OK;
        cr_assert_eq(dataset_writer_append(writer, record, synthetic_split(number), NULL), OK);
    }
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK);
    case_record_destroy(record);
    dataset_writer_destroy(writer);
}

static struct dataset *open_dataset(void)
{
    struct dataset *dataset = NULL;
    cr_assert_eq(dataset_open(&dataset, options.folder), OK, "%s", error_message());
    return dataset;
}

static void make(struct dataset_survey *survey, const struct dataset *dataset)
{
    const struct dataset_survey_options how = {.stop = NULL};
    cr_assert_eq(dataset_survey_make(survey, dataset, &how), OK, "%s", error_message());
}

Test(dataset_survey, a_good_dataset_is_counted_and_has_no_findings)
{
    struct dataset_survey survey;
    write_dataset(0);
    struct dataset *dataset = open_dataset();
    make(&survey, dataset);
    cr_assert_eq(survey.case_count, CASES - 1);
    cr_assert_eq(survey.damage_count, 0);
    cr_assert_eq(survey.starts, 2 * (CASES - SYNTHETIC_FIRST_TEST));
    cr_assert_eq(data_checks_faults(&survey.findings), 0, "%s %d %s",
                 data_checks_name(survey.findings.kept[0].check),
                 (int)survey.findings.kept[0].frame, survey.findings.kept[0].field);
    int64_t values = 0;
    for (int split = 0; split < SPLIT_COUNT; split++)
        values += survey.splits[split][FIELD_STATISTICS_UX].count;
    cr_assert_eq(values, survey.all[FIELD_STATISTICS_UX].count);
    cr_assert_float_eq(survey.all[FIELD_STATISTICS_UX].mean, 0.1, 0.005);
    for (int64_t i = 0; i < survey.case_count; i++) {
        int64_t number = i < SYNTHETIC_FAILED ? i : i + 1;
        cr_assert_eq(survey.cases[i].flow.index, number);
        cr_assert_eq(survey.cases[i].split, synthetic_split(number));
    }
    dataset_survey_fini(&survey);
    dataset_close(dataset);
}

static const struct data_finding *find(const struct dataset_survey *survey, enum data_check check)
{
    cr_assert_eq(survey->findings.counts[check], 1, "%lld findings of '%s'",
                 (long long)survey->findings.counts[check], data_checks_name(check));
    for (size_t i = 0; i < survey->findings.kept_count; i++)
        if (survey->findings.kept[i].check == check)
            return &survey->findings.kept[i];
    return NULL;
}

Test(dataset_survey, planted_faults_are_found_where_they_are)
{
    struct dataset_survey survey;
    write_dataset(1);
    struct dataset *dataset = open_dataset();
    make(&survey, dataset);
    cr_assert_eq(survey.damage_count, 0); /* the digests are right: the faults were written so */
    const struct data_finding *finding = find(&survey, DATA_CHECK_NOT_FINITE);
    cr_assert_eq(finding->case_index, NOT_FINITE);
    cr_assert_eq(finding->frame, 4);
    cr_assert_str_eq(finding->field, "uy");
    cr_assert_eq(finding->x * options.ny + finding->y, CELL);
    cr_assert_eq(survey.splits[synthetic_split(NOT_FINITE)][FIELD_STATISTICS_UY].not_finite, 1);
    finding = find(&survey, DATA_CHECK_REPEATED);
    cr_assert_eq(finding->case_index, REPEATED);
    cr_assert_eq(finding->frame, 2);
    finding = find(&survey, DATA_CHECK_CONSTANT);
    cr_assert_eq(finding->case_index, CONSTANT);
    cr_assert_eq(finding->frame, 0);
    cr_assert_eq(dataset_get_case(dataset, finding->case_index)->shard > 0, 1);
    dataset_survey_fini(&survey);
    dataset_close(dataset);
}

Test(dataset_survey, every_bad_file_is_named_and_the_rest_is_looked_at)
{
    struct dataset_survey survey;
    size_t size = 0;
    char path[256];
    write_dataset(0);
    struct dataset *dataset = open_dataset();
    int64_t shards = dataset_get_info(dataset)->shards;
    cr_assert_geq(shards, 2);
    snprintf(path, sizeof path, "%s/small-00000.h5", options.folder);
    unsigned char *bytes = NULL;
    cr_assert_eq(atomic_file_read(&bytes, &size, path, 1 << 24), OK);
    bytes[size / 2] ^= 1;
    cr_assert_eq(atomic_file_write(path, bytes, size), OK);
    array_free(bytes);
    snprintf(path, sizeof path, "%s/starts/small-starts-00008.h5", options.folder);
    cr_assert_eq(remove(path), 0);
    make(&survey, dataset);
    cr_assert_eq(survey.damage_count, 2);
    cr_assert_not_null(strstr(survey.damages[0].message, "small-00000.h5"));
    cr_assert_not_null(strstr(survey.damages[1].message, "small-starts-00008.h5"));
    cr_assert(survey.case_count > 0 && survey.case_count < CASES - 1);
    dataset_survey_fini(&survey);
    dataset_close(dataset);
}

static void count_calls(void *context, int64_t done, int64_t shards)
{
    int64_t *calls = context;
    cr_assert_eq(done, ++*calls);
    cr_assert_leq(done, shards);
}

Test(dataset_survey, tells_its_progress_and_can_be_stopped)
{
    struct dataset_survey survey;
    int64_t calls = 0;
    static volatile sig_atomic_t signal;
    const struct stop stop = {.signal = &signal};
    write_dataset(0);
    struct dataset *dataset = open_dataset();
    const struct dataset_survey_options how = {
        .stop = &stop, .progress = count_calls, .context = &calls};
    cr_assert_eq(dataset_survey_make(&survey, dataset, &how), OK);
    cr_assert_eq(calls, dataset_get_info(dataset)->shards);
    dataset_survey_fini(&survey);
    signal = 2;
    cr_assert_eq(dataset_survey_make(&survey, dataset, &how), ERR_STOPPED);
    dataset_survey_fini(&survey);
    dataset_close(dataset);
}
