/* SPDX-License-Identifier: Apache-2.0
 *
 * Samples a second of a full training step (forward, loss, backward, norm of the gradient, AdamW,
 * packing of the weights), and where the time goes. Not a test: figures of a shared machine compare
 * variants and no more; processor seconds of one thread are the steadiest.
 *
 *   bench_network [size batch threads steps [backend]]      all sizes with 1 thread without
 * arguments */
#include "backend.h"
#include "loss.h"
#include "network.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIDE = 64, FRAMES = 3 };

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum kind { FORWARD, BACKWARD_DATA, BACKWARD_WEIGHTS, PACK, NORM, CONCAT, KINDS };
static const char *const kind_names[KINDS] = {"convolutions forward",  "convolutions, data",
                                              "convolutions, weights", "packing weights",
                                              "norm and tanh",         "concat, split, skips"};
static double spent[KINDS];

static struct backend *inner;
static struct backend_ops table;

struct timed_conv {
    struct conv_plan base;
    struct conv_plan *plan;
};

struct timed_norm {
    struct norm_plan base;
    struct norm_plan *plan;
};

/* Evaluates `call` and adds its processor time to a kind. */
#define TIMED(kind, call)                                                                          \
    do {                                                                                           \
        double begin_ = seconds(CLOCK_PROCESS_CPUTIME_ID);                                         \
        enum status status_ = (call);                                                              \
        spent[kind] += seconds(CLOCK_PROCESS_CPUTIME_ID) - begin_;                                 \
        return status_;                                                                            \
    } while (0)

static struct conv_plan *conv_of(struct conv_plan *plan)
{
    return ((struct timed_conv *)plan)->plan;
}

static enum status conv_refresh(struct conv_plan *plan, const struct buffer *weights)
{
    TIMED(PACK, conv_of(plan)->ops->refresh(conv_of(plan), weights));
}

static enum status conv_forward(struct conv_plan *plan, struct buffer *dst,
                                const struct buffer *src, const struct buffer *bias)
{
    TIMED(FORWARD, conv_of(plan)->ops->forward(conv_of(plan), dst, src, bias));
}

static enum status conv_backward_data(struct conv_plan *plan, struct buffer *d_src,
                                      const struct buffer *d_dst)
{
    TIMED(BACKWARD_DATA, conv_of(plan)->ops->backward_data(conv_of(plan), d_src, d_dst));
}

static enum status conv_backward_weights(struct conv_plan *plan, struct buffer *d_weights,
                                         struct buffer *d_bias, const struct buffer *src,
                                         const struct buffer *d_dst)
{
    TIMED(BACKWARD_WEIGHTS,
          conv_of(plan)->ops->backward_weights(conv_of(plan), d_weights, d_bias, src, d_dst));
}

static void conv_destroy(struct conv_plan *plan)
{
    backend_conv_destroy(conv_of(plan));
    free(plan);
}

static const char *conv_implementation(const struct conv_plan *plan, int64_t index)
{
    const struct conv_plan *timed = ((const struct timed_conv *)plan)->plan;
    return timed->ops->implementation(timed, index);
}

static const struct conv_plan_ops conv_ops = {.refresh = conv_refresh,
                                              .forward = conv_forward,
                                              .backward_data = conv_backward_data,
                                              .backward_weights = conv_backward_weights,
                                              .implementation = conv_implementation,
                                              .destroy = conv_destroy};

static enum status timed_conv_create(struct conv_plan **out, const struct conv_shape *shape,
                                     int transposed)
{
    struct timed_conv *timed = calloc(1, sizeof *timed);
    if (timed == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    timed->base.ops = &conv_ops;
    *out = &timed->base;
    return transposed ? inner->ops->deconv3d_create(&timed->plan, inner, shape)
                      : inner->ops->conv3d_create(&timed->plan, inner, shape);
}

static enum status conv3d_create(struct conv_plan **out, struct backend *backend,
                                 const struct conv_shape *shape)
{
    (void)backend;
    return timed_conv_create(out, shape, 0);
}

static enum status deconv3d_create(struct conv_plan **out, struct backend *backend,
                                   const struct conv_shape *shape)
{
    (void)backend;
    return timed_conv_create(out, shape, 1);
}

static struct norm_plan *norm_of(struct norm_plan *plan)
{
    return ((struct timed_norm *)plan)->plan;
}

static enum status norm_forward_batch(struct norm_plan *plan, struct buffer *dst,
                                      const struct buffer *src, const struct buffer *scale,
                                      const struct buffer *shift, struct buffer *running_mean,
                                      struct buffer *running_variance)
{
    TIMED(NORM, norm_of(plan)->ops->forward_batch(norm_of(plan), dst, src, scale, shift,
                                                  running_mean, running_variance));
}

static enum status norm_backward(struct norm_plan *plan, struct buffer *d_src,
                                 struct buffer *d_scale, struct buffer *d_shift,
                                 const struct buffer *d_dst, const struct buffer *dst,
                                 const struct buffer *src, const struct buffer *scale)
{
    TIMED(NORM, norm_of(plan)->ops->backward(norm_of(plan), d_src, d_scale, d_shift, d_dst, dst,
                                             src, scale));
}

static void norm_destroy(struct norm_plan *plan)
{
    backend_norm_destroy(norm_of(plan));
    free(plan);
}

static const char *norm_implementation(const struct norm_plan *plan, int64_t index)
{
    const struct norm_plan *timed = ((const struct timed_norm *)plan)->plan;
    return timed->ops->implementation(timed, index);
}

static const struct norm_plan_ops norm_ops = {.forward_batch = norm_forward_batch,
                                              .backward = norm_backward,
                                              .implementation = norm_implementation,
                                              .destroy = norm_destroy};

static enum status norm_create(struct norm_plan **out, struct backend *backend,
                               const struct norm_shape *shape)
{
    (void)backend;
    struct timed_norm *timed = calloc(1, sizeof *timed);
    if (timed == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    timed->base.ops = &norm_ops;
    *out = &timed->base;
    return inner->ops->norm_create(&timed->plan, inner, shape);
}

static enum status concat(struct backend *backend, struct buffer *dst, const struct buffer *a,
                          const struct buffer *b, int64_t rows, int64_t a_channels,
                          int64_t b_channels)
{
    (void)backend;
    TIMED(CONCAT, inner->ops->concat(inner, dst, a, b, rows, a_channels, b_channels));
}

static enum status split(struct backend *backend, struct buffer *a, struct buffer *b,
                         const struct buffer *src, int64_t rows, int64_t a_channels,
                         int64_t b_channels)
{
    (void)backend;
    TIMED(CONCAT, inner->ops->split(inner, a, b, src, rows, a_channels, b_channels));
}

static enum status tanh_forward(struct backend *backend, struct buffer *dst,
                                const struct buffer *src, int64_t count)
{
    (void)backend;
    TIMED(NORM, inner->ops->tanh_forward(inner, dst, src, count));
}

static enum status tanh_backward(struct backend *backend, struct buffer *d_src,
                                 const struct buffer *d_dst, const struct buffer *dst,
                                 int64_t count)
{
    (void)backend;
    TIMED(NORM, inner->ops->tanh_backward(inner, d_src, d_dst, dst, count));
}

static void set_table(struct backend *outer)
{
    table = *inner->ops;
    table.conv3d_create = conv3d_create;
    table.deconv3d_create = deconv3d_create;
    table.norm_create = norm_create;
    table.concat = concat;
    table.split = split;
    table.tanh_forward = tanh_forward;
    table.tanh_backward = tanh_backward;
    *outer = (struct backend){&table, inner->threads};
}

struct training {
    struct backend outer;
    struct network *network;
    struct loss *loss;
    struct buffer input, target, fluid, gradient, m, v, decay;
    int64_t parameters;
    int64_t step;
};

static enum status filled(struct training *it, struct buffer *out, float value, int64_t count)
{
    TRY(it->outer.ops->alloc(inner, out, count));
    return it->outer.ops->fill(inner, out, value, count);
}

static enum status begin(struct training *it, const char *size, int64_t batch)
{
    struct network_spec spec;
    const struct loss_spec loss = {{1, 1}};
    const int64_t dims[5] = {batch, FRAMES, SIDE, SIDE, 3};
    int64_t cells = batch * SIDE * SIDE;
    TRY(network_spec_parse(&spec, size));
    TRY(network_create(&it->network, &spec, &it->outer, batch, SIDE, SIDE, NETWORK_TRAIN));
    TRY(network_initialise(it->network, 1));
    TRY(loss_create(&it->loss, &loss, inner, dims));
    it->parameters = network_parameter_count(it->network);
    TRY(filled(it, &it->input, 0.1f, cells * FRAMES * spec.input_channels));
    TRY(filled(it, &it->target, 0.2f, cells * FRAMES * 3));
    TRY(filled(it, &it->gradient, 0.0f, cells * FRAMES * 3));
    TRY(filled(it, &it->fluid, 1.0f, cells));
    TRY(filled(it, &it->m, 0.0f, it->parameters));
    TRY(filled(it, &it->v, 0.0f, it->parameters));
    return filled(it, &it->decay, 1.0f, it->parameters);
}

static void end(struct training *it)
{
    struct buffer *const buffers[] = {&it->input, &it->target, &it->fluid, &it->gradient,
                                      &it->m,     &it->v,      &it->decay};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        inner->ops->release(inner, buffers[i]);
    loss_destroy(it->loss);
    network_destroy(it->network);
}

static enum status step(struct training *it)
{
    struct buffer *output = NULL;
    double total, terms[LOSS_TERMS], squares;
    const struct adamw_options options = {.rate = 1e-4,
                                          .beta1 = 0.9,
                                          .beta2 = 0.999,
                                          .epsilon = 1e-8,
                                          .decay_rate = 1e-2,
                                          .gradient_scale = 1,
                                          .step = ++it->step};
    TRY(network_forward(it->network, &it->input, NETWORK_UPDATE_STATISTICS, &output));
    TRY(loss_evaluate(it->loss, output, &it->target, &it->fluid, &total, terms, &it->gradient));
    TRY(network_backward(it->network, &it->gradient));
    TRY(inner->ops->sum_squares(inner, &squares, network_gradients(it->network), it->parameters));
    TRY(inner->ops->adamw(inner, network_parameters(it->network), &it->m, &it->v,
                          network_gradients(it->network), &it->decay, &options, it->parameters));
    return network_refresh(it->network);
}

static void print_shares(double total, int64_t steps)
{
    double known = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        printf("    %-22s %6.1f ms %5.1f %%\n", kind_names[kind], 1e3 * spent[kind] / (double)steps,
               100 * spent[kind] / total);
        known += spent[kind];
    }
    printf("    %-22s %6.1f ms %5.1f %%\n", "loss, AdamW, the rest",
           1e3 * (total - known) / (double)steps, 100 * (total - known) / total);
}

static enum status bench(const char *size, int64_t batch, int threads, int64_t steps,
                         const char *name)
{
    enum status status = OK;
    struct training it = {.step = 0};
    TRY(backend_open(&inner, name, threads));
    set_table(&it.outer);
    TRY_GOTO(begin(&it, size, batch), cleanup);
    TRY_GOTO(step(&it), cleanup);
    memset(spent, 0, sizeof spent);
    double wall = seconds(CLOCK_MONOTONIC), work = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int64_t i = 0; i < steps; i++)
        TRY_GOTO(step(&it), cleanup);
    wall = seconds(CLOCK_MONOTONIC) - wall;
    work = seconds(CLOCK_PROCESS_CPUTIME_ID) - work;
    double samples = (double)(steps * batch);
    printf("%s, %s, batch %" PRId64 ", %d threads: %.1f samples/s by the clock, %.1f a processor "
           "second\n",
           size, inner->ops->name, batch, threads, samples / wall, samples / work);
    print_shares(work, steps);
cleanup:
    end(&it);
    backend_close(inner);
    return status;
}

int main(int argc, char **argv)
{
    enum status status;
    if (argc >= 5) {
        status = bench(argv[1], strtol(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10),
                       strtol(argv[4], NULL, 10), argc > 5 ? argv[5] : "auto");
    } else {
        status = bench("tiny", 32, 1, 3, "auto");
        if (status == OK)
            status = bench("small", 16, 1, 3, "auto");
        if (status == OK)
            status = bench("base", 16, 1, 2, "auto");
    }
    if (status != OK)
        fprintf(stderr, "%s\n%s", error_message(), error_trace_text());
    return (int)status;
}
