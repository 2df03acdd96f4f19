/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include "forecaster.h"
#include "network_words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

/* Speeds at the edges, profile of the inflow, parameters of the collision. */
static enum status read_flow(struct flow_case_numerics *out, const struct config *config)
{
    const char *profile = config_text(config, "flow.profile");
    size_t count = config_count(config, "flow.profile_table");
    out->profile = strcmp(profile, "parabolic") == 0 ? FLOW_CASE_PROFILE_PARABOLIC
                   : strcmp(profile, "table") == 0   ? FLOW_CASE_PROFILE_TABLE
                                                     : FLOW_CASE_PROFILE_UNIFORM;
    if (out->profile != FLOW_CASE_PROFILE_TABLE && count > 0)
        return config_fault(config, "flow.profile_table",
                            "the profile is '%s'; 'flow.profile: table' would do, or no speeds",
                            profile);
    if (out->profile == FLOW_CASE_PROFILE_TABLE && (count < 2 || count > FLOW_CASE_TABLE))
        return config_fault(config, "flow.profile_table",
                            "a profile of %zu speeds; 2 to %d would do", count, FLOW_CASE_TABLE);
    for (size_t i = 0; i < count; i++)
        out->table[i] = config_real_at(config, "flow.profile_table", i);
    out->table_count = (int64_t)count;
    out->bulk_rate = config_real(config, "solver.bulk_rate");
    out->magic = config_real(config, "solver.magic");
    out->smagorinsky = config_real(config, "solver.smagorinsky");
    out->bottom_speed = config_real(config, "solver.bottom_speed");
    out->top_speed = config_real(config, "solver.top_speed");
    out->force_x = config_real(config, "flow.force_x");
    out->force_y = config_real(config, "flow.force_y");
    return OK;
}

enum status settings_base_case(struct flow_case *out, const struct config *config)
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
    return read_flow(numerics, config);
}

const char *settings_edge_name(const struct config *config)
{
    return config_text(config, "solver.edge");
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

/* The option table has the same words (a test holds them together). */
static int network_word(const struct config *config, const char *key, enum network_words of)
{
    int value = 0;
    if (network_words_value(&value, of, config_text(config, key)) != OK)
        assert(!"a word that the option table has and the network has not");
    return value;
}

enum status settings_network(struct network_spec *out, const struct config *config)
{
    enum status status = network_spec_parse(out, config_text(config, "network.size"));
    if (status != OK)
        return config_fault(config, "network.size", "%s", error_message());
    out->skips = config_switch(config, "network.skips");
    out->groups = config_integer(config, "network.groups");
    out->frames_in = config_integer(config, "network.frames_in");
    out->frames_out = config_integer(config, "network.frames_out");
    out->reynolds = config_switch(config, "network.reynolds");
    out->walls = config_switch(config, "network.walls");
    out->norm = (enum network_norm)network_word(config, "network.norm", NETWORK_WORDS_NORM);
    out->output = (enum network_output)network_word(config, "network.output", NETWORK_WORDS_OUTPUT);
    out->target = (enum network_target)network_word(config, "network.target", NETWORK_WORDS_TARGET);
    for (int side = 0; side < NETWORK_SIDES; side++) {
        char key[64];
        (void)snprintf(key, sizeof key, "network.padding_%s",
                       network_words_side((enum network_side)side));
        out->padding[side] = (enum network_padding)network_word(config, key, NETWORK_WORDS_PADDING);
    }
    out->input_channels = network_spec_channels(out);
    status = network_spec_check(out);
    return status == OK ? OK : config_fault(config, "network.padding_inlet", "%s", error_message());
}
