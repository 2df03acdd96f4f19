/* SPDX-License-Identifier: Apache-2.0 */
#include "network_plan.h"

#include <string.h>

/* What the walk along the list knows before each layer. */
struct walk {
    int64_t channels, level;
    int64_t encoder[NETWORK_LAYERS]; /* by level: the step that fed its down layer, or -1 */
};

static enum status take_concat(struct network_plan *plan, struct walk *walk, int64_t layer)
{
    int64_t source = plan->count > 0 ? walk->encoder[walk->level] : -1;
    if (source < 0)
        return FAIL(ERR_CONFIG,
                    "layer %d, '+': no activation of this resolution waits in the encoder; a '+' "
                    "follows a '*' and comes once for each '/'",
                    (int)layer + 1);
    walk->encoder[walk->level] = -1;
    struct network_step *step = &plan->steps[plan->count++];
    plan->steps[source].feeds_skip = 1;
    *step = (struct network_step){.kind = NETWORK_CONCAT, .skip = source};
    step->in_channels = walk->channels;
    step->out_channels = walk->channels + plan->steps[source].out_channels;
    step->in_level = step->out_level = walk->level;
    walk->channels = step->out_channels;
    return OK;
}

static enum status take_convolution(struct network_plan *plan, struct walk *walk,
                                    const struct network_layer *given, int64_t layer)
{
    if (given->channels < 1)
        return FAIL(ERR_CONFIG, "layer %d has %lld channels; at least 1 is needed", (int)layer + 1,
                    (long long)given->channels);
    if (given->kind == NETWORK_UP && walk->level == 0)
        return FAIL(ERR_CONFIG, "layer %d, '*', has no matching '/' before it", (int)layer + 1);
    if (given->kind == NETWORK_DOWN)
        walk->encoder[walk->level] = plan->count - 1;
    struct network_step *step = &plan->steps[plan->count++];
    *step = (struct network_step){.kind = given->kind, .skip = -1};
    step->in_channels = walk->channels;
    step->out_channels = given->channels;
    step->in_level = walk->level;
    if (given->kind == NETWORK_DOWN)
        walk->level++;
    if (given->kind == NETWORK_UP)
        walk->level--;
    step->out_level = walk->level;
    walk->channels = given->channels;
    if (plan->levels < walk->level)
        plan->levels = walk->level;
    return OK;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Norm on every layer but the first and the last; a bias where there is no norm; tanh on all but
 * the last, where it is a switch. */
static void set_extras(struct network_plan *plan, const struct network_spec *spec)
{
    for (int64_t i = 0; i < plan->count; i++) {
        struct network_step *step = &plan->steps[i];
        if (step->kind == NETWORK_CONCAT)
            continue;
        int inner = i > 0 && i < plan->count - 1;
        step->has_norm = inner && spec->norm != NETWORK_NORM_NONE;
        step->has_bias = !step->has_norm;
        step->has_tanh = i < plan->count - 1 || spec->output == NETWORK_OUTPUT_TANH;
        step->groups = common_divisor(step->out_channels, spec->groups);
    }
}

static void set_kernels(struct network_plan *plan, const struct network_spec *spec)
{
    for (int side = 0; side < NETWORK_SIDES; side++)
        plan->halo |= spec->padding[side] != NETWORK_PADDING_ZERO;
    for (int64_t i = 0; i < plan->count; i++) {
        struct network_step *step = &plan->steps[i];
        int resizes = step->kind == NETWORK_DOWN || step->kind == NETWORK_UP;
        int64_t cut = step->kind == NETWORK_UP ? 3 : 0;
        int64_t more = i == plan->count - 1 ? spec->frames_out - spec->frames_in : 0;
        step->in_frames = spec->frames_in;
        step->out_frames = spec->frames_in + more;
        step->kernel[0] = 3 + (more < 0 ? -more : more);
        step->padding[0] = more > 0 ? 1 + more : 1;
        step->stride[0] = 1;
        for (int axis = 1; axis < 3; axis++) {
            step->kernel[axis] = resizes ? 4 : 3;
            step->stride[axis] = resizes ? 2 : 1;
            step->padding[axis] = plan->halo ? cut : 1;
        }
    }
}

static enum status check_ends(const struct network_plan *plan, const struct walk *walk,
                              const struct network_spec *spec)
{
    if (plan->count < 2)
        return FAIL(ERR_CONFIG, "a network has 2 layers at least, not %d", (int)plan->count);
    const struct network_step *last = &plan->steps[plan->count - 1];
    if (last->kind != NETWORK_CONV || last->out_channels != spec->output_channels)
        return FAIL(ERR_CONFIG, "the last layer must be 'C %d', one channel for each field",
                    (int)spec->output_channels);
    if (walk->level != 0)
        return FAIL(ERR_CONFIG,
                    "%d more '/' than '*': the output would not be of the canvas's size",
                    (int)walk->level);
    return OK;
}

enum status network_plan_make(struct network_plan *out, const struct network_spec *spec)
{
    struct network_plan plan = {.count = 0};
    struct walk walk = {.channels = spec->input_channels};
    for (int64_t level = 0; level < NETWORK_LAYERS; level++)
        walk.encoder[level] = -1;
    for (int64_t i = 0; i < spec->layer_count; i++) {
        if (spec->layers[i].kind != NETWORK_CONCAT)
            TRY(take_convolution(&plan, &walk, &spec->layers[i], i));
        else if (spec->skips)
            TRY(take_concat(&plan, &walk, i));
    }
    TRY(check_ends(&plan, &walk, spec));
    set_extras(&plan, spec);
    set_kernels(&plan, spec);
    *out = plan;
    return OK;
}

struct conv_shape network_plan_shape(const struct network_plan *plan,
                                     const struct network_step *step, int64_t batch, int64_t nx,
                                     int64_t ny)
{
    int64_t ring = plan->halo ? 2 : 0;
    struct conv_shape shape = {
        .batch = batch,
        .in_channels = step->in_channels,
        .out_channels = step->out_channels,
        .in = {step->in_frames, (nx >> step->in_level) + ring, (ny >> step->in_level) + ring},
        .bias = step->has_bias && step->kind != NETWORK_UP ? CONV_WITH_BIAS : CONV_WITHOUT_BIAS,
        .need = PLAN_FORWARD,
    };
    memcpy(shape.kernel, step->kernel, sizeof shape.kernel);
    memcpy(shape.stride, step->stride, sizeof shape.stride);
    memcpy(shape.padding, step->padding, sizeof shape.padding);
    return shape;
}

int64_t network_plan_weights(const struct network_step *step)
{
    const int64_t *kernel = step->kernel;
    return step->in_channels * step->out_channels * kernel[0] * kernel[1] * kernel[2];
}
