/* SPDX-License-Identifier: Apache-2.0 */
#include "learner.h"

#include "curriculum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct learner {
    struct learner_options options;
    struct backend *backend;
    struct network *network;
    struct loss *loss;
    struct optimizer *optimizer;
    struct batch part;                              /* shape of a part, one call */
    struct buffer inputs[CURRICULUM_CALLS_MOST];    /* (n, in, x, y, channels) */
    struct buffer gradients[CURRICULUM_CALLS_MOST]; /* of outputs, (n, out, x, y, 3) */
    struct buffer target, fluid;
    struct buffer carried[2];     /* gradients of inputs; without calls, none */
    struct buffer sum;            /* of parameter gradients; where there is one, none */
    struct gradient_share *share; /* NULL: there are no other ranks */
};

/* What a step knows on its way. */
struct pass {
    const struct batch *batch;
    int64_t part, calls;
    int64_t counted; /* the call whose statistics take part */
    enum network_statistics statistics;
    int64_t added; /* gradients in the sum */
    struct learner_result result;
};

static int keeps_calls(const struct learner_options *options)
{
    return options->shape.window.calls > 1 && options->gradient == LEARNER_THROUGH;
}

/* Pushforward needs two inputs in turn, however many the calls. */
static int64_t count_inputs(const struct learner_options *options)
{
    int64_t calls = options->shape.window.calls;
    return keeps_calls(options) || calls < 2 ? calls : 2;
}

static int64_t count_gradients(const struct learner_options *options)
{
    return keeps_calls(options) ? options->shape.window.calls : 1;
}

static int needs_sum(const struct learner_options *options)
{
    return options->parts > 1 || keeps_calls(options);
}

static struct batch part_of(const struct learner_options *options)
{
    struct batch part = options->shape;
    part.windows /= options->parts;
    return part;
}

static struct window_shape window_of(const struct learner *self)
{
    const struct batch *part = &self->part;
    return (struct window_shape){.samples = part->windows,
                                 .in = part->window.in,
                                 .out = part->window.out,
                                 .cells = part->nx * part->ny,
                                 .channels = part->channels,
                                 .fields = FRAME_FIELDS};
}

static enum status create_buffers(struct learner *self)
{
    struct backend *backend = self->backend;
    int64_t input = batch_input_count(&self->part), output = batch_target_count(&self->part);
    for (int64_t i = 0; i < count_inputs(&self->options); i++)
        TRY(backend->ops->alloc(backend, &self->inputs[i], input));
    for (int64_t i = 0; i < count_gradients(&self->options); i++)
        TRY(backend->ops->alloc(backend, &self->gradients[i], output));
    TRY(backend->ops->alloc(backend, &self->target, output));
    TRY(backend->ops->alloc(backend, &self->fluid, batch_fluid_count(&self->part)));
    for (int i = 0; i < 2 && keeps_calls(&self->options); i++)
        TRY(backend->ops->alloc(backend, &self->carried[i], input));
    if (needs_sum(&self->options))
        TRY(backend->ops->alloc(backend, &self->sum, network_parameter_count(self->network)));
    return OK;
}

static enum status create_parts(struct learner *self)
{
    const struct learner_options *options = &self->options;
    const struct batch *part = &self->part;
    const int64_t dims[5] = {part->windows, part->window.out, part->nx, part->ny, FRAME_FIELDS};
    TRY(network_create(&self->network, &options->network, self->backend, part->windows, part->nx,
                       part->ny, keeps_calls(options) ? NETWORK_TRAIN_THROUGH : NETWORK_TRAIN));
    TRY(loss_create(&self->loss, &options->loss, self->backend, dims));
    TRY(optimizer_create(&self->optimizer, self->network, self->backend, &options->optimizer));
    TRY(gradient_share_create(&self->share, options->crew, self->network, self->backend,
                              options->norm));
    return create_buffers(self);
}

enum status learner_create(struct learner **out, struct backend *backend,
                           const struct learner_options *options)
{
    enum status status = OK;
    if (options->parts < 1 || options->shape.windows % options->parts != 0)
        return FAIL(ERR_CONFIG, "a batch of %lld windows cannot go through in %lld equal parts",
                    (long long)options->shape.windows, (long long)options->parts);
    struct learner *self = calloc(1, sizeof *self);
    if (self == NULL)
        return FAIL(ERR_MEMORY, "no memory for a learner");
    self->options = *options;
    self->backend = backend;
    self->part = part_of(options);
    TRY_GOTO(create_parts(self), cleanup);
    *out = self;
    self = NULL;
cleanup:
    learner_destroy(self);
    return status;
}

void learner_destroy(struct learner *learner)
{
    if (learner == NULL)
        return;
    struct backend *backend = learner->backend;
    for (int i = 0; i < CURRICULUM_CALLS_MOST; i++) {
        backend->ops->release(backend, &learner->inputs[i]);
        backend->ops->release(backend, &learner->gradients[i]);
    }
    for (int i = 0; i < 2; i++)
        backend->ops->release(backend, &learner->carried[i]);
    backend->ops->release(backend, &learner->target);
    backend->ops->release(backend, &learner->fluid);
    backend->ops->release(backend, &learner->sum);
    gradient_share_destroy(learner->share);
    optimizer_destroy(learner->optimizer);
    loss_destroy(learner->loss);
    network_destroy(learner->network);
    free(learner);
}

struct network *learner_network(struct learner *learner)
{
    return learner->network;
}

struct optimizer *learner_optimizer(struct learner *learner)
{
    return learner->optimizer;
}

double learner_memory_estimate(const struct learner_options *options)
{
    struct batch part = part_of(options);
    enum network_use use = keeps_calls(options) ? NETWORK_TRAIN_THROUGH : NETWORK_TRAIN;
    double parameters = (double)network_spec_parameters(&options->network);
    double input = (double)batch_input_count(&part), output = (double)batch_target_count(&part);
    double fluid = (double)batch_fluid_count(&part);
    int64_t inputs = count_inputs(options) + (keeps_calls(options) ? 2 : 0);
    double floats =
        input * (double)inputs + output * (double)(count_gradients(options) + 1) + fluid;
    floats += 2 * output + 2 * fluid;                            /* the loss's */
    floats += parameters * (3.0 + (needs_sum(options) ? 1 : 0)); /* the optimizer's, and the sum */
    return floats * (double)sizeof(float) + network_memory_estimate(&options->network, part.windows,
                                                                    part.nx, part.ny, use,
                                                                    options->precision);
}

/* ---- a part of a batch ---- */

static enum status upload_part(struct learner *self, const struct pass *pass)
{
    struct backend *backend = self->backend;
    int64_t input = batch_input_count(&self->part), fluid = batch_fluid_count(&self->part);
    TRY(backend->ops->upload(backend, &self->inputs[0], pass->batch->input + pass->part * input,
                             input));
    return backend->ops->upload(backend, &self->fluid, pass->batch->fluid + pass->part * fluid,
                                fluid);
}

static enum status upload_target(struct learner *self, const struct pass *pass, int64_t call)
{
    struct backend *backend = self->backend;
    int64_t count = batch_target_count(&self->part);
    const float *from = pass->batch->target + call * batch_target_count(pass->batch);
    return backend->ops->upload(backend, &self->target, from + pass->part * count, count);
}

static enum network_statistics statistics_of(const struct pass *pass, int64_t call)
{
    int counts = pass->part == 0 && call == pass->counted;
    return pass->statistics == NETWORK_UPDATE_STATISTICS && !counts ? NETWORK_KEEP_STATISTICS
                                                                    : pass->statistics;
}

/* The loss of a call's output, its share of the mean, and the gradient of that. */
static enum status judge(struct learner *self, struct pass *pass, const struct buffer *output,
                         int64_t call, struct buffer *gradient)
{
    struct backend *backend = self->backend;
    double loss, terms[LOSS_TERMS];
    double share = self->options.gradient == LEARNER_LAST ? 1.0 : 1.0 / (double)pass->calls;
    TRY(upload_target(self, pass, call));
    TRY(loss_evaluate(self->loss, output, &self->target, &self->fluid, &loss, terms, gradient));
    if (share != 1.0)
        TRY(backend->ops->scale(backend, gradient, (float)share, batch_target_count(&self->part)));
    pass->result.loss += share * loss;
    for (int i = 0; i < LOSS_TERMS; i++)
        pass->result.terms[i] += share * terms[i];
    return OK;
}

/* All calls forward; keeps their inputs, and the gradients of their outputs as far as the loss of
 * each goes. Pushforward takes two inputs by turns and judges the last call alone. */
static enum status forward_calls(struct learner *self, struct pass *pass)
{
    struct backend *backend = self->backend;
    struct window_shape window = window_of(self);
    int64_t inputs = count_inputs(&self->options), gradients = count_gradients(&self->options);
    for (int64_t call = 0; call < pass->calls; call++) {
        struct buffer *output, *input = &self->inputs[call % inputs];
        int last = call == pass->calls - 1;
        TRY(network_forward(self->network, input, statistics_of(pass, call), &output));
        if (last || self->options.gradient == LEARNER_THROUGH)
            TRY(judge(self, pass, output, call, &self->gradients[call % gradients]));
        if (!last)
            TRY(backend->ops->window_next(backend, &self->inputs[(call + 1) % inputs], input,
                                          output, &self->fluid, &window));
    }
    return OK;
}

/* The last backward pass of a step? Of several ranks it sends the gradients off as they come. */
static int sends_off(const struct learner *self, const struct pass *pass, int64_t call)
{
    return self->share != NULL && pass->part == self->options.parts - 1 &&
           (call == 0 || !keeps_calls(&self->options));
}

static enum status backward_call(struct learner *self, struct pass *pass, int64_t call,
                                 struct buffer *input_gradient)
{
    struct buffer *gradient = &self->gradients[keeps_calls(&self->options) ? call : 0];
    if (sends_off(self, pass, call))
        TRY(gradient_share_begin(self->share, pass->added > 0 ? &self->sum : NULL));
    return input_gradient == NULL
               ? network_backward(self->network, gradient)
               : network_backward_through(self->network, gradient, input_gradient);
}

/* Adds the network's gradients to the sum, where there is more than one and they are not in it. */
static enum status add_gradients(struct learner *self, struct pass *pass, int64_t call)
{
    struct backend *backend = self->backend;
    const struct buffer *gradients = network_gradients(self->network);
    int64_t count = network_parameter_count(self->network);
    if (!needs_sum(&self->options) || sends_off(self, pass, call))
        return OK;
    if (pass->added++ == 0)
        return backend->ops->copy(backend, &self->sum, gradients, count);
    return backend->ops->axpy(backend, &self->sum, 1.0F, gradients, count);
}

/* From the last call to the first. The gradient of a call's input is what its own layers make of
 * its output's, and what later calls saw of it beside (carried). */
static enum status backward_calls(struct learner *self, struct pass *pass)
{
    struct backend *backend = self->backend;
    struct window_shape window = window_of(self);
    int64_t count = batch_input_count(&self->part);
    for (int64_t call = pass->calls - 1; call >= 0; call--) {
        struct buffer *output, *gradient = &self->gradients[call];
        struct buffer *later = &self->carried[(call + 1) % 2], *own = &self->carried[call % 2];
        struct buffer *beside = &self->inputs[call + 1]; /* free by now */
        int last = call == pass->calls - 1;
        if (!last) {
            enum network_statistics again = pass->statistics == NETWORK_UPDATE_STATISTICS
                                                ? NETWORK_KEEP_STATISTICS
                                                : pass->statistics;
            TRY(network_forward(self->network, &self->inputs[call], again, &output));
            TRY(backend->ops->fill(backend, beside, 0.0F, count));
            TRY(backend->ops->window_next_adjoint(backend, beside, gradient, later, &self->fluid,
                                                  &window));
        }
        TRY(backward_call(self, pass, call, call > 0 ? own : NULL));
        if (!last && call > 0)
            TRY(backend->ops->axpy(backend, own, 1.0F, beside, count));
        TRY(add_gradients(self, pass, call));
    }
    return OK;
}

static enum status pass_part(struct learner *self, struct pass *pass)
{
    TRY(upload_part(self, pass));
    TRY(forward_calls(self, pass));
    if (!isfinite(pass->result.loss) && self->share == NULL)
        return OK; /* told by the step; of several ranks, when all of them know it */
    if (keeps_calls(&self->options))
        return backward_calls(self, pass);
    TRY(backward_call(self, pass, 0, NULL));
    return add_gradients(self, pass, 0);
}

/* ---- a step ---- */

/* What each mean of the loss runs over in the whole batch. */
static enum status count_batch(struct learner *self, const struct batch *batch)
{
    struct backend *backend = self->backend;
    double counts[LOSS_TERMS] = {0};
    int64_t fluid = batch_fluid_count(&self->part);
    if (self->options.parts == 1 && self->share == NULL)
        return OK;
    loss_set_counts(self->loss, NULL);
    for (int64_t part = 0; part < self->options.parts; part++) {
        TRY(backend->ops->upload(backend, &self->fluid, batch->fluid + part * fluid, fluid));
        TRY(loss_count(self->loss, counts, &self->fluid));
    }
    TRY(crew_add(self->options.crew, counts, LOSS_TERMS));
    loss_set_counts(self->loss, counts);
    return OK;
}

/* Gradients and losses of all ranks. */
static enum status gather_step(struct learner *self, struct pass *pass)
{
    double losses[1 + LOSS_TERMS] = {pass->result.loss};
    TRY(gradient_share_finish(self->share, pass->statistics));
    memcpy(losses + 1, pass->result.terms, sizeof pass->result.terms);
    TRY(crew_add(self->options.crew, losses, 1 + LOSS_TERMS));
    pass->result.loss = losses[0];
    memcpy(pass->result.terms, losses + 1, sizeof pass->result.terms);
    return OK;
}

static enum status pass_parts(struct learner *self, struct pass *pass)
{
    struct backend *backend = self->backend;
    for (; pass->part < self->options.parts; pass->part++) {
        TRY(pass_part(self, pass));
        if (!isfinite(pass->result.loss) && self->share == NULL)
            return OK;
    }
    if (self->share != NULL)
        return gather_step(self, pass);
    if (pass->added < 2)
        return OK;
    return backend->ops->copy(backend, network_gradients(self->network), &self->sum,
                              network_parameter_count(self->network));
}

enum status learner_step(struct learner *learner, struct learner_result *out,
                         const struct batch *batch, double rate, int64_t step,
                         enum network_statistics statistics)
{
    struct pass pass = {.batch = batch,
                        .calls = batch->filled,
                        .counted = step % batch->filled,
                        .statistics = statistics};
    TRY(count_batch(learner, batch));
    TRY(pass_parts(learner, &pass));
    if (!isfinite(pass.result.loss))
        return FAIL(ERR_NUMERIC, "the loss is not finite at step %lld", (long long)step);
    TRY(optimizer_update(learner->optimizer, &pass.result.norm, rate, step));
    *out = pass.result;
    return OK;
}
