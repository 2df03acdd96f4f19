/* SPDX-License-Identifier: Apache-2.0 */
#include "network_lifetime.h"

#include <assert.h>
#include <string.h>

/* Spaces begin at cache lines. */
enum { LINE = 64, SPACES = NETWORK_LAYERS * NETWORK_LIFETIME_ROLES + NETWORK_LIFETIME_EXTRAS };

/* ---- instants ---- */

/* The backward pass of a layer: its activation and weights; the instant after, its input. */
static int64_t backward_of(const struct network_plan *plan, int64_t layer)
{
    return plan->count + 1 + 2 * (plan->count - 1 - layer);
}

static int64_t end_of(const struct network_plan *plan)
{
    return backward_of(plan, 0) + 1;
}

/* The last layer of the forward pass that reads an activation. */
static int64_t last_reader(const struct network_plan *plan, int64_t layer)
{
    int64_t last = layer + 1;
    for (int64_t i = layer + 1; i < plan->count; i++)
        if (plan->steps[i].kind == NETWORK_CONCAT && plan->steps[i].skip == layer)
            last = i;
    return last;
}

/* The concat that reads what a layer feeds a skip with. */
static int64_t concat_of(const struct network_plan *plan, int64_t layer)
{
    return last_reader(plan, layer);
}

/* ---- sizes ---- */

static int64_t cells(const struct network_lifetime_use *use, int64_t frames, int64_t level,
                     int64_t ring)
{
    return use->batch * frames * ((use->nx >> level) + ring) * ((use->ny >> level) + ring);
}

static int64_t output_count(const struct network_lifetime_use *use, int64_t layer)
{
    const struct network_step *step = &use->plan->steps[layer];
    return cells(use, step->out_frames, step->out_level, 0) * step->out_channels;
}

/* The widest input with a halo, which all layers share. */
static int64_t halo_count(const struct network_lifetime_use *use)
{
    int64_t widest = 0;
    for (int64_t i = 0; i < use->plan->count && use->plan->halo; i++) {
        const struct network_step *step = &use->plan->steps[i];
        int64_t count = cells(use, step->in_frames, step->in_level, 2) * step->in_channels;
        if (step->kind != NETWORK_CONCAT && count > widest)
            widest = count;
    }
    return widest;
}

/* ---- who holds what, and until when ---- */

static struct network_lifetime_space space(int64_t count, enum precision precision, int64_t first,
                                           int64_t last)
{
    return (struct network_lifetime_space){count, first, last, precision, 0};
}

/* In training an activation is kept for its own backward pass (a concat's for that of the next
 * layer, which reads it); the output is the caller's until the next pass. */
static int64_t activation_end(const struct network_lifetime_use *use, int64_t layer)
{
    const struct network_plan *plan = use->plan;
    if (layer == plan->count - 1)
        return end_of(plan);
    if (use->use == NETWORK_FORECAST)
        return last_reader(plan, layer);
    return backward_of(plan, plan->steps[layer].kind == NETWORK_CONCAT ? layer + 1 : layer);
}

static void plan_layer(struct network_lifetime_space *roles, const struct network_lifetime_use *use,
                       int64_t layer)
{
    const struct network_plan *plan = use->plan;
    const struct network_step *step = &plan->steps[layer];
    int is_last = layer == plan->count - 1;
    int64_t count = output_count(use, layer), now = backward_of(plan, layer);
    roles[NETWORK_LIFETIME_POST] =
        space(count, is_last ? PRECISION_F32 : use->precision, layer, activation_end(use, layer));
    if (use->use == NETWORK_FORECAST)
        return;
    if (step->has_norm)
        roles[NETWORK_LIFETIME_PRE] = space(count, use->precision, layer, now);
    /* that of the last layer comes from outside, and is changed on the way or only read */
    if (!is_last)
        roles[NETWORK_LIFETIME_D_POST] = space(count, use->precision, now - 1, now + 1);
    else if (step->has_tanh || use->precision != PRECISION_F32)
        roles[NETWORK_LIFETIME_D_POST] = space(count, use->precision, now, now + 1);
    if (step->feeds_skip)
        roles[NETWORK_LIFETIME_D_SKIP] =
            space(count, use->precision, backward_of(plan, concat_of(plan, layer)) + 1, now - 1);
}

static void plan_extras(struct network_lifetime_space *extras,
                        const struct network_lifetime_use *use)
{
    const struct network_plan *plan = use->plan;
    int64_t end = end_of(plan), first = backward_of(plan, 0);
    int64_t input = cells(use, plan->steps[0].in_frames, 0, 0) * plan->steps[0].in_channels;
    int rounds = use->precision != PRECISION_F32, trains = use->use != NETWORK_FORECAST;
    int64_t halo = halo_count(use);
    extras[NETWORK_LIFETIME_HALO] = space(halo, use->precision, 0, end);
    if (trains)
        extras[NETWORK_LIFETIME_D_HALO] =
            space(halo, use->precision, backward_of(plan, plan->count - 1), end);
    if (rounds)
        extras[NETWORK_LIFETIME_ROUNDED] = space(input, use->precision, 0, trains ? first : 0);
    if (rounds && use->use == NETWORK_TRAIN_THROUGH)
        extras[NETWORK_LIFETIME_D_INPUT] = space(input, use->precision, end, end);
    if (use->delta)
        extras[NETWORK_LIFETIME_SUM] =
            space(output_count(use, plan->count - 1), PRECISION_F32, plan->count, end);
}

/* ---- placing ---- */

static size_t bytes_of(const struct network_lifetime_space *one)
{
    size_t bytes = (size_t)one->count * precision_bytes(one->precision);
    return (bytes + LINE - 1) / LINE * LINE;
}

/* The spaces that there are, the largest first; those of one size in their own order. */
static int list_spaces(struct network_lifetime_space *list[SPACES], struct network_lifetime *plan)
{
    struct network_lifetime_space *all[] = {&plan->layers[0][0], plan->extras};
    const int counts[] = {NETWORK_LAYERS * NETWORK_LIFETIME_ROLES, NETWORK_LIFETIME_EXTRAS};
    int count = 0;
    for (int part = 0; part < 2; part++)
        for (int i = 0; i < counts[part]; i++) {
            struct network_lifetime_space *one = all[part] + i;
            int place = count;
            if (one->count == 0)
                continue;
            for (; place > 0 && bytes_of(list[place - 1]) < bytes_of(one); place--)
                list[place] = list[place - 1];
            list[place] = one;
            count++;
        }
    return count;
}

static int meet(const struct network_lifetime_space *one, const struct network_lifetime_space *two)
{
    return one->first <= two->last && two->first <= one->last;
}

/* The lowest place at which nothing that is placed already, at the same time, stands. */
static size_t find_place(struct network_lifetime_space *const *list, int index)
{
    const struct network_lifetime_space *one = list[index];
    size_t offset = 0, bytes = bytes_of(one);
    for (int i = 0; i < index; i++) {
        const struct network_lifetime_space *other = list[i];
        if (meet(one, other) && offset < other->offset + bytes_of(other) &&
            other->offset < offset + bytes) {
            offset = other->offset + bytes_of(other);
            i = -1; /* from there all over again */
        }
    }
    return offset;
}

static size_t most_held(struct network_lifetime_space *const *list, int count, int64_t end)
{
    size_t most = 0;
    for (int64_t instant = 0; instant <= end; instant++) {
        size_t held = 0;
        for (int i = 0; i < count; i++)
            if (list[i]->first <= instant && instant <= list[i]->last)
                held += bytes_of(list[i]);
        if (held > most)
            most = held;
    }
    return most;
}

void network_lifetime_plan(struct network_lifetime *out, const struct network_lifetime_use *use)
{
    struct network_lifetime_space *list[SPACES];
    memset(out, 0, sizeof *out);
    for (int64_t i = 0; i < use->plan->count; i++)
        plan_layer(out->layers[i], use, i);
    plan_extras(out->extras, use);
    int count = list_spaces(list, out);
    for (int i = 0; i < count; i++) {
        list[i]->offset = find_place(list, i);
        if (out->bytes < list[i]->offset + bytes_of(list[i]))
            out->bytes = list[i]->offset + bytes_of(list[i]);
    }
    out->least = most_held(list, count, end_of(use->plan));
    assert(out->least <= out->bytes);
}
