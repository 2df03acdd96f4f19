/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of layers as text, and what can be said of a network without building it. */
#include "conv_operations.h"
#include "network.h"
#include "network_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *layers;
} sizes[] = {
    {"tiny", "C 16 / 16 / 32 / 32 * 32 + * 16 + * 16 + C 3"},
    {"small", "C 16 / 32 / 48 / 64 C 64 * 48 + * 32 + * 16 + C 16 C 3"},
    {"base", "C 32 / 64 / 96 / 128 C 128 * 96 + * 64 + * 32 + C 32 C 3"},
    {"large", "C 64 C 64 / 128 C 128 / 256 C 256 / 384 C 384 * 256 + C 256 * 128 + C 128 * 64 + C "
              "64 C 3"},
};

enum { SIZES = sizeof sizes / sizeof sizes[0], WORD = 32, CHANNELS_MOST = 4096 };

static const char kind_signs[] = {
    [NETWORK_CONV] = 'C', [NETWORK_DOWN] = '/', [NETWORK_UP] = '*', [NETWORK_CONCAT] = '+'};

/* The next word of *text, cut at WORD - 1 characters; 0 at the end. */
static int next_word(char word[WORD], const char **text)
{
    *text += strspn(*text, " \t\n");
    size_t length = strcspn(*text, " \t\n");
    snprintf(word, WORD, "%.*s", (int)(length < WORD ? length : WORD - 1), *text);
    *text += length;
    return length > 0;
}

static enum status parse_channels(int64_t *out, const char **text, char sign)
{
    char word[WORD], *end = word;
    long value = next_word(word, text) ? strtol(word, &end, 10) : 0;
    if (end == word || *end != '\0' || value < 1 || value > CHANNELS_MOST)
        return FAIL(ERR_CONFIG,
                    "'%c' in the list of layers wants a number of channels from 1 to %d, not '%s'",
                    sign, CHANNELS_MOST, word);
    *out = value;
    return OK;
}

static enum status parse_layer(struct network_layer *out, const char *word, const char **text)
{
    for (int kind = 0; kind < (int)sizeof kind_signs; kind++) {
        if (word[0] != kind_signs[kind] || word[1] != '\0')
            continue;
        *out = (struct network_layer){.kind = (enum network_layer_kind)kind};
        return kind == NETWORK_CONCAT ? OK : parse_channels(&out->channels, text, kind_signs[kind]);
    }
    return FAIL(ERR_CONFIG,
                "'%s' in the list of layers is neither C, /, * with a number of channels nor +; a "
                "named size is one of tiny, small, base, large",
                word);
}

enum status network_spec_parse(struct network_spec *out, const char *size_or_layers)
{
    struct network_spec spec = {.size = "custom",
                                .input_channels = 4,
                                .output_channels = 3,
                                .frames_in = 3,
                                .frames_out = 3,
                                .skips = 1,
                                .norm = NETWORK_NORM_BATCH,
                                .groups = 8};
    const char *text = size_or_layers;
    for (int i = 0; i < SIZES; i++) {
        if (strcmp(size_or_layers, sizes[i].name) != 0)
            continue;
        snprintf(spec.size, sizeof spec.size, "%s", sizes[i].name);
        text = sizes[i].layers;
    }
    char word[WORD];
    while (next_word(word, &text)) {
        if (spec.layer_count == NETWORK_LAYERS)
            return FAIL(ERR_CONFIG, "the list of layers is longer than %d", NETWORK_LAYERS);
        TRY(parse_layer(&spec.layers[spec.layer_count++], word, &text));
    }
    TRY(network_spec_check(&spec));
    *out = spec;
    return OK;
}

static enum status check_frames(const struct network_spec *spec)
{
    const int64_t frames[] = {spec->frames_in, spec->frames_out};
    for (int i = 0; i < 2; i++)
        if (frames[i] < 1 || frames[i] > NETWORK_FRAMES_MOST)
            return FAIL(ERR_CONFIG, "%" PRId64 " frames %s; a network has 1 to %d", frames[i],
                        i == 0 ? "in" : "out", NETWORK_FRAMES_MOST);
    return OK;
}

/* What leaves at one side of a periodic axis comes in at the other. */
static enum status check_padding(const struct network_spec *spec)
{
    for (int side = 0; side < NETWORK_SIDES; side += 2)
        if ((spec->padding[side] == NETWORK_PADDING_PERIODIC) !=
            (spec->padding[side + 1] == NETWORK_PADDING_PERIODIC))
            return FAIL(ERR_CONFIG,
                        "periodic padding at one of inlet and outlet, or of bottom and top, wants "
                        "it at the other too");
    return OK;
}

enum status network_spec_check(const struct network_spec *spec)
{
    struct network_plan plan;
    TRY(check_frames(spec));
    TRY(check_padding(spec));
    if (spec->norm == NETWORK_NORM_GROUP && spec->groups < 1)
        return FAIL(ERR_CONFIG, "%" PRId64 " groups of channels; 1 is the least", spec->groups);
    if (spec->target == NETWORK_TARGET_DELTA && spec->input_channels < spec->output_channels)
        return FAIL(ERR_CONFIG,
                    "the input has %" PRId64 " channels: too few to add an output of %" PRId64
                    " to",
                    spec->input_channels, spec->output_channels);
    return network_plan_make(&plan, spec);
}

int64_t network_spec_channels(const struct network_spec *spec)
{
    return 4 + (spec->reynolds ? 1 : 0) + (spec->walls ? 2 : 0);
}

void network_spec_write(char *out, size_t size, const struct network_spec *spec)
{
    size_t used = 0;
    if (size > 0)
        out[0] = '\0';
    for (int64_t i = 0; i < spec->layer_count && used < size; i++) {
        const struct network_layer *layer = &spec->layers[i];
        int written = layer->kind == NETWORK_CONCAT
                          ? snprintf(out + used, size - used, "%s+", i > 0 ? " " : "")
                          : snprintf(out + used, size - used, "%s%c %" PRId64, i > 0 ? " " : "",
                                     kind_signs[layer->kind], layer->channels);
        used += (size_t)written;
    }
}

int64_t network_spec_parameters(const struct network_spec *spec)
{
    struct network_plan plan;
    if (network_plan_make(&plan, spec) != OK)
        return 0;
    int64_t total = 0;
    for (int64_t i = 0; i < plan.count; i++) {
        const struct network_step *step = &plan.steps[i];
        if (step->kind != NETWORK_CONCAT)
            total += network_plan_weights(step);
        total += (step->has_bias + 2 * step->has_norm) * step->out_channels;
    }
    return total;
}

void network_spec_flops(double *nominal, double *on_data, const struct network_spec *spec,
                        int64_t nx, int64_t ny)
{
    struct network_plan plan;
    *nominal = *on_data = 0;
    if (network_plan_make(&plan, spec) != OK)
        return;
    for (int64_t i = 0; i < plan.count; i++) {
        const struct network_step *step = &plan.steps[i];
        if (step->kind == NETWORK_CONCAT)
            continue;
        struct conv_shape shape = network_plan_shape(&plan, step, 1, nx, ny);
        enum conv_direction direction = step->kind == NETWORK_UP ? CONV_TRANSPOSED : CONV_STRAIGHT;
        *nominal += conv_operations_nominal(&shape, direction);
        *on_data += conv_operations_on_data(&shape, direction);
    }
}
