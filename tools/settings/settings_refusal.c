/* SPDX-License-Identifier: Apache-2.0 */
#include "settings_refusal.h"

#include <inttypes.h>
#include <stdio.h>

enum { KEY = 64, MESSAGE = 512 };

static const char *const keys[FLOW_CASE_FAULT_FIELDS] = {
    [FLOW_CASE_FAULT_NX] = "canvas.width",
    [FLOW_CASE_FAULT_NY] = "canvas.height",
    [FLOW_CASE_FAULT_REYNOLDS] = "flow.reynolds",
    [FLOW_CASE_FAULT_SPEED] = "flow.speed",
    [FLOW_CASE_FAULT_TABLE] = "flow.profile_table",
    [FLOW_CASE_FAULT_FORCE_X] = "flow.force_x",
    [FLOW_CASE_FAULT_FORCE_Y] = "flow.force_y",
    [FLOW_CASE_FAULT_COLLISION] = "solver.collision",
    [FLOW_CASE_FAULT_BULK_RATE] = "solver.bulk_rate",
    [FLOW_CASE_FAULT_MAGIC] = "solver.magic",
    [FLOW_CASE_FAULT_SMAGORINSKY] = "solver.smagorinsky",
    [FLOW_CASE_FAULT_BOTTOM_SPEED] = "solver.bottom_speed",
    [FLOW_CASE_FAULT_TOP_SPEED] = "solver.top_speed",
    [FLOW_CASE_FAULT_REFINE] = "solver.refine",
    [FLOW_CASE_FAULT_ENTRY] = "solver.entry",
    [FLOW_CASE_FAULT_SPONGE] = "solver.sponge",
    [FLOW_CASE_FAULT_RAMP] = "solver.ramp",
    [FLOW_CASE_FAULT_KICK] = "solver.kick",
    [FLOW_CASE_FAULT_DISCARD] = "solver.discard",
    [FLOW_CASE_FAULT_FRAME_INTERVAL] = "frames.interval",
    [FLOW_CASE_FAULT_FRAMES] = "frames.count",
    [FLOW_CASE_FAULT_BODIES] = "bodies",
    [FLOW_CASE_FAULT_SHAPE] = "shape",
    [FLOW_CASE_FAULT_X] = "x",
    [FLOW_CASE_FAULT_Y] = "y",
    [FLOW_CASE_FAULT_SIZE] = "size",
    [FLOW_CASE_FAULT_VELOCITY_X] = "velocity_x",
    [FLOW_CASE_FAULT_VELOCITY_Y] = "velocity_y",
    [FLOW_CASE_FAULT_SPIN] = "spin",
    [FLOW_CASE_FAULT_BEGIN] = "begin",
    [FLOW_CASE_FAULT_RISE] = "rise",
};

const char *settings_refusal_key(enum flow_case_fault_field field)
{
    return keys[field];
}

/* 0 when the field stands nowhere in the configuration. */
static int find_key(char out[KEY], const struct flow_case_fault *fault,
                    enum settings_refusal_bodies bodies)
{
    const char *key = keys[fault->field];
    if (key == NULL)
        return 0;
    if (!flow_case_fault_of_body(fault)) {
        snprintf(out, KEY, "%s", key);
        return 1;
    }
    snprintf(out, KEY, "bodies[%" PRId64 "].%s", fault->body, key);
    return bodies == SETTINGS_REFUSAL_FROM_CONFIG;
}

enum status settings_refusal_check(const struct flow_case *flow_case, const struct config *config,
                                   enum settings_refusal_bodies bodies)
{
    struct flow_case_fault fault;
    char message[MESSAGE], key[KEY];
    enum status status = flow_case_check_fault(&fault, flow_case, FLOW_CASE_ADVICE_FULL);
    if (status != ERR_CONFIG || !find_key(key, &fault, bodies))
        return status;
    snprintf(message, sizeof message, "%s", error_message());
    return config_fault(config, key, "%s", message);
}
