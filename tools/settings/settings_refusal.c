/* SPDX-License-Identifier: Apache-2.0 */
#include "settings_refusal.h"

#include "refusal.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 64, MESSAGE = 512 };

/* The first body that a message names, from 0; 0 when it names none. */
static int body_of(const char *message)
{
    const char *words = strstr(message, "body ");
    int number = 1;
    if (words == NULL || sscanf(words, "body %2d", &number) != 1)
        words = strstr(message, "bodies ");
    if (words != NULL && words[3] == 'i')
        number = sscanf(words, "bodies %2d", &number) == 1 ? number : 1;
    return number > 0 && number <= FLOW_CASE_BODIES ? number - 1 : 0;
}

/* Which of a body's fields makes it move. */
static const char *motion_of(const struct flow_case_motion *motion)
{
    return motion->u != 0 ? "velocity_x" : motion->v != 0 ? "velocity_y" : "spin";
}

static const char *field_of(enum refusal broken, const char *message,
                            const struct flow_case_motion *motion)
{
    if (broken == REFUSAL_SETTINGS || strncmp(message, "as bodies move", 14) == 0)
        return motion_of(motion);
    return broken == REFUSAL_WALL                            ? "y"
           : broken == REFUSAL_BODY                          ? "shape"
           : broken == REFUSAL_ENDS || broken == REFUSAL_GAP ? "x"
                                                             : "size";
}

/* The key of a number that is refused with others; NULL when it has none. */
static const char *setting_of(const char *message)
{
    static const struct {
        const char *words, *key;
    } keys[] = {{"inflow speed U", "flow.speed"},
                {"the inflow is", "flow.speed"},
                {"every speed of the inflow", "flow.profile_table"},
                {"of the inflow is", "flow.profile_table"},
                {"no bulk rate", "solver.bulk_rate"},
                {"no magic parameter", "solver.magic"},
                {"bottom speed", "solver.bottom_speed"},
                {"top speed", "solver.top_speed"},
                {"the force along x", "flow.force_x"},
                {"the force along y", "flow.force_y"}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strstr(message, keys[i].words) != NULL)
            return keys[i].key;
    return NULL;
}

enum status settings_refusal_check(const struct flow_case *flow_case, const struct config *config,
                                   enum settings_refusal_bodies bodies)
{
    enum refusal broken;
    char message[MESSAGE], key[KEY];
    enum status status = flow_case_check(flow_case);
    if (status != ERR_CONFIG)
        return status;
    snprintf(message, sizeof message, "%s", error_message());
    flow_case_check_rule(&broken, flow_case); /* fails again, and says by which rule */
    int of_body = strstr(message, "body ") != NULL || strstr(message, "bodies ") != NULL ||
                  broken == REFUSAL_BLOCKAGE;
    if (broken == REFUSAL_TAU || broken == REFUSAL_VISCOSITY)
        return config_fault(config, "flow.reynolds", "%s", message);
    if (broken == REFUSAL_SETTINGS && !of_body && setting_of(message) != NULL)
        return config_fault(config, setting_of(message), "%s", message);
    if (!of_body || bodies == SETTINGS_REFUSAL_FROM_WORDS)
        return FAIL(ERR_CONFIG, "%s", message);
    int body = body_of(message);
    snprintf(key, sizeof key, "bodies[%d].%s", body,
             field_of(broken, message, &flow_case->motions[body]));
    return config_fault(config, key, "%s", message);
}
