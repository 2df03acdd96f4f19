/* SPDX-License-Identifier: Apache-2.0 */
#include "settings_bodies.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 64 };

static enum status read_body(struct body_spec *out, struct flow_case_motion *motion,
                             struct settings_outlines *outlines, const struct config *config,
                             size_t index)
{
    char record[KEY / 2], key[KEY];
    snprintf(record, sizeof record, "bodies[%zu]", index);
    snprintf(key, sizeof key, "%s.shape", record);
    *out = (struct body_spec){.size = 1};
    snprintf(out->family, sizeof out->family, "%s", config_text(config, key));
    const struct {
        const char *name;
        double *value;
    } reals[] = {{"x", &out->x},
                 {"y", &out->y},
                 {"size", &out->size},
                 {"aspect", &out->aspect},
                 {"inner", &out->inner},
                 {"rounding", &out->rounding},
                 {"angle", &out->angle},
                 {"roughness", &out->roughness},
                 {"spin", &motion->spin},
                 {"velocity_x", &motion->u},
                 {"velocity_y", &motion->v},
                 {"begin", &motion->begin},
                 {"rise", &motion->rise}};
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        snprintf(key, sizeof key, "%s.%s", record, reals[i].name);
        *reals[i].value = config_real(config, key);
    }
    snprintf(key, sizeof key, "%s.sides", record);
    out->sides = config_integer(config, key);
    snprintf(key, sizeof key, "%s.profile", record);
    out->profile = config_integer(config, key);
    snprintf(key, sizeof key, "%s.seed", record);
    out->seed = (uint64_t)config_integer(config, key);
    TRY(settings_outlines_find(out, outlines, config, record));
    return OK;
}

/* --body and what describes it. */
static enum status read_arguments(struct flow_case *out, struct settings_outlines *outlines,
                                  const struct arguments *arguments)
{
    struct body_spec *body = &out->bodies[0];
    *body = (struct body_spec){.x = arguments_real(arguments, "x", 16),
                               .y = arguments_real(arguments, "y", (double)out->ny / 2),
                               .size = arguments_real(arguments, "size", 12),
                               .aspect = arguments_real(arguments, "aspect", 1),
                               .rounding = arguments_real(arguments, "rounding", 0.5),
                               .sides = arguments_integer(arguments, "sides", 3),
                               .inner = arguments_real(arguments, "inner", 0.5),
                               .profile = arguments_integer(arguments, "profile", 12),
                               .roughness = arguments_real(arguments, "roughness", 0.3),
                               .seed = out->seed,
                               .angle = arguments_real(arguments, "angle", 0)};
    out->motions[0] = (struct flow_case_motion){
        .u = arguments_real(arguments, "velocity-x", 0),
        .v = arguments_real(arguments, "velocity-y", 0),
        .spin = arguments_real(arguments, "spin", 0),
        .begin = arguments_real(arguments, "begin", FLOW_CASE_WITH_STREAM),
        .rise = arguments_real(arguments, "rise", 1)};
    out->body_count = 1;
    snprintf(body->family, sizeof body->family, "%s", arguments_text(arguments, "body", ""));
    const char *file = arguments_text(arguments, "file", NULL);
    if (file != NULL)
        TRY(settings_outlines_read(body, outlines, file));
    else if (strcmp(body->family, "bitmap") == 0 || strcmp(body->family, "polygon") == 0)
        return FAIL(ERR_USAGE, "--body %s needs --file FILE", body->family);
    return OK;
}

static enum status check_companions(const struct arguments *arguments)
{
    static const char *const companions[] = {
        "size",  "aspect", "rounding", "sides",      "inner",      "profile", "roughness", "file",
        "angle", "x",      "y",        "velocity-x", "velocity-y", "spin",    "begin",     "rise"};
    for (size_t i = 0; i < sizeof companions / sizeof companions[0]; i++)
        if (arguments_given(arguments, companions[i]))
            return FAIL(ERR_USAGE, "option '--%s' needs --body SHAPE", companions[i]);
    return OK;
}

enum status settings_bodies_read(struct flow_case *out, struct settings_outlines *outlines,
                                 const struct config *config, const struct arguments *arguments)
{
    if (arguments != NULL && arguments_given(arguments, "body")) {
        TRY(read_arguments(out, outlines, arguments));
        return OK;
    }
    if (arguments != NULL)
        TRY(check_companions(arguments));
    size_t count = config_count(config, "bodies");
    if (count > FLOW_CASE_BODIES)
        return config_fault(config, "bodies", "%zu bodies are more than the %d a case may have",
                            count, FLOW_CASE_BODIES);
    for (size_t i = 0; i < count; i++)
        TRY(read_body(&out->bodies[i], &out->motions[i], outlines, config, i));
    out->body_count = (int64_t)count;
    return OK;
}
