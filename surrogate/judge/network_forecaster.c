/* SPDX-License-Identifier: Apache-2.0 */
#include "network_forecaster.h"

#include "array.h"
#include "network.h"
#include "normalisation.h"
#include "stop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct network_forecaster {
    struct forecaster base;
    const struct model *model;
    struct backend *backend;
    struct network *network; /* of the canvas below; NULL before the first start */
    struct flow flow;
    int64_t in, out;     /* frames of a call */
    int64_t size;        /* floats a frame */
    int64_t input_count; /* floats of the network's input */
    struct buffer input; /* (1, in, nx, ny, channels) */
    float *tensor;       /* input or output on the host */
    float *sdf;          /* [nx][ny] */
    unsigned char *mask; /* [nx][ny] */
    float *history;      /* [in][FRAME_FIELDS][nx][ny]: what the next call begins with */
    float *pending;      /* [out]...: the last call's frames */
    int64_t given;       /* of them, already handed out; out: all */
    double seconds;
};

static struct network_forecaster *forecaster_of(struct forecaster *forecaster)
{
    return (struct network_forecaster *)forecaster; /* the base is the first member */
}

static void release_canvas(struct network_forecaster *self)
{
    network_destroy(self->network);
    self->backend->ops->release(self->backend, &self->input);
    array_free(self->tensor);
    array_free(self->sdf);
    array_free(self->mask);
    array_free(self->history);
    array_free(self->pending);
    self->network = NULL;
    self->tensor = self->sdf = self->history = self->pending = NULL;
    self->mask = NULL;
}

static enum status create_canvas(struct network_forecaster *self, int64_t nx, int64_t ny)
{
    int64_t cells = nx * ny;
    self->size = FRAME_FIELDS * cells;
    TRY(network_create(&self->network, &self->model->spec, self->backend, 1, nx, ny,
                       NETWORK_FORECAST));
    TRY(model_install(self->model, self->network, self->backend));
    int64_t output_count = self->out * self->size;
    self->input_count = self->in * cells * self->model->spec.input_channels;
    TRY(self->backend->ops->alloc(self->backend, &self->input, self->input_count));
    TRY(ARRAY_NEW(self->tensor,
                  self->input_count > output_count ? self->input_count : output_count));
    TRY(ARRAY_NEW(self->sdf, cells));
    TRY(ARRAY_NEW(self->mask, cells));
    TRY(ARRAY_NEW(self->history, self->in * self->size));
    return ARRAY_NEW(self->pending, output_count);
}

/* A call goes on by as many steps as lay between the frames of the training. */
static enum status check_interval(const struct model *model, const struct flow *flow)
{
    int64_t learned = model->facts.frame_interval;
    if (learned == 0 || learned == flow->frame_interval)
        return OK;
    return FAIL(ERR_DATA,
                "%s learned from frames %lld steps apart; these are %lld steps apart "
                "(frames.interval): take a model and frames that fit",
                model->path, (long long)learned, (long long)flow->frame_interval);
}

static enum status start(struct forecaster *forecaster, const struct forecaster_start *start)
{
    struct network_forecaster *self = forecaster_of(forecaster);
    const struct flow *flow = start->flow;
    size_t cells = (size_t)frames_cells(flow);
    int64_t first = FORECASTER_INPUT_FRAMES - self->in; /* of the frames it begins with */
    TRY(check_interval(self->model, flow));
    if (first + start->earlier < 0)
        return FAIL(ERR_DATA, "%s begins with %lld frames; there are %lld up to this start",
                    self->model->path, (long long)self->in,
                    (long long)(FORECASTER_INPUT_FRAMES + start->earlier));
    if (self->network == NULL || flow->nx != self->flow.nx || flow->ny != self->flow.ny) {
        release_canvas(self);
        enum status status = create_canvas(self, flow->nx, flow->ny);
        if (status != OK) {
            release_canvas(self);
            return status;
        }
    }
    self->flow = *flow;
    memcpy(self->sdf, start->sdf, cells * sizeof *self->sdf);
    memcpy(self->mask, start->mask, cells * sizeof *self->mask);
    memcpy(self->history, start->frames + first * self->size,
           (size_t)(self->in * self->size) * sizeof *self->history);
    self->given = self->out;
    self->seconds = 0.0;
    return OK;
}

static int is_finite(const float *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return 0;
    return 1;
}

/* history -> pending */
static enum status call(struct network_forecaster *self)
{
    struct backend *backend = self->backend;
    const struct normalisation *normalisation = &self->model->facts.normalisation;
    struct normalisation_view view = {&self->flow, self->sdf, self->mask, NORMALISATION_PLAIN};
    struct buffer *output;
    normalisation_input(self->tensor, normalisation, &view, self->history, self->in);
    TRY(backend->ops->upload(backend, &self->input, self->tensor, self->input_count));
    TRY(network_forward(self->network, &self->input, NETWORK_KEEP_STATISTICS, &output));
    TRY(backend->ops->download(backend, self->tensor, output, self->out * self->size));
    normalisation_frames(self->pending, normalisation, &view, self->tensor, self->out);
    if (!is_finite(self->pending, self->out * self->size))
        return FAIL(ERR_NUMERIC, "the network's forecast is not finite");
    self->given = 0;
    return OK;
}

/* The history moves up by one frame. */
static void remember(struct network_forecaster *self, const float *frame)
{
    size_t size = (size_t)self->size, kept = (size_t)(self->in - 1) * size;
    memmove(self->history, self->history + size, kept * sizeof *frame);
    memcpy(self->history + kept, frame, size * sizeof *frame);
}

static enum status hand_out(struct network_forecaster *self, float *frames, int64_t count)
{
    for (int64_t t = 0; t < count; t++) {
        if (self->given == self->out)
            TRY(call(self));
        const float *next = self->pending + self->given++ * self->size;
        remember(self, next);
        memcpy(frames + t * self->size, next, (size_t)self->size * sizeof *frames);
    }
    return OK;
}

static enum status advance(struct forecaster *forecaster, float *frames, int64_t count)
{
    struct network_forecaster *self = forecaster_of(forecaster);
    double begun = stop_clock();
    for (int64_t i = 0; i < count * self->size; i++)
        frames[i] = NAN; /* what it does not reach */
    enum status status = hand_out(self, frames, count);
    self->seconds += stop_clock() - begun;
    return status;
}

/* The rest of the last call was made without knowing the new frame: it goes. */
static enum status inject(struct forecaster *forecaster, const float *frame)
{
    struct network_forecaster *self = forecaster_of(forecaster);
    memcpy(self->history + (self->in - 1) * self->size, frame, (size_t)self->size * sizeof *frame);
    self->given = self->out;
    return OK;
}

static double cost(const struct forecaster *forecaster)
{
    return ((const struct network_forecaster *)forecaster)->seconds;
}

static void destroy(struct forecaster *forecaster)
{
    struct network_forecaster *self = forecaster_of(forecaster);
    release_canvas(self);
    free(self);
}

static const struct forecaster_ops network_ops = {
    .kind = "network",
    .start = start,
    .advance = advance,
    .inject = inject,
    .cost = cost,
    .destroy = destroy,
};

enum status network_forecaster_create(struct forecaster **out, const struct model *model,
                                      struct backend *backend)
{
    const struct network_spec *spec = &model->spec;
    int64_t channels = normalisation_channels(&model->facts.normalisation);
    if (spec->input_channels != channels || spec->output_channels != FRAME_FIELDS)
        return FAIL(ERR_UNSUPPORTED,
                    "%s maps %lld channels to %lld; a forecast has %lld and needs %d", model->path,
                    (long long)spec->input_channels, (long long)spec->output_channels,
                    (long long)channels, FRAME_FIELDS);
    struct network_forecaster *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for the network forecaster");
    self->base.ops = &network_ops;
    self->model = model;
    self->in = spec->frames_in;
    self->out = spec->frames_out;
    self->backend = backend;
    (void)snprintf(self->base.name, sizeof self->base.name, "network");
    *out = &self->base;
    return OK;
}
