/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_figures.h"

#include "animation.h"
#include "array.h"
#include "picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 128, SHEET_CASES = 12, SHEET_COLUMNS = 4, MOVIE_PANELS = 4 };

static const double SECONDS_PER_FRAME = 0.12;

static const struct picture_scale vorticity_scale = {
    .label = "vorticity ω D / U", .map = COLORMAP_DIVERGING, .limits = PICTURE_ROBUST};

void flow_figures_describe(char *out, size_t size, const struct flow *flow)
{
    snprintf(out, size, "%s, Re %.4g, D = %.4g cells, solver r = %lld", flow->family,
             flow->reynolds, flow->length, (long long)flow->refine);
}

/* omega D / U = (dv/dx - du/dy) D / U of one frame by differences between neighbours. Bodies count
 * as fluid at rest, which is what their walls are; the canvas edge takes one-sided differences. The
 * judge's vorticity (frames_vorticity) leaves both out instead. */
static void vorticity(float *out, const float *frame, const struct flow *flow)
{
    int64_t nx = flow->nx, ny = flow->ny;
    const float *u = frame + nx * ny, *v = frame + 2 * nx * ny;
    double factor = flow->length / flow->speed;
    for (int64_t i = 0; i < nx; i++) {
        int64_t left = i > 0 ? i - 1 : i, right = i < nx - 1 ? i + 1 : i;
        for (int64_t j = 0; j < ny; j++) {
            int64_t down = j > 0 ? j - 1 : j, up = j < ny - 1 ? j + 1 : j;
            double dv = ((double)v[right * ny + j] - v[left * ny + j]) / (double)(right - left);
            double du = ((double)u[i * ny + up] - u[i * ny + down]) / (double)(up - down);
            out[i * ny + j] = (float)(factor * (dv - du));
        }
    }
}

/* Panels with values and labels of their own. */
struct sheet {
    int64_t count;
    float *values, *sdf; /* [count][cells] */
    struct picture_panel panels[SHEET_CASES];
    char titles[SHEET_CASES][LABEL];
};

static void add_case(struct sheet *sheet, const struct case_record *record)
{
    int64_t cells = frames_cells(&record->flow), k = sheet->count++;
    float *values = sheet->values + k * cells, *sdf = sheet->sdf + k * cells;
    vorticity(values, case_record_frame(record, record->frames - 1), &record->flow);
    memcpy(sdf, record->sdf, (size_t)cells * sizeof *sdf);
    snprintf(sheet->titles[k], LABEL, "%lld: %s, Re %.0f", (long long)record->flow.index,
             record->flow.family, record->flow.reynolds);
    sheet->panels[k] =
        (struct picture_panel){.values = values, .sdf = sdf, .title = sheet->titles[k]};
}

/* Cases spread over the whole dataset. */
static enum status fill_sheet(struct sheet *sheet, const struct dataset *dataset)
{
    const struct dataset_info *info = dataset_get_info(dataset);
    int64_t cells = info->nx * info->ny;
    int64_t count = info->cases < SHEET_CASES ? info->cases : SHEET_CASES;
    TRY(ARRAY_NEW(sheet->values, SHEET_CASES * cells));
    TRY(ARRAY_NEW(sheet->sdf, SHEET_CASES * cells));
    for (int64_t k = 0; k < count; k++) {
        struct case_record *record = NULL;
        int64_t number = count > 1 ? k * (info->cases - 1) / (count - 1) : 0;
        if (dataset_get_case(dataset, number)->reason[0] != '\0')
            continue;
        TRY(dataset_read_case(&record, dataset, number, CASE_RECORD_DROP_STARTS));
        add_case(sheet, record);
        case_record_destroy(record);
    }
    return OK;
}

enum status flow_figures_cases(const char *path, const struct dataset *dataset)
{
    enum status status = OK;
    struct sheet sheet = {.count = 0};
    const struct dataset_info *info = dataset_get_info(dataset);
    TRY_GOTO(fill_sheet(&sheet, dataset), cleanup);
    int64_t columns = sheet.count < SHEET_COLUMNS ? sheet.count : SHEET_COLUMNS;
    if (columns == 0)
        TRY_GOTO(FAIL(ERR_DATA, "dataset '%s' holds no finished case", info->name), cleanup);
    const struct picture picture = {.title = info->name,
                                    .subtitle = "last frame of cases spread over the dataset",
                                    .nx = info->nx,
                                    .ny = info->ny,
                                    .rows = (sheet.count + columns - 1) / columns,
                                    .columns = columns,
                                    .panels = sheet.panels,
                                    .scales = &vorticity_scale,
                                    .scale_count = 1};
    TRY_GOTO(picture_write_png(path, &picture), cleanup);
cleanup:
    array_free(sheet.values);
    array_free(sheet.sdf);
    return status;
}

enum { FIELDS = 4 };

/* The four scalar fields of a frame: [FIELDS][cells]. */
static void fill_fields(float *out, const struct case_record *record, const float *frame)
{
    const struct flow *flow = &record->flow;
    int64_t cells = frames_cells(flow);
    const float *rho = frame, *ux = frame + cells, *uy = frame + 2 * cells;
    double speed = flow->speed;
    vorticity(out, frame, flow);
    for (int64_t i = 0; i < cells; i++) {
        double x = ux[i] / speed, y = uy[i] / speed;
        out[cells + i] = (float)sqrt(x * x + y * y);
        out[2 * cells + i] = (float)((rho[i] - 1) / (3 * speed * speed));
        out[3 * cells + i] = (float)y;
    }
}

/* Time since frame 0 in the flow's own units, t U / D. */
static double flow_time(const struct flow *flow, int64_t index)
{
    return (double)(index * flow->frame_interval) * flow->speed / flow->length;
}

enum status flow_figures_fields(const char *path, const struct case_record *record, int64_t index)
{
    static const struct picture_scale scales[FIELDS] = {
        {.label = "ω D / U", .map = COLORMAP_DIVERGING, .limits = PICTURE_ROBUST},
        {.label = "|u| / U", .map = COLORMAP_SEQUENTIAL, .limits = PICTURE_FULL},
        {.label = "(ρ - 1) / (3 U²)", .map = COLORMAP_DIVERGING, .limits = PICTURE_ROBUST},
        {.label = "v / U", .map = COLORMAP_DIVERGING, .limits = PICTURE_FULL}};
    static const char *const titles[FIELDS] = {"vorticity", "speed", "density",
                                               "velocity across the stream"};
    enum status status = OK;
    const struct flow *flow = &record->flow;
    float *values = NULL;
    char subtitle[LABEL], time[LABEL];
    struct picture_panel panels[FIELDS];
    int64_t cells = frames_cells(flow);
    TRY_GOTO(ARRAY_NEW(values, FIELDS * cells), cleanup);
    fill_fields(values, record, case_record_frame(record, index));
    for (int i = 0; i < FIELDS; i++)
        panels[i] = (struct picture_panel){
            .values = values + i * cells, .sdf = record->sdf, .title = titles[i], .scale = i};
    flow_figures_describe(subtitle, sizeof subtitle, flow);
    snprintf(time, sizeof time, "t U / D = %.1f", flow_time(flow, index));
    const struct picture picture = {.title = "Flow past a body",
                                    .subtitle = subtitle,
                                    .time = time,
                                    .nx = flow->nx,
                                    .ny = flow->ny,
                                    .rows = 1,
                                    .columns = FIELDS,
                                    .panels = panels,
                                    .scales = scales,
                                    .scale_count = FIELDS,
                                    .axes = PICTURE_AXES_LENGTH,
                                    .length = flow->length,
                                    .origin_x = flow->x,
                                    .origin_y = flow->y};
    TRY_GOTO(picture_write_png(path, &picture), cleanup);
cleanup:
    array_free(values);
    return status;
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
        snprintf(reel->texts[t], LABEL, "t U / D = %.1f", flow_time(flow, t));
        reel->times[t] = reel->texts[t];
        for (int64_t k = 0; k < panels; k++) {
            const struct case_record *record = movie->records[k];
            int64_t frame = movie->first[k] + t;
            if (frame >= record->frames)
                continue;
            float *field = reel->values + (t * panels + k) * cells;
            vorticity(field, case_record_frame(record, frame), flow);
            reel->fields[t * panels + k] = field;
        }
    }
    return OK;
}

enum status flow_figures_animation(const char *path, const struct flow_figures_movie *movie)
{
    enum status status = OK;
    struct reel reel = {.values = NULL};
    const struct flow *flow = &movie->records[0]->flow;
    struct picture_panel panels[MOVIE_PANELS];
    char subtitle[LABEL];
    TRY_GOTO(fill_reel(&reel, movie), cleanup);
    for (int64_t k = 0; k < movie->count; k++)
        panels[k] = (struct picture_panel){
            .values = reel.fields[k], .sdf = movie->records[k]->sdf, .title = movie->names[k]};
    flow_figures_describe(subtitle, sizeof subtitle, flow);
    const struct picture picture = {.title = movie->title,
                                    .subtitle = subtitle,
                                    .nx = flow->nx,
                                    .ny = flow->ny,
                                    .rows = 1,
                                    .columns = movie->count,
                                    .panels = panels,
                                    .scales = &vorticity_scale,
                                    .scale_count = 1,
                                    .axes = PICTURE_AXES_LENGTH,
                                    .length = flow->length,
                                    .origin_x = flow->x,
                                    .origin_y = flow->y};
    const struct picture_frames frames = {
        .count = movie->frames, .values = reel.fields, .times = reel.times};
    TRY_GOTO(animation_write_gif(path, &picture, &frames, SECONDS_PER_FRAME), cleanup);
cleanup:
    array_free(reel.values);
    array_free(reel.fields);
    array_free(reel.texts);
    array_free(reel.times);
    return status;
}

/* The notes above the panels of an entry: its error at that instant. */
static void note_error(char *out, const struct evaluation *evaluation, int64_t entry,
                       int64_t rollout, int64_t step)
{
    double error = evaluation_value(evaluation, entry, rollout, step, METRICS_VELOCITY);
    if (isfinite(error))
        snprintf(out, LABEL, "%.1f %%", 100 * error);
    else
        snprintf(out, LABEL, "diverged");
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

/* Rows of a comparison: the truth, then the entries that took part. */
struct comparison {
    int64_t rows, rollout;
    float *values; /* [rows][EVALUATION_INSTANTS][cells] */
    struct picture_panel panels[(EVALUATION_ENTRIES + 1) * EVALUATION_INSTANTS];
    char notes[(EVALUATION_ENTRIES + 1) * EVALUATION_INSTANTS][LABEL];
    const char *row_labels[EVALUATION_ENTRIES + 1];
    char column_texts[EVALUATION_INSTANTS][LABEL];
    const char *column_labels[EVALUATION_INSTANTS];
};

static void add_row(struct comparison *out, const struct evaluation_picture *picture,
                    const float *frames, const char *name)
{
    const struct flow *flow = &picture->flow;
    int64_t cells = frames_cells(flow);
    for (int k = 0; k < EVALUATION_INSTANTS; k++) {
        int64_t at = out->rows * EVALUATION_INSTANTS + k;
        float *values = out->values + at * cells;
        vorticity(values, frames + (int64_t)k * FRAME_FIELDS * cells, flow);
        out->panels[at] =
            (struct picture_panel){.values = values, .sdf = picture->sdf, .note = out->notes[at]};
    }
    out->row_labels[out->rows++] = name;
}

static enum status fill_comparison(struct comparison *out, const struct evaluation *evaluation,
                                   const struct evaluation_picture *picture)
{
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    const struct flow *flow = &picture->flow;
    int64_t cells = frames_cells(flow);
    int64_t one = EVALUATION_INSTANTS * FRAME_FIELDS * cells;
    TRY(ARRAY_NEW(out->values, (options->count + 1) * EVALUATION_INSTANTS * cells));
    add_row(out, picture, picture->truth, "truth");
    for (int64_t entry = 0; entry < options->count; entry++) {
        if (evaluation_absence(evaluation, entry)[0] != '\0')
            continue;
        for (int k = 0; k < EVALUATION_INSTANTS; k++)
            note_error(out->notes[out->rows * EVALUATION_INSTANTS + k], evaluation, entry,
                       out->rollout, picture->steps[k]);
        add_row(out, picture, picture->forecasts + entry * one,
                options->entries[entry].forecaster->name);
    }
    for (int k = 0; k < EVALUATION_INSTANTS; k++) {
        snprintf(out->column_texts[k], LABEL, "frame %lld, t U / D = %.1f",
                 (long long)picture->steps[k], flow_time(flow, picture->steps[k]));
        out->column_labels[k] = out->column_texts[k];
    }
    return OK;
}

enum status flow_figures_comparison(const char *path, const struct evaluation *evaluation,
                                    const struct evaluation_picture *picture)
{
    enum status status = OK;
    char subtitle[LABEL];
    struct comparison *comparison = calloc(1, sizeof *comparison);
    if (comparison == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    comparison->rollout = find_rollout(evaluation, picture);
    if (comparison->rollout < 0)
        TRY_GOTO(FAIL(ERR_INTERNAL, "a picture belongs to no rollout"), cleanup);
    TRY_GOTO(fill_comparison(comparison, evaluation, picture), cleanup);
    flow_figures_describe(subtitle, sizeof subtitle, &picture->flow);
    const struct picture drawn = {.title = "Truth and forecasts at the same instants",
                                  .subtitle = subtitle,
                                  .nx = picture->flow.nx,
                                  .ny = picture->flow.ny,
                                  .rows = comparison->rows,
                                  .columns = EVALUATION_INSTANTS,
                                  .panels = comparison->panels,
                                  .scales = &vorticity_scale,
                                  .scale_count = 1,
                                  .row_labels = comparison->row_labels,
                                  .column_labels = comparison->column_labels,
                                  .axes = PICTURE_AXES_NONE};
    TRY_GOTO(picture_write_png(path, &drawn), cleanup);
cleanup:
    array_free(comparison->values);
    free(comparison);
    return status;
}
