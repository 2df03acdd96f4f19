/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include "array.h"
#include "body.h"
#include "forecaster.h"

#include <stdio.h>
#include <string.h>

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

void settings_base_case(struct flow_case *out, const struct config *config)
{
    flow_case_defaults(out);
    out->nx = config_integer(config, "canvas.width");
    out->ny = config_integer(config, "canvas.height");
    out->speed = config_real(config, "flow.speed");
    out->seed = (uint64_t)config_integer(config, "seed");
    struct flow_case_numerics *numerics = &out->numerics;
    copy_text(numerics->collision, sizeof numerics->collision,
              config_text(config, "solver.collision"));
    numerics->wall = strcmp(config_text(config, "solver.wall"), "halfway") == 0
                         ? FLOW_CASE_WALL_HALFWAY
                         : FLOW_CASE_WALL_BOUZIDI;
    const char *edge = config_text(config, "solver.edge");
    numerics->edge = strcmp(edge, "periodic") == 0  ? FLOW_CASE_EDGE_PERIODIC
                     : strcmp(edge, "no-slip") == 0 ? FLOW_CASE_EDGE_NO_SLIP
                                                    : FLOW_CASE_EDGE_SLIP;
    numerics->refine = config_integer(config, "solver.refine");
    numerics->entry = config_integer(config, "solver.entry");
    numerics->sponge = config_integer(config, "solver.sponge");
    numerics->ramp = config_real(config, "solver.ramp");
    numerics->kick = config_real(config, "solver.kick");
    numerics->discard = config_real(config, "solver.discard");
    numerics->frame_interval = config_integer(config, "frames.interval");
    numerics->frames = config_integer(config, "frames.count");
}

const char *settings_edge_name(const struct config *config)
{
    return config_text(config, "solver.edge");
}

/* Reports an unknown shape at its own place. */
static enum status check_shape(const struct config *config, const char *key, const char *shape)
{
    const char *names[64];
    char list[1024] = "";
    int64_t count = body_family_count();
    for (int64_t i = 0; i < count && i < 64; i++) {
        names[i] = body_family_name(i);
        if (strcmp(shape, names[i]) == 0)
            return OK;
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    const char *near = config_suggest(shape, names, (size_t)count);
    if (near != NULL)
        return config_fault(config, key, "shape '%s' is unknown; did you mean '%s'?", shape, near);
    return config_fault(config, key, "shape '%s' is unknown; there are %s", shape, list);
}

static enum status read_body(struct body_spec *out, const struct config *config, size_t index)
{
    char key[64];
    snprintf(key, sizeof key, "bodies[%zu].shape", index);
    TRY(check_shape(config, key, config_text(config, key)));
    copy_text(out->family, sizeof out->family, config_text(config, key));
    const struct {
        const char *name;
        double *value;
    } reals[] = {{"x", &out->x},
                 {"y", &out->y},
                 {"size", &out->size},
                 {"aspect", &out->aspect},
                 {"rounding", &out->rounding},
                 {"angle", &out->angle}};
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        snprintf(key, sizeof key, "bodies[%zu].%s", index, reals[i].name);
        *reals[i].value = config_real(config, key);
    }
    snprintf(key, sizeof key, "bodies[%zu].sides", index);
    out->sides = config_integer(config, key);
    return OK;
}

/* --body and what describes it. */
static enum status read_body_arguments(struct flow_case *out, const struct arguments *arguments)
{
    static const char *const companions[] = {"size",  "aspect", "rounding", "sides",
                                             "angle", "x",      "y"};
    const char *shape = arguments_text(arguments, "body", NULL);
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++)
        if (shape == NULL && arguments_given(arguments, companions[i]))
            return FAIL(ERR_USAGE, "option '--%s' needs --body SHAPE", companions[i]);
    if (shape == NULL)
        return OK;
    struct body_spec *body = &out->bodies[0];
    out->body_count = 1;
    *body = (struct body_spec){.x = arguments_real(arguments, "x", 16),
                               .y = arguments_real(arguments, "y", (double)out->ny / 2),
                               .size = arguments_real(arguments, "size", 12),
                               .aspect = arguments_real(arguments, "aspect", 1),
                               .rounding = arguments_real(arguments, "rounding", 0.5),
                               .sides = arguments_integer(arguments, "sides", 3),
                               .angle = arguments_real(arguments, "angle", 0)};
    copy_text(body->family, sizeof body->family, shape);
    return OK;
}

static enum status read_fixed_reynolds(double *out, const struct config *config)
{
    const double *values;
    size_t count;
    if (config_range(&values, &count, config, "flow.reynolds") != CONFIG_RANGE_FIXED)
        return config_fault(config, "flow.reynolds",
                            "one case needs one Reynolds number, not a range; --reynolds gives it");
    *out = values[0];
    return OK;
}

/* The vertices of all polygons in one array; each body points to its part. */
static enum status read_vertices(struct flow_case *out, double **vertices,
                                 const struct config *config)
{
    char key[64];
    size_t total = 0, used = 0;
    for (int64_t i = 0; i < out->body_count; i++) {
        snprintf(key, sizeof key, "bodies[%lld].vertices", (long long)i);
        total += config_count(config, key);
    }
    *vertices = NULL;
    if (total == 0)
        return OK;
    TRY(ARRAY_NEW(*vertices, total));
    for (int64_t i = 0; i < out->body_count; i++) {
        snprintf(key, sizeof key, "bodies[%lld].vertices", (long long)i);
        size_t count = config_count(config, key);
        if (count % 2 != 0)
            return config_fault(config, key, "%zu numbers are no list of x, y pairs", count);
        out->bodies[i].vertices = *vertices + used;
        out->bodies[i].vertex_count = (int64_t)count / 2;
        for (size_t k = 0; k < count; k++)
            (*vertices)[used++] = config_real_at(config, key, k);
    }
    return OK;
}

static enum status read_bodies(struct flow_case *out, const struct config *config)
{
    size_t count = config_count(config, "bodies");
    if (count > FLOW_CASE_BODIES)
        return config_fault(config, "bodies", "%zu bodies are more than the %d a case may have",
                            count, FLOW_CASE_BODIES);
    for (size_t i = 0; i < count; i++)
        TRY(read_body(&out->bodies[i], config, i));
    out->body_count = (int64_t)count;
    return OK;
}

enum status settings_case(struct flow_case *out, double **vertices, const struct config *config,
                          const struct arguments *arguments)
{
    enum status status = OK;
    double *points = NULL;
    *vertices = NULL;
    settings_base_case(out, config);
    TRY(read_fixed_reynolds(&out->reynolds, config));
    TRY(read_bodies(out, config));
    TRY_GOTO(read_vertices(out, &points, config), cleanup);
    if (arguments != NULL)
        TRY_GOTO(read_body_arguments(out, arguments), cleanup);
    TRY_GOTO(flow_case_check(out), cleanup);
    *vertices = points;
    points = NULL;
cleanup:
    array_free(points);
    return status;
}

int settings_case_threads(const struct flow_case *flow_case, int threads)
{
    static const int64_t cells_per_thread = 200000; /* below, waiting costs more than computing */
    int64_t most = flow_case_lattice_cells(flow_case) / cells_per_thread;
    return most < 1 ? 1 : most < threads ? (int)most : threads;
}

static enum status read_range(struct case_draw_range *out, const struct config *config,
                              const char *key)
{
    const double *values;
    size_t count;
    enum config_range_kind kind = config_range(&values, &count, config, key);
    *out = (struct case_draw_range){.kind = CASE_DRAW_FIXED, .low = values[0], .high = values[0]};
    if (kind == CONFIG_RANGE_UNIFORM || kind == CONFIG_RANGE_LOG_UNIFORM) {
        out->kind = kind == CONFIG_RANGE_UNIFORM ? CASE_DRAW_UNIFORM : CASE_DRAW_LOG_UNIFORM;
        out->high = values[1];
    } else if (kind == CONFIG_RANGE_LIST) {
        if (count > CASE_DRAW_LIST_SIZE)
            return config_fault(config, key, "a list of %zu values is longer than %d", count,
                                CASE_DRAW_LIST_SIZE);
        out->kind = CASE_DRAW_LIST;
        out->list_count = (int64_t)count;
        for (size_t i = 0; i < count; i++)
            out->list[i] = values[i];
    }
    return OK;
}

static enum status read_family(struct case_draw_family *out, const struct config *config,
                               const char *section, size_t index)
{
    char key[64];
    snprintf(key, sizeof key, "%s[%zu].shape", section, index);
    TRY(check_shape(config, key, config_text(config, key)));
    copy_text(out->family, sizeof out->family, config_text(config, key));
    snprintf(key, sizeof key, "%s[%zu].weight", section, index);
    out->weight = config_real(config, key);
    const struct {
        const char *name;
        struct case_draw_range *range;
    } ranges[] = {{"size", &out->size},   {"aspect", &out->aspect}, {"rounding", &out->rounding},
                  {"sides", &out->sides}, {"angle", &out->angle},   {"x", &out->x},
                  {"y", &out->y}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        snprintf(key, sizeof key, "%s[%zu].%s", section, index, ranges[i].name);
        TRY(read_range(ranges[i].range, config, key));
    }
    return OK;
}

static enum status read_families(struct case_draw_family *out, int64_t *count,
                                 const struct config *config, const char *section)
{
    size_t given = config_count(config, section);
    if (given > CASE_DRAW_FAMILIES)
        return config_fault(config, section, "%zu families are more than %d", given,
                            CASE_DRAW_FAMILIES);
    for (size_t i = 0; i < given; i++)
        TRY(read_family(&out[i], config, section, i));
    *count = (int64_t)given;
    return OK;
}

static enum status check_splits(const struct case_draw_plan *plan, const struct config *config)
{
    if (case_draw_count(plan) == 0)
        return config_fault(config, "split.train", "every split is empty: there is nothing to do");
    if (plan->family_count == 0 && case_draw_count(plan) > plan->counts[SPLIT_TEST_BODY])
        return config_fault(config, "families",
                            "the list is empty: name the shapes that cases are drawn from");
    if (plan->held_out_count == 0 && plan->counts[SPLIT_TEST_BODY] > 0)
        return config_fault(config, "split.test_body",
                            "test-body cases need families in 'held_out'");
    if (plan->reynolds_gap_count == 0 && plan->counts[SPLIT_TEST_REYNOLDS] > 0)
        return config_fault(config, "split.test_reynolds",
                            "test-reynolds cases need intervals in 'flow.reynolds_held_out'");
    return OK;
}

/* Draws the first case of every split, so that impossible families are found before work begins. */
static enum status try_draws(const struct case_draw_plan *plan)
{
    int64_t first = 0;
    for (int split = 0; split < SPLIT_COUNT; split++) {
        struct flow_case drawn;
        if (plan->counts[split] > 0)
            TRY(case_draw(&drawn, NULL, plan, first));
        first += plan->counts[split];
    }
    return OK;
}

enum status settings_plan(struct case_draw_plan *out, const struct config *config)
{
    memset(out, 0, sizeof *out);
    settings_base_case(&out->base, config);
    out->seed = (uint64_t)config_integer(config, "seed");
    out->counts[SPLIT_TRAIN] = config_integer(config, "split.train");
    out->counts[SPLIT_VALIDATION] = config_integer(config, "split.validation");
    out->counts[SPLIT_TEST_REYNOLDS] = config_integer(config, "split.test_reynolds");
    out->counts[SPLIT_TEST_BODY] = config_integer(config, "split.test_body");
    TRY(read_families(out->families, &out->family_count, config, "families"));
    TRY(read_families(out->held_out, &out->held_out_count, config, "held_out"));
    TRY(read_range(&out->reynolds, config, "flow.reynolds"));
    size_t gaps = config_count(config, "flow.reynolds_held_out");
    if (gaps > CASE_DRAW_FAMILIES)
        return config_fault(config, "flow.reynolds_held_out", "%zu intervals are more than %d",
                            gaps, CASE_DRAW_FAMILIES);
    for (size_t i = 0; i < gaps; i++)
        config_pair_at(out->reynolds_gaps[i], config, "flow.reynolds_held_out", i);
    out->reynolds_gap_count = (int64_t)gaps;
    TRY(check_splits(out, config));
    TRY(try_draws(out));
    return OK;
}

void settings_starts(struct simulation_options *out, const struct config *config)
{
    int64_t starts = config_integer(config, "dataset.starts");
    int64_t spacing = config_integer(config, "dataset.start_spacing");
    int64_t last = config_integer(config, "frames.count") - 1;
    out->start_count = 0;
    for (int64_t k = 0; k < starts && k < SIMULATION_STARTS; k++) {
        int64_t frame = FORECASTER_INPUT_FRAMES - 1 + k * spacing;
        if (frame < last)
            out->start_frames[out->start_count++] = frame;
    }
}

enum status settings_network(struct network_spec *out, const struct config *config)
{
    enum status status = network_spec_parse(out, config_text(config, "network.size"));
    if (status != OK)
        return config_fault(config, "network.size", "%s", error_message());
    out->skips = config_switch(config, "network.skips");
    out->norm = strcmp(config_text(config, "network.norm"), "none") == 0 ? NETWORK_NORM_NONE
                                                                         : NETWORK_NORM_BATCH;
    return OK;
}
