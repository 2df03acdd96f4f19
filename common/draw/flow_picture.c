/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_picture.h"

#include "animation.h"
#include "array.h"
#include "picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WORDS = 192, FRAME_PANELS = 3, MOVING_PANELS = 2 };

static const enum flow_picture_field frame_panels[FRAME_PANELS] = {
    FLOW_PICTURE_DENSITY, FLOW_PICTURE_SPEED, FLOW_PICTURE_VORTICITY};
static const enum flow_picture_field moving_panels[MOVING_PANELS] = {FLOW_PICTURE_SPEED,
                                                                     FLOW_PICTURE_VORTICITY};

static const struct {
    const char *name;
    struct picture_scale scale;
    const char *error_label, *full_label;
} looks[FLOW_PICTURE_FIELDS] = {
    [FLOW_PICTURE_DENSITY] = {"density",
                              {.label = "(ρ − 1) / (3 U²)",
                               .map = COLORMAP_DIVERGING,
                               .limits = PICTURE_ROBUST},
                              "Δρ / (3 U²)",
                              "density  (ρ − 1) / (3 U²)"},
    [FLOW_PICTURE_SPEED] = {"speed",
                            {.label = "|u| / U", .map = COLORMAP_SEQUENTIAL},
                            "Δ|u| / U",
                            "speed  |u| / U"},
    [FLOW_PICTURE_STREAM] = {"streamwise velocity",
                             {.label = "u_x / U", .map = COLORMAP_SEQUENTIAL},
                             "Δu_x / U",
                             "streamwise velocity  u_x / U"},
    [FLOW_PICTURE_CROSS] = {"cross-stream velocity",
                            {.label = "u_y / U", .map = COLORMAP_DIVERGING, .contours = 4},
                            "Δu_y / U",
                            "cross-stream velocity  u_y / U"},
    [FLOW_PICTURE_VORTICITY] =
        {"vorticity",
         {.label = "ω D / U", .map = COLORMAP_DIVERGING, .limits = PICTURE_ROBUST, .contours = 6},
         "Δω D / U",
         "vorticity  ω D / U"},
};

const char *flow_picture_name(enum flow_picture_field field)
{
    return looks[field].name;
}

struct picture_scale flow_picture_scale(enum flow_picture_field field)
{
    struct picture_scale scale = looks[field].scale;
    scale.label = looks[field].full_label;
    return scale;
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static float vorticity_at(const float *frame, const struct flow *flow, int64_t i, int64_t j)
{
    int64_t ny = flow->ny, cells = frames_cells(flow);
    const float *ux = frame + FRAME_UX * cells, *uy = frame + FRAME_UY * cells;
    int64_t left = i > 0 ? i - 1 : i, right = i + 1 < flow->nx ? i + 1 : i;
    int64_t below = j > 0 ? j - 1 : j, above = j + 1 < ny ? j + 1 : j;
    double x = (double)(right > left ? right - left : 1);
    double y = (double)(above > below ? above - below : 1);
    double turn = (uy[right * ny + j] - uy[left * ny + j]) / x -
                  (ux[i * ny + above] - ux[i * ny + below]) / y;
    return (float)(turn * flow->length / flow->speed);
}

void flow_picture_derive(float *out, enum flow_picture_field field, const float *frame,
                         const struct flow *flow)
{
    int64_t cells = frames_cells(flow);
    const float *rho = frame, *ux = frame + FRAME_UX * cells, *uy = frame + FRAME_UY * cells;
    double speed = flow->speed;
    for (int64_t c = 0; c < cells; c++) {
        switch (field) {
        case FLOW_PICTURE_DENSITY:
            out[c] = (float)((rho[c] - 1) / (3 * speed * speed));
            break;
        case FLOW_PICTURE_SPEED:
            out[c] = (float)(hypot((double)ux[c], (double)uy[c]) / speed);
            break;
        case FLOW_PICTURE_STREAM:
            out[c] = (float)(ux[c] / speed);
            break;
        case FLOW_PICTURE_CROSS:
            out[c] = (float)(uy[c] / speed);
            break;
        default:
            out[c] = vorticity_at(frame, flow, c / flow->ny, c % flow->ny);
        }
    }
}

char *flow_picture_time(char *out, size_t size, const struct flow *flow, double step)
{
    snprintf(out, size, "t U / D = %.1f", step * flow->speed / flow->length);
    return out;
}

static char *facts(char *out, size_t size, const struct flow *flow)
{
    int used = snprintf(out, size, "%s, Re = %.4g, D = %.4g cells, U = %.3g", flow->family,
                        flow->reynolds, flow->length, flow->speed);
    if (flow->refine > 0 && used > 0 && (size_t)used < size)
        snprintf(out + used, size - (size_t)used, ", solver at r = %lld", (long long)flow->refine);
    return out;
}

/* What every picture of one flow has in common. */
static struct picture base_of(const struct flow *flow, int64_t rows, int64_t columns,
                              const struct picture_panel *panels)
{
    return (struct picture){.nx = flow->nx,
                            .ny = flow->ny,
                            .rows = rows,
                            .columns = columns,
                            .panels = panels,
                            .axes = PICTURE_AXES_LENGTH,
                            .length = flow->length,
                            .origin_x = flow->x,
                            .origin_y = flow->y};
}

enum status flow_picture_write_frame(const char *path, const struct flow *flow, const float *frame,
                                     const float *sdf, const struct picture_outlines *outlines,
                                     double step, const char *title)
{
    enum status status = OK;
    char name[WORDS], about[WORDS], time[WORDS];
    struct picture_panel panels[FRAME_PANELS];
    struct picture_scale scales[FRAME_PANELS];
    int64_t cells = frames_cells(flow);
    float *fields = NULL;
    TRY_GOTO(ARRAY_NEW(fields, FRAME_PANELS * cells), cleanup);
    for (int64_t k = 0; k < FRAME_PANELS; k++) {
        enum flow_picture_field field = frame_panels[k];
        flow_picture_derive(fields + k * cells, field, frame, flow);
        scales[k] = looks[field].scale;
        panels[k] = (struct picture_panel){.values = fields + k * cells,
                                           .sdf = sdf,
                                           .outlines = outlines,
                                           .title = looks[field].name,
                                           .scale = k};
    }
    snprintf(name, sizeof name, "Flow past a body: %s", flow->family);
    struct picture picture = base_of(flow, 1, FRAME_PANELS, panels);
    picture.title = title != NULL ? title : name;
    picture.subtitle = facts(about, sizeof about, flow);
    picture.time = flow_picture_time(time, sizeof time, flow, step);
    picture.scales = scales;
    picture.scale_count = FRAME_PANELS;
    TRY_GOTO(picture_write_png(path, &picture), cleanup);
cleanup:
    array_free(fields);
    return status;
}

struct moving {
    float *fields;        /* [count][MOVING_PANELS][cells] */
    const float **values; /* [count][MOVING_PANELS] */
    char (*times)[WORDS];
    const char **time_labels;
};

static enum status derive_all(struct moving *m, const struct flow *flow, const float *frames,
                              int64_t count, double step)
{
    int64_t cells = frames_cells(flow);
    TRY(ARRAY_NEW(m->fields, count * MOVING_PANELS * cells));
    TRY(ARRAY_NEW(m->values, count * MOVING_PANELS));
    TRY(ARRAY_NEW(m->times, count));
    TRY(ARRAY_NEW(m->time_labels, count));
    for (int64_t frame = 0; frame < count; frame++) {
        for (int64_t k = 0; k < MOVING_PANELS; k++) {
            float *field = m->fields + (frame * MOVING_PANELS + k) * cells;
            flow_picture_derive(field, moving_panels[k], frames + frame * FRAME_FIELDS * cells,
                                flow);
            m->values[frame * MOVING_PANELS + k] = field;
        }
        m->time_labels[frame] =
            flow_picture_time(m->times[frame], sizeof m->times[frame], flow,
                              step + (double)frame * (double)flow->frame_interval);
    }
    return OK;
}

enum status flow_picture_write_animation(const char *path, const struct flow *flow,
                                         const float *frames, int64_t count, const float *sdf,
                                         const struct picture_outlines *outlines, double step,
                                         const char *title)
{
    enum status status = OK;
    char name[WORDS], about[WORDS];
    struct picture_panel panels[MOVING_PANELS];
    struct picture_scale scales[MOVING_PANELS];
    struct moving m = {0};
    for (int64_t k = 0; k < MOVING_PANELS; k++) {
        scales[k] = looks[moving_panels[k]].scale;
        panels[k] = (struct picture_panel){
            .sdf = sdf, .outlines = outlines, .title = looks[moving_panels[k]].name, .scale = k};
    }
    TRY_GOTO(derive_all(&m, flow, frames, count, step), cleanup);
    snprintf(name, sizeof name, "Flow past a body: %s", flow->family);
    struct picture picture = base_of(flow, 1, MOVING_PANELS, panels);
    picture.title = title != NULL ? title : name;
    picture.subtitle = facts(about, sizeof about, flow);
    picture.scales = scales;
    picture.scale_count = MOVING_PANELS;
    picture.cell = clamp(floor(320.0 / (double)flow->nx), 1, 5);
    struct picture_frames moving = {.count = count, .values = m.values, .times = m.time_labels};
    TRY_GOTO(animation_write_gif(path, &picture, &moving, 0.1), cleanup);
cleanup:
    array_free(m.fields);
    array_free(m.values);
    array_free(m.times);
    array_free(m.time_labels);
    return status;
}

/* Fields and panels of a grid: its rows, then its error rows. */
struct sheet {
    float *fields;
    struct picture_panel *panels;
    const char **labels;
    char (*error_labels)[WORDS];
};

static void fill_error_row(struct sheet *sheet, const struct flow_picture_grid *grid, int64_t row)
{
    int64_t cells = frames_cells(grid->flow), columns = grid->columns;
    int64_t below = grid->rows + row - 1;
    snprintf(sheet->error_labels[row], WORDS, "error of %s", grid->row_labels[row]);
    sheet->labels[below] = sheet->error_labels[row];
    for (int64_t column = 0; column < columns; column++) {
        struct picture_panel *panel = &sheet->panels[below * columns + column];
        const float *truth = sheet->panels[column].values;
        const float *other = sheet->panels[row * columns + column].values;
        float *error = sheet->fields + (below * columns + column) * cells;
        *panel = (struct picture_panel){.sdf = grid->sdf, .outlines = grid->outlines, .scale = 1};
        if (truth == NULL || other == NULL)
            continue;
        for (int64_t c = 0; c < cells; c++)
            error[c] = other[c] - truth[c];
        panel->values = error;
    }
}

static enum status fill_sheet(struct sheet *sheet, const struct flow_picture_grid *grid,
                              int64_t rows)
{
    int64_t cells = frames_cells(grid->flow), count = rows * grid->columns;
    TRY(ARRAY_NEW(sheet->fields, count * cells));
    TRY(ARRAY_NEW(sheet->panels, count));
    TRY(ARRAY_NEW(sheet->labels, rows));
    TRY(ARRAY_NEW(sheet->error_labels, rows));
    for (int64_t k = 0; k < grid->rows * grid->columns; k++) {
        sheet->panels[k] =
            (struct picture_panel){.sdf = grid->sdf,
                                   .outlines = grid->outlines,
                                   .note = grid->notes != NULL ? grid->notes[k] : NULL};
        if (grid->frames[k] == NULL)
            continue;
        flow_picture_derive(sheet->fields + k * cells, grid->field, grid->frames[k], grid->flow);
        sheet->panels[k].values = sheet->fields + k * cells;
    }
    for (int64_t row = 0; row < grid->rows; row++)
        sheet->labels[row] = grid->row_labels[row];
    for (int64_t row = 1; row < grid->rows && rows > grid->rows; row++)
        fill_error_row(sheet, grid, row);
    return OK;
}

static struct picture_scale error_scale(char *label, enum flow_picture_field field)
{
    snprintf(label, WORDS, "%s error  %s", looks[field].name, looks[field].error_label);
    return (struct picture_scale){
        .label = label, .map = COLORMAP_DIVERGING, .limits = PICTURE_ROBUST};
}

enum status flow_picture_write_grid(const char *path, const struct flow_picture_grid *grid)
{
    enum status status = OK;
    char about[WORDS], error_label[WORDS];
    struct sheet sheet = {0};
    int errors = grid->errors == FLOW_PICTURE_ERRORS && grid->rows > 1;
    int64_t rows = grid->rows + (errors ? grid->rows - 1 : 0);
    const struct picture_scale scales[2] = {flow_picture_scale(grid->field),
                                            error_scale(error_label, grid->field)};
    TRY_GOTO(fill_sheet(&sheet, grid, rows), cleanup);
    struct picture picture = base_of(grid->flow, rows, grid->columns, sheet.panels);
    picture.title = grid->title;
    picture.zoom = grid->zoom;
    picture.subtitle =
        grid->subtitle != NULL ? grid->subtitle : facts(about, sizeof about, grid->flow);
    picture.scales = scales;
    picture.scale_count = errors ? 2 : 1;
    picture.row_labels = sheet.labels;
    picture.column_labels = grid->column_labels;
    TRY_GOTO(picture_write_png(path, &picture), cleanup);
cleanup:
    array_free(sheet.fields);
    array_free(sheet.panels);
    array_free(sheet.labels);
    array_free(sheet.error_labels);
    return status;
}

static enum status check_sizes(int64_t count, const struct flow *const *flows)
{
    if (count < 1)
        return FAIL(ERR_DATA, "there is no case to draw");
    for (int64_t k = 1; k < count; k++) {
        if (flows[k]->nx != flows[0]->nx || flows[k]->ny != flows[0]->ny)
            return FAIL(ERR_DATA,
                        "cases of different canvas sizes cannot share a page: %lld x %lld and "
                        "%lld x %lld",
                        (long long)flows[0]->nx, (long long)flows[0]->ny, (long long)flows[k]->nx,
                        (long long)flows[k]->ny);
    }
    return OK;
}

/* Short enough to stand above a panel: the picture shows what the bodies are. */
static void write_contact_title(char *out, const struct flow *flow)
{
    enum { FAMILY = 22 };
    int cut = strlen(flow->family) > FAMILY;
    snprintf(out, WORDS, "%lld  %.*s%s, Re %.4g", (long long)flow->index, FAMILY - cut,
             flow->family, cut ? "…" : "", flow->reynolds);
}

enum status flow_picture_write_contact(const char *path, const char *title, int64_t count,
                                       const struct flow *const *flows, const float *const *frames,
                                       const float *const *sdfs,
                                       const struct picture_outlines *const *outlines,
                                       enum flow_picture_field field)
{
    enum status status = OK;
    float *fields = NULL;
    struct picture_panel *panels = NULL;
    char(*titles)[WORDS] = NULL;
    TRY(check_sizes(count, flows));
    int64_t cells = frames_cells(flows[0]);
    int64_t columns = (int64_t)ceil(sqrt(1.3 * (double)count));
    columns = columns > count ? count : columns;
    int64_t rows = (count + columns - 1) / columns;
    TRY_GOTO(ARRAY_NEW(fields, count * cells), cleanup);
    TRY_GOTO(ARRAY_NEW(panels, rows * columns), cleanup);
    TRY_GOTO(ARRAY_NEW(titles, count), cleanup);
    for (int64_t k = 0; k < count; k++) {
        flow_picture_derive(fields + k * cells, field, frames[k], flows[k]);
        write_contact_title(titles[k], flows[k]);
        panels[k] = (struct picture_panel){.values = fields + k * cells,
                                           .sdf = sdfs[k],
                                           .outlines = outlines != NULL ? outlines[k] : NULL,
                                           .title = titles[k]};
    }
    struct picture picture = base_of(flows[0], rows, columns, panels);
    picture.title = title;
    picture.axes = PICTURE_AXES_NONE;
    const struct picture_scale scale = flow_picture_scale(field);
    picture.scales = &scale;
    picture.scale_count = 1;
    TRY_GOTO(picture_write_png(path, &picture), cleanup);
cleanup:
    array_free(fields);
    array_free(panels);
    array_free(titles);
    return status;
}
