/* SPDX-License-Identifier: Apache-2.0 */
#include "settings_plan.h"

#include "settings.h"

#include <stdio.h>
#include <string.h>

enum { KEY = 64 };

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

static enum status read_family(struct case_draw_family *out, struct settings_outlines *outlines,
                               const struct config *config, const char *record)
{
    char key[KEY];
    struct body_spec outline = {.size = 1};
    snprintf(key, sizeof key, "%s.shape", record);
    snprintf(out->family, sizeof out->family, "%s", config_text(config, key));
    memcpy(outline.family, out->family, sizeof outline.family);
    snprintf(key, sizeof key, "%s.weight", record);
    out->weight = config_real(config, key);
    for (int i = 0; i < CASE_DRAW_PARAMETERS; i++) {
        snprintf(key, sizeof key, "%s.%s", record,
                 case_draw_parameter_name((enum case_draw_parameter)i));
        TRY(read_range(&out->ranges[i], config, key));
    }
    TRY(settings_outlines_find(&outline, outlines, config, record));
    out->vertices = outline.vertices;
    out->vertex_count = outline.vertex_count;
    out->bitmap = outline.bitmap;
    return OK;
}

static enum status read_families(struct case_draw_family *out, int64_t *count,
                                 struct settings_outlines *outlines, const struct config *config,
                                 const char *section)
{
    size_t given = config_count(config, section);
    if (given > CASE_DRAW_FAMILIES)
        return config_fault(config, section, "%zu families are more than %d", given,
                            CASE_DRAW_FAMILIES);
    for (size_t i = 0; i < given; i++) {
        char record[KEY / 2];
        snprintf(record, sizeof record, "%s[%zu]", section, i);
        TRY(read_family(&out[i], outlines, config, record));
    }
    *count = (int64_t)given;
    return OK;
}

static enum status read_intervals(double out[][2], int64_t *count, const struct config *config,
                                  const char *key)
{
    size_t given = config_count(config, key);
    if (given > CASE_DRAW_FAMILIES)
        return config_fault(config, key, "%zu intervals are more than %d", given,
                            CASE_DRAW_FAMILIES);
    for (size_t i = 0; i < given; i++)
        config_pair_at(out[i], config, key, i);
    *count = (int64_t)given;
    return OK;
}

static enum status check_splits(const struct case_draw_plan *plan, const struct config *config)
{
    const int64_t *counts = plan->counts;
    if (case_draw_count(plan) == 0)
        return config_fault(config, "split.train", "every split is empty: there is nothing to do");
    if (plan->family_count == 0 && case_draw_count(plan) > counts[SPLIT_TEST_BODY])
        return config_fault(config, "families",
                            "the list is empty: name the shapes that cases are drawn from");
    if (plan->held_out_count == 0 && counts[SPLIT_TEST_BODY] > 0)
        return config_fault(config, "split.test_body",
                            "test-body cases need families in 'held_out'");
    if (plan->reynolds_gap_count == 0 && counts[SPLIT_TEST_REYNOLDS] > 0)
        return config_fault(config, "split.test_reynolds",
                            "test-reynolds cases need intervals in 'flow.reynolds_held_out'");
    if (plan->beyond_count == 0 && plan->reynolds_beyond_count == 0 &&
        counts[SPLIT_TEST_BEYOND] > 0)
        return config_fault(config, "split.test_beyond",
                            "test-beyond cases need intervals in 'flow.reynolds_beyond', families "
                            "in 'beyond', or both");
    return OK;
}

/* Nobody would see that they are not drawn from: better a word. */
static enum status check_bodies_rest(const struct config *config)
{
    static const char *const motions[] = {"velocity_x", "velocity_y", "spin"};
    for (size_t i = 0; i < config_count(config, "bodies"); i++)
        for (size_t k = 0; k < sizeof motions / sizeof motions[0]; k++) {
            char key[KEY];
            snprintf(key, sizeof key, "bodies[%zu].%s", i, motions[k]);
            if (config_real(config, key) != 0)
                return config_fault(config, key,
                                    "drawn cases have bodies that rest (mask and sdf stand once in "
                                    "a case); 0 would do, or 'simulate' without --case");
        }
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

enum status settings_plan(struct case_draw_plan *out, struct settings_outlines *outlines,
                          const struct config *config)
{
    memset(out, 0, sizeof *out);
    TRY(check_bodies_rest(config));
    TRY(settings_base_case(&out->base, config));
    out->seed = (uint64_t)config_integer(config, "seed");
    out->counts[SPLIT_TRAIN] = config_integer(config, "split.train");
    out->counts[SPLIT_VALIDATION] = config_integer(config, "split.validation");
    out->counts[SPLIT_TEST_REYNOLDS] = config_integer(config, "split.test_reynolds");
    out->counts[SPLIT_TEST_BODY] = config_integer(config, "split.test_body");
    out->counts[SPLIT_TEST_BEYOND] = config_integer(config, "split.test_beyond");
    TRY(read_range(&out->bodies, config, "flow.body_count"));
    TRY(read_families(out->families, &out->family_count, outlines, config, "families"));
    TRY(read_families(out->held_out, &out->held_out_count, outlines, config, "held_out"));
    TRY(read_families(out->beyond, &out->beyond_count, outlines, config, "beyond"));
    TRY(read_range(&out->reynolds, config, "flow.reynolds"));
    TRY(read_intervals(out->reynolds_gaps, &out->reynolds_gap_count, config,
                       "flow.reynolds_held_out"));
    TRY(read_intervals(out->reynolds_beyond, &out->reynolds_beyond_count, config,
                       "flow.reynolds_beyond"));
    TRY(check_splits(out, config));
    TRY(case_draw_check(out));
    TRY(try_draws(out));
    return OK;
}
