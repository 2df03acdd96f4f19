/* SPDX-License-Identifier: Apache-2.0 */
#include "inspection_report.h"

#include "number_text.h"

#include <math.h>
#include <stdio.h>

enum { SHOWN_FINDINGS = 20, SHOWN_DAMAGES = 8, WHERE = 160 };

/* ---- for people ---- */

void inspection_report_print_digests(FILE *stream, const struct dataset *dataset,
                                     const struct dataset_survey *survey)
{
    if (survey->damage_count == 0) {
        char shards[32], cases[32], starts[32];
        number_text_write_count(shards, sizeof shards, dataset_get_info(dataset)->shards, "shard");
        number_text_write_count(cases, sizeof cases, survey->case_count, "case");
        number_text_write_count(starts, sizeof starts, survey->starts, "start state");
        fprintf(stream, "digests    good: %s, %s, %s, all bytes and contents\n", shards, cases,
                starts);
        return;
    }
    fprintf(stream, "digests    BAD: %lld\n", (long long)survey->damage_count);
    for (int64_t i = 0; i < survey->damage_count && i < SHOWN_DAMAGES; i++)
        fprintf(stream, "           %s\n", survey->damages[i].message);
}

static int64_t shard_of(const struct dataset *dataset, const struct data_finding *finding)
{
    int64_t first = dataset_get_info(dataset)->part.first;
    return dataset_get_case(dataset, finding->case_index - first)->shard;
}

/* "shard 2, case 7, frame 3, ux at (9, 2)". */
static void write_where(char *out, const struct dataset *dataset,
                        const struct data_finding *finding)
{
    int used = snprintf(out, WHERE, "shard %lld, case %lld", (long long)shard_of(dataset, finding),
                        (long long)finding->case_index);
    if (finding->frame >= 0)
        used +=
            snprintf(out + used, (size_t)(WHERE - used), ", frame %lld", (long long)finding->frame);
    used += snprintf(out + used, (size_t)(WHERE - used), ", %s", finding->field);
    if (finding->x >= 0)
        snprintf(out + used, (size_t)(WHERE - used), " at (%lld, %lld)", (long long)finding->x,
                 (long long)finding->y);
}

static void print_findings(FILE *stream, const struct dataset *dataset,
                           const struct data_findings *findings)
{
    int64_t faults = data_checks_faults(findings);
    fprintf(stream, "checks     %lld finding%s", (long long)faults, faults == 1 ? "" : "s");
    for (int i = 0; i < DATA_CHECK_KINDS; i++)
        if (findings->counts[i] > 0)
            fprintf(stream, ", %s %lld%s", data_checks_name((enum data_check)i),
                    (long long)findings->counts[i],
                    data_checks_is_fault((enum data_check)i) ? "" : " (no fault)");
    fputc('\n', stream);
    int64_t shown = 0;
    for (size_t i = 0; i < findings->kept_count && shown < SHOWN_FINDINGS; i++) {
        const struct data_finding *finding = &findings->kept[i];
        char where[WHERE];
        if (!data_checks_is_fault(finding->check))
            continue;
        write_where(where, dataset, finding);
        fprintf(stream, "           %-10s %s", data_checks_name(finding->check), where);
        if (!isnan(finding->value))
            fprintf(stream, ", %g", finding->value);
        if (finding->cells > 1)
            fprintf(stream, ", %lld values", (long long)finding->cells);
        fputc('\n', stream);
        shown++;
    }
    if (faults > shown)
        fprintf(stream, "           and %lld more (--json has the first %d of each kind)\n",
                (long long)(faults - shown), (int)DATA_CHECKS_KEPT);
}

static void print_rows(FILE *stream, const char *title, const struct field_statistics *rows)
{
    fprintf(stream, "\n%-14s        min         max        mean         rms\n", title);
    for (int i = 0; i < FIELD_STATISTICS_ROWS; i++) {
        const struct field_statistics *row = &rows[i];
        if (row->count == 0)
            continue;
        fprintf(stream, "  %-9s %11.5f %11.5f %11.5f %11.5f", field_statistics_name(i), row->least,
                row->most, row->mean, field_statistics_rms(row));
        if (row->not_finite > 0)
            fprintf(stream, "  (%lld not finite)", (long long)row->not_finite);
        fputc('\n', stream);
    }
}

void inspection_report_print(FILE *stream, const struct dataset *dataset,
                             const struct dataset_survey *survey)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    int64_t used = 0;
    inspection_report_print_digests(stream, dataset, survey);
    print_findings(stream, dataset, &survey->findings);
    print_rows(stream, "fluid, all", survey->all);
    for (int split = 0; split < SPLIT_COUNT; split++)
        used += info->split_counts[split] > 0;
    for (int split = 0; split < SPLIT_COUNT && used > 1; split++)
        if (info->split_counts[split] > 0)
            print_rows(stream, split_name((enum split)split), survey->splits[split]);
}

/* ---- JSON ---- */

enum status inspection_report_describe_digests(struct json *root,
                                               const struct dataset_survey *survey)
{
    struct json *object = json_make_object();
    TRY(json_set(root, "digests", object)); /* owned by the root, or gone */
    TRY(json_set(object, "good", json_make_boolean(survey->damage_count == 0)));
    TRY(json_set(object, "bad", json_make_integer(survey->damage_count)));
    struct json *list = json_make_array();
    TRY(json_set(object, "messages", list));
    for (int64_t i = 0; i < survey->damage_count && i < DATASET_SURVEY_DAMAGES; i++)
        TRY(json_append(list, json_make_text(survey->damages[i].message)));
    return OK;
}

static enum status describe_checks(struct json *root, const struct data_findings *findings)
{
    struct json *checks = json_make_object();
    TRY(json_set(root, "checks", checks));
    for (int i = 0; i < DATA_CHECK_KINDS; i++) {
        enum data_check check = (enum data_check)i;
        struct json *object = json_make_object();
        TRY(json_set(checks, data_checks_name(check), object));
        TRY(json_set(object, "count", json_make_integer(findings->counts[i])));
        TRY(json_set(object, "fault", json_make_boolean(data_checks_is_fault(check))));
        TRY(json_set(object, "rule", json_make_text(data_checks_rule(check))));
    }
    return OK;
}

/* Numbers that there are not, are null. */
static struct json *place(int64_t value)
{
    return value >= 0 ? json_make_integer(value) : json_make_null();
}

static enum status describe_finding(struct json *list, const struct dataset *dataset,
                                    const struct data_finding *finding)
{
    struct json *object = json_make_object();
    TRY(json_append(list, object));
    TRY(json_set(object, "check", json_make_text(data_checks_name(finding->check))));
    TRY(json_set(object, "shard", json_make_integer(shard_of(dataset, finding))));
    TRY(json_set(object, "case", json_make_integer(finding->case_index)));
    TRY(json_set(object, "frame", place(finding->frame)));
    TRY(json_set(object, "field", json_make_text(finding->field)));
    TRY(json_set(object, "x", place(finding->x)));
    TRY(json_set(object, "y", place(finding->y)));
    TRY(json_set(object, "values", json_make_integer(finding->cells)));
    return json_set(object, "value", json_make_real(finding->value));
}

static enum status describe_findings(struct json *root, const struct dataset *dataset,
                                     const struct data_findings *findings)
{
    struct json *list = json_make_array();
    TRY(json_set(root, "findings", list));
    for (size_t i = 0; i < findings->kept_count; i++)
        TRY(describe_finding(list, dataset, &findings->kept[i]));
    return OK;
}

static enum status describe_row(struct json *parent, const char *name,
                                const struct field_statistics *row)
{
    double none = row->count > 0 ? 0 : (double)NAN; /* null where there is no value */
    struct json *object = json_make_object();
    TRY(json_set(parent, name, object));
    TRY(json_set(object, "min", json_make_real(row->least + none)));
    TRY(json_set(object, "max", json_make_real(row->most + none)));
    TRY(json_set(object, "mean", json_make_real(row->mean + none)));
    TRY(json_set(object, "rms", json_make_real(field_statistics_rms(row))));
    TRY(json_set(object, "deviation", json_make_real(field_statistics_deviation(row))));
    TRY(json_set(object, "count", json_make_integer(row->count)));
    return json_set(object, "not_finite", json_make_integer(row->not_finite));
}

static enum status describe_rows(struct json *parent, const char *name,
                                 const struct field_statistics *rows)
{
    struct json *object = json_make_object();
    TRY(json_set(parent, name, object));
    for (int i = 0; i < FIELD_STATISTICS_ROWS; i++)
        TRY(describe_row(object, field_statistics_name(i), &rows[i]));
    return OK;
}

static enum status describe_statistics(struct json *root, const struct dataset *dataset,
                                       const struct dataset_survey *survey)
{
    struct json *object = json_make_object();
    TRY(json_set(root, "statistics", object));
    TRY(describe_rows(object, "all", survey->all));
    for (int split = 0; split < SPLIT_COUNT; split++)
        if (dataset_get_info(dataset)->split_counts[split] > 0)
            TRY(describe_rows(object, split_name((enum split)split), survey->splits[split]));
    return OK;
}

enum status inspection_report_describe(struct json *root, const struct dataset *dataset,
                                       const struct dataset_survey *survey)
{
    TRY(inspection_report_describe_digests(root, survey));
    TRY(describe_checks(root, &survey->findings));
    TRY(describe_findings(root, dataset, &survey->findings));
    return describe_statistics(root, dataset, survey);
}
