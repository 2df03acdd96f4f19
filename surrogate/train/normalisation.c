/* SPDX-License-Identifier: Apache-2.0 */
#include "normalisation.h"

#include <math.h>
#include <string.h>

static const char *const scale_names[FRAME_FIELDS] = {"density", "ux", "uy"};

/* departure = (value - rest) * factor, per field. */
struct units {
    double stream[FRAME_FIELDS]; /* the free stream, in lattice units */
    double factor[FRAME_FIELDS]; /* lattice units to departures */
};

static struct units units_of(const struct flow *flow)
{
    double u = flow->speed;
    struct units units = {{1.0, u, 0.0}, {1.0 / (3.0 * u * u), 1.0 / u, 1.0 / u}};
    return units;
}

/* The value of every field in a body, in lattice units. */
static const double at_rest[FRAME_FIELDS] = {1.0, 0.0, 0.0};

void normalisation_add(struct normalisation_sum *sum, const struct flow *flow,
                       const unsigned char *mask, const float *frames, int64_t count)
{
    struct units units = units_of(flow);
    int64_t cells = frames_cells(flow);
    int64_t fluid = 0;
    for (int64_t i = 0; i < cells; i++)
        fluid += !mask[i];
    for (int64_t t = 0; t < count; t++)
        for (int field = 0; field < FRAME_FIELDS; field++) {
            const float *values = frames + (t * FRAME_FIELDS + field) * cells;
            double squares = 0.0;
            for (int64_t i = 0; i < cells; i++) {
                double departure = (values[i] - units.stream[field]) * units.factor[field];
                squares += mask[i] ? 0.0 : departure * departure;
            }
            sum->squares[field] += squares;
        }
    sum->cells += count * fluid;
}

enum status normalisation_finish(struct normalisation *out, const struct normalisation_sum *sum)
{
    if (sum->cells <= 0)
        return FAIL(ERR_DATA, "no fluid cell in the training split: there is nothing to scale by");
    for (int field = 0; field < FRAME_FIELDS; field++) {
        double scale = sqrt(sum->squares[field] / (double)sum->cells);
        if (!isfinite(scale))
            return FAIL(ERR_DATA, "the %s of the training split is not finite", scale_names[field]);
        out->scale[field] = scale > 0.0 ? scale : 1.0;
    }
    out->extras = 0;
    return OK;
}

/* The column of the tensor that shows column y of the frame, and the other way round. */
static int64_t side_column(const struct normalisation_view *view, int64_t y)
{
    return view->side == NORMALISATION_MIRRORED ? view->flow->ny - 1 - y : y;
}

static double side_sign(const struct normalisation_view *view, int field)
{
    return view->side == NORMALISATION_MIRRORED && field == FRAME_UY ? -1.0 : 1.0;
}

/* One field of one frame into channel `field` of a tensor of `channels`. */
static void write_field(float *tensor, int64_t channels, const struct normalisation *normalisation,
                        const struct normalisation_view *view, const float *values, int field)
{
    struct units units = units_of(view->flow);
    double factor = side_sign(view, field) * units.factor[field] / normalisation->scale[field];
    double stream = units.stream[field];
    int64_t ny = view->flow->ny;
    for (int64_t x = 0; x < view->flow->nx; x++)
        for (int64_t y = 0; y < ny; y++) {
            int64_t from = x * ny + side_column(view, y);
            double value = view->mask[from] ? at_rest[field] : values[from];
            tensor[(x * ny + y) * channels + field] = (float)((value - stream) * factor);
        }
}

int64_t normalisation_channels(const struct normalisation *normalisation)
{
    return NORMALISATION_CHANNELS + ((normalisation->extras & NORMALISATION_REYNOLDS) != 0) +
           2 * ((normalisation->extras & NORMALISATION_WALLS) != 0);
}

static float nearness(double distance)
{
    return (float)(tanh(distance / NORMALISATION_REACH) - 1.0);
}

/* The channels behind the fields, which are the same in every frame. */
static void write_place(float *cell, const struct normalisation *normalisation,
                        const struct flow *flow, double distance, int64_t y)
{
    *cell++ = nearness(distance);
    if (normalisation->extras & NORMALISATION_REYNOLDS)
        *cell++ = (float)log10(flow->reynolds / 100.0);
    if (normalisation->extras & NORMALISATION_WALLS) {
        *cell++ = nearness((double)y + 0.5);
        *cell = nearness((double)(flow->ny - y) - 0.5);
    }
}

static void write_places(float *tensor, const struct normalisation *normalisation,
                         const struct normalisation_view *view)
{
    int64_t ny = view->flow->ny, channels = normalisation_channels(normalisation);
    for (int64_t x = 0; x < view->flow->nx; x++)
        for (int64_t y = 0; y < ny; y++) {
            double distance = view->sdf[x * ny + side_column(view, y)];
            write_place(tensor + (x * ny + y) * channels + FRAME_FIELDS, normalisation, view->flow,
                        distance, y);
        }
}

void normalisation_input(float *tensor, const struct normalisation *normalisation,
                         const struct normalisation_view *view, const float *frames, int64_t count)
{
    int64_t cells = frames_cells(view->flow), channels = normalisation_channels(normalisation);
    size_t places = (size_t)(channels - FRAME_FIELDS) * sizeof *tensor;
    for (int64_t t = 0; t < count; t++) {
        float *slice = tensor + t * cells * channels;
        for (int field = 0; field < FRAME_FIELDS; field++)
            write_field(slice, channels, normalisation, view,
                        frames + (t * FRAME_FIELDS + field) * cells, field);
        if (t == 0)
            write_places(slice, normalisation, view);
        else
            for (int64_t i = 0; i < cells; i++)
                memcpy(slice + i * channels + FRAME_FIELDS, tensor + i * channels + FRAME_FIELDS,
                       places);
    }
}

void normalisation_target(float *tensor, const struct normalisation *normalisation,
                          const struct normalisation_view *view, const float *frames, int64_t count)
{
    int64_t cells = frames_cells(view->flow);
    for (int64_t t = 0; t < count; t++)
        for (int field = 0; field < FRAME_FIELDS; field++)
            write_field(tensor + t * cells * FRAME_FIELDS, FRAME_FIELDS, normalisation, view,
                        frames + (t * FRAME_FIELDS + field) * cells, field);
}

void normalisation_fluid(float *fluid, const struct normalisation_view *view)
{
    int64_t ny = view->flow->ny;
    for (int64_t x = 0; x < view->flow->nx; x++)
        for (int64_t y = 0; y < ny; y++)
            fluid[x * ny + y] = view->mask[x * ny + side_column(view, y)] ? 0.0F : 1.0F;
}

static void read_field(float *values, const struct normalisation *normalisation,
                       const struct normalisation_view *view, const float *tensor, int field)
{
    struct units units = units_of(view->flow);
    double factor = side_sign(view, field) * normalisation->scale[field] / units.factor[field];
    int64_t ny = view->flow->ny;
    for (int64_t x = 0; x < view->flow->nx; x++)
        for (int64_t y = 0; y < ny; y++) {
            int64_t to = x * ny + side_column(view, y);
            double departure = tensor[(x * ny + y) * FRAME_FIELDS + field];
            double value = units.stream[field] + departure * factor;
            values[to] = (float)(view->mask[to] ? at_rest[field] : value);
        }
}

void normalisation_frames(float *frames, const struct normalisation *normalisation,
                          const struct normalisation_view *view, const float *tensor, int64_t count)
{
    int64_t cells = frames_cells(view->flow);
    for (int64_t t = 0; t < count; t++)
        for (int field = 0; field < FRAME_FIELDS; field++)
            read_field(frames + (t * FRAME_FIELDS + field) * cells, normalisation, view,
                       tensor + t * cells * FRAME_FIELDS, field);
}

enum status normalisation_write(struct json **out, const struct normalisation *normalisation)
{
    enum status status = OK;
    struct json *json = json_make_object();
    if (json == NULL)
        return ERR_MEMORY;
    for (int field = 0; field < FRAME_FIELDS; field++)
        TRY_GOTO(json_set(json, scale_names[field], json_make_real(normalisation->scale[field])),
                 cleanup);
    *out = json;
    json = NULL;
cleanup:
    json_destroy(json);
    return status;
}

static int is_scale(const char *key)
{
    for (int field = 0; field < FRAME_FIELDS; field++)
        if (strcmp(key, scale_names[field]) == 0)
            return 1;
    return 0;
}

enum status normalisation_read(struct normalisation *out, const struct json *json)
{
    struct normalisation read = {.extras = 0};
    struct json_member member = {0};
    while (json_next(&member, json))
        if (!is_scale(member.key))
            return FAIL(ERR_DATA, "the normalisation has a '%s', which this program does not know",
                        member.key);
    for (int field = 0; field < FRAME_FIELDS; field++) {
        TRY(json_get_real(&read.scale[field], json, scale_names[field]));
        if (!isfinite(read.scale[field]) || read.scale[field] <= 0.0)
            return FAIL(ERR_DATA, "the normalisation's scale of %s is %g; it must be positive",
                        scale_names[field], read.scale[field]);
    }
    *out = read;
    return OK;
}
