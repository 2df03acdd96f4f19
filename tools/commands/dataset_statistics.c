/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_statistics.h"

#include <math.h>

/* Welford's update: no cancellation whatever the mean. What is not finite (a forecast has no
 * forces) does not count. */
static void add(struct dataset_statistics_row *row, double value)
{
    if (!isfinite(value))
        return;
    row->count++;
    double step = value - row->mean;
    row->mean += step / (double)row->count;
    row->square += step * (value - row->mean);
    row->least = fmin(row->least, value);
    row->most = fmax(row->most, value);
}

static void add_record(struct dataset_statistics *out, const struct case_record *record)
{
    int64_t cells = frames_cells(&record->flow);
    for (int64_t t = 0; t < record->frames; t++) {
        const float *frame = case_record_frame(record, t);
        for (int field = 0; field < FRAME_FIELDS; field++)
            for (int64_t i = 0; i < cells; i++)
                if (!record->mask[i])
                    add(&out->rows[field], frame[field * cells + i]);
        add(&out->rows[DATASET_STATISTICS_DRAG], record->drag[t]);
        add(&out->rows[DATASET_STATISTICS_LIFT], record->lift[t]);
    }
}

static void finish(struct dataset_statistics *out)
{
    for (int i = 0; i < DATASET_STATISTICS_ROWS; i++) {
        struct dataset_statistics_row *row = &out->rows[i];
        double none = nan("");
        row->deviation = row->count > 0 ? sqrt(row->square / (double)row->count) : none;
        if (row->count == 0)
            row->mean = row->least = row->most = none;
    }
}

enum status dataset_statistics_gather(struct dataset_statistics *out, const struct dataset *dataset,
                                      const struct stop *stop)
{
    static const char *const names[] = {"density", "ux", "uy", "drag", "lift"};
    for (int i = 0; i < DATASET_STATISTICS_ROWS; i++)
        out->rows[i] =
            (struct dataset_statistics_row){.name = names[i], .least = HUGE_VAL, .most = -HUGE_VAL};
    for (int64_t k = 0; k < dataset_get_info(dataset)->shards; k++) {
        struct dataset_shard *shard = NULL;
        if (stop_requested(stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "stopped while reading the dataset");
        TRY(dataset_read_shard(&shard, dataset, k, 0));
        for (int64_t i = 0; i < shard->count; i++)
            add_record(out, shard->records[i]);
        dataset_shard_destroy(shard);
    }
    finish(out);
    return OK;
}

void dataset_statistics_print(FILE *stream, const struct dataset_statistics *statistics)
{
    fprintf(stream, "\nfield           mean   deviation       least        most\n");
    for (int i = 0; i < DATASET_STATISTICS_ROWS; i++) {
        const struct dataset_statistics_row *row = &statistics->rows[i];
        fprintf(stream, "%-9s %11.5f %11.5f %11.5f %11.5f\n", row->name, row->mean, row->deviation,
                row->least, row->most);
    }
}

static enum status describe_row(struct json *parent, const struct dataset_statistics_row *row)
{
    enum status status = OK;
    struct json *object = json_make_object();
    if (object == NULL)
        return ERR_MEMORY;
    TRY_GOTO(json_set(object, "mean", json_make_real(row->mean)), cleanup);
    TRY_GOTO(json_set(object, "deviation", json_make_real(row->deviation)), cleanup);
    TRY_GOTO(json_set(object, "least", json_make_real(row->least)), cleanup);
    TRY_GOTO(json_set(object, "most", json_make_real(row->most)), cleanup);
    status = json_set(parent, row->name, object);
    object = NULL;
cleanup:
    json_destroy(object);
    return status;
}

enum status dataset_statistics_describe(struct json *root,
                                        const struct dataset_statistics *statistics)
{
    enum status status = OK;
    struct json *rows = json_make_object();
    if (rows == NULL)
        return ERR_MEMORY;
    for (int i = 0; i < DATASET_STATISTICS_ROWS; i++)
        TRY_GOTO(describe_row(rows, &statistics->rows[i]), cleanup);
    status = json_set(root, "statistics", rows);
    rows = NULL;
cleanup:
    json_destroy(rows);
    return status;
}
