/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_figures.h"

#include "animation.h"
#include "array.h"
#include "flow_picture.h"
#include "picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LABEL = 128, SHEET_CASES = 12 };

static const double SECONDS_PER_FRAME = 0.12;
static const double CELL = 4; /* page units of a moving panel's cell: pages embed the files */

void flow_figures_describe(char *out, size_t size, const struct flow *flow)
{
    snprintf(out, size, "%s, Re %.4g, D = %.4g cells, solver r = %lld", flow->family,
             flow->reynolds, flow->length, (long long)flow->refine);
}

/* Cases of a contact sheet. */
struct sheet {
    int64_t count;
    struct case_record *records[SHEET_CASES]; /* owned */
    const struct flow *flows[SHEET_CASES];
    const float *frames[SHEET_CASES], *sdfs[SHEET_CASES];
    struct flow_outline found[SHEET_CASES]; /* owned */
    const struct picture_outlines *outlines[SHEET_CASES];
};

static enum status fill_sheet(struct sheet *sheet, const struct dataset *dataset)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    int64_t wanted = info->cases < SHEET_CASES ? info->cases : SHEET_CASES;
    for (int64_t k = 0; k < wanted; k++) {
        int64_t number = wanted > 1 ? k * (info->cases - 1) / (wanted - 1) : 0;
        if (dataset_get_case(dataset, number)->reason[0] != '\0')
            continue;
        struct case_record *record;
        TRY(dataset_read_case(&record, dataset, number, CASE_RECORD_DROP_STARTS));
        flow_outline_look_up(&sheet->found[sheet->count], dataset, &record->flow);
        sheet->outlines[sheet->count] = &sheet->found[sheet->count].shown;
        sheet->records[sheet->count] = record;
        sheet->flows[sheet->count] = &record->flow;
        sheet->frames[sheet->count] = case_record_frame(record, record->frames - 1);
        sheet->sdfs[sheet->count++] = record->sdf;
    }
    if (sheet->count == 0)
        return FAIL(ERR_DATA, "dataset '%s' holds no finished case", info->name);
    return OK;
}

enum status flow_figures_cases(const char *path, const struct dataset *dataset)
{
    enum status status = OK;
    struct sheet sheet = {.count = 0};
    TRY_GOTO(fill_sheet(&sheet, dataset), cleanup);
    TRY_GOTO(flow_picture_write_contact(path, dataset_get_info(dataset)->name, sheet.count,
                                        sheet.flows, sheet.frames, sheet.sdfs, sheet.outlines,
                                        FLOW_PICTURE_VORTICITY),
             cleanup);
cleanup:
    for (int64_t k = 0; k < sheet.count; k++) {
        case_record_destroy(sheet.records[k]);
        flow_outline_fini(&sheet.found[k]);
    }
    return status;
}

enum status flow_figures_fields(const char *path, const struct case_record *record,
                                const struct flow_outline *outline, int64_t index,
                                const char *title)
{
    const struct flow *flow = &record->flow;
    double step = (double)(flow->first_step + index * flow->frame_interval);
    return flow_picture_write_frame(path, flow, case_record_frame(record, index), record->sdf,
                                    &outline->shown, step, title);
}

/* Everything a movie's frames point to. */
struct reel {
    float *values;        /* [frames][panels][cells] */
    const float **fields; /* [frames][panels], NULL: empty */
    char (*texts)[LABEL]; /* [frames] */
    const char **times;   /* [frames] */
};

static enum status fill_reel(struct reel *reel, const struct flow_figures_movie *movie)
{
    const struct flow *flow = &movie->records[0]->flow;
    int64_t cells = frames_cells(flow), panels = movie->count;
    TRY(ARRAY_NEW(reel->values, movie->frames * panels * cells));
    TRY(ARRAY_NEW(reel->fields, movie->frames * panels));
    TRY(ARRAY_NEW(reel->texts, movie->frames));
    TRY(ARRAY_NEW(reel->times, movie->frames));
    for (int64_t t = 0; t < movie->frames; t++) {
        reel->times[t] =
            flow_picture_time(reel->texts[t], LABEL, flow, (double)(t * flow->frame_interval));
        for (int64_t k = 0; k < panels; k++) {
            const struct case_record *record = movie->records[k];
            int64_t frame = movie->first[k] + t;
            if (frame >= record->frames)
                continue;
            float *field = reel->values + (t * panels + k) * cells;
            flow_picture_derive(field, FLOW_PICTURE_VORTICITY, case_record_frame(record, frame),
                                flow);
            reel->fields[t * panels + k] = field;
        }
    }
    return OK;
}

enum status flow_figures_animation(const char *path, const struct flow_figures_movie *movie)
{
    enum status status = OK;
    const struct picture_scale scale = flow_picture_scale(FLOW_PICTURE_VORTICITY);
    struct reel reel = {.values = NULL};
    const struct flow *flow = &movie->records[0]->flow;
    struct picture_panel panels[FLOW_FIGURES_MOVIE];
    char subtitle[LABEL];
    TRY_GOTO(fill_reel(&reel, movie), cleanup);
    for (int64_t k = 0; k < movie->count; k++)
        panels[k] = (struct picture_panel){.values = reel.fields[k],
                                           .sdf = movie->records[k]->sdf,
                                           .outlines = &movie->outline->shown,
                                           .title = movie->names[k]};
    flow_figures_describe(subtitle, sizeof subtitle, flow);
    const struct picture picture = {.title = movie->title,
                                    .subtitle = subtitle,
                                    .nx = flow->nx,
                                    .ny = flow->ny,
                                    .rows = 1,
                                    .columns = movie->count,
                                    .panels = panels,
                                    .scales = &scale,
                                    .scale_count = 1,
                                    .axes = PICTURE_AXES_LENGTH,
                                    .length = flow->length,
                                    .origin_x = flow->x,
                                    .origin_y = flow->y,
                                    .cell = CELL};
    const struct picture_frames frames = {.count = movie->frames,
                                          .values = reel.fields,
                                          .times = reel.times,
                                          .bodies = movie->bodies};
    TRY_GOTO(animation_write_gif(path, &picture, &frames, SECONDS_PER_FRAME), cleanup);
cleanup:
    array_free(reel.values);
    array_free(reel.fields);
    array_free(reel.texts);
    array_free(reel.times);
    return status;
}

/* The rollout that a picture is of; -1 when there is none. */
static int64_t find_rollout(const struct evaluation *evaluation,
                            const struct evaluation_picture *picture)
{
    for (int64_t k = 0; k < evaluation_rollouts(evaluation); k++) {
        const struct evaluation_rollout *rollout = evaluation_rollout_at(evaluation, k);
        if (rollout->flow.index == picture->flow.index && rollout->start == picture->start)
            return k;
    }
    return -1;
}

/* Rows of a comparison: the truth, then forecasters. */
struct comparison {
    int64_t rows, panels;
    const char *row_labels[EVALUATION_ENTRIES + 1];
    char column_texts[EVALUATION_INSTANTS][LABEL];
    const char *column_labels[EVALUATION_INSTANTS];
    const float *frames[(EVALUATION_ENTRIES + 1) * EVALUATION_INSTANTS];
    char note_texts[(EVALUATION_ENTRIES + 1) * EVALUATION_INSTANTS][LABEL];
    const char *notes[(EVALUATION_ENTRIES + 1) * EVALUATION_INSTANTS];
};

static void add_panel(struct comparison *out, const float *frame, double error)
{
    char *note = out->note_texts[out->panels];
    if (isfinite(error))
        snprintf(note, LABEL, "%.1f %%", 100 * error);
    out->notes[out->panels] = note;
    out->frames[out->panels++] = isfinite(frame[0]) ? frame : NULL;
}

/* Columns are headed by their frame's number, the panels below by its time. */
static void add_truth(struct comparison *out, const struct evaluation_picture *picture,
                      const char *name)
{
    int64_t size = FRAME_FIELDS * frames_cells(&picture->flow);
    out->row_labels[out->rows++] = name;
    for (int k = 0; k < EVALUATION_INSTANTS; k++) {
        flow_picture_time(out->note_texts[out->panels], LABEL, &picture->flow,
                          (double)(picture->steps[k] * picture->flow.frame_interval));
        snprintf(out->column_texts[k], LABEL, "frame %lld", (long long)picture->steps[k]);
        out->column_labels[k] = out->column_texts[k];
        add_panel(out, picture->truth + k * size, nan(""));
    }
}

static void add_entry(struct comparison *out, const struct evaluation *evaluation,
                      const struct evaluation_picture *picture, int64_t entry, int64_t rollout)
{
    int64_t size = FRAME_FIELDS * frames_cells(&picture->flow);
    out->row_labels[out->rows++] =
        evaluation_get_options(evaluation)->entries[entry].forecaster->name;
    for (int k = 0; k < EVALUATION_INSTANTS; k++)
        add_panel(
            out, picture->forecasts + (entry * EVALUATION_INSTANTS + k) * size,
            evaluation_value(evaluation, entry, rollout, picture->steps[k], METRICS_VELOCITY));
}

enum status flow_figures_comparison(const char *path, const struct evaluation *evaluation,
                                    const struct evaluation_picture *picture,
                                    const struct flow_outline *outline, enum flow_figures_rows rows,
                                    enum flow_figures_size size)
{
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    int64_t rollout = find_rollout(evaluation, picture);
    struct comparison *comparison = calloc(1, sizeof *comparison);
    if (comparison == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    add_truth(comparison, picture, rows == FLOW_FIGURES_EVERYONE ? "truth" : "solver");
    for (int64_t entry = 0; rollout >= 0 && entry < options->count; entry++)
        if (evaluation_absence(evaluation, entry)[0] == '\0' &&
            (rows == FLOW_FIGURES_EVERYONE || options->entries[entry].role == EVALUATION_CANDIDATE))
            add_entry(comparison, evaluation, picture, entry, rollout);
    const struct flow_picture_grid grid = {
        .title = rows == FLOW_FIGURES_EVERYONE ? "Truth and forecasts at the same instants"
                                               : "Solver and forecasts at the same instants",
        .flow = &picture->flow,
        .sdf = picture->sdf,
        .outlines = &outline->shown,
        .field = FLOW_PICTURE_VORTICITY,
        .rows = comparison->rows,
        .columns = EVALUATION_INSTANTS,
        .row_labels = comparison->row_labels,
        .column_labels = comparison->column_labels,
        .frames = comparison->frames,
        .notes = comparison->notes,
        .zoom = size == FLOW_FIGURES_PREVIEW ? 1 : 2};
    enum status status = flow_picture_write_grid(path, &grid);
    free(comparison);
    return status;
}
