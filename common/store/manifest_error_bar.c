/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest_error_bar.h"

#include "array.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Names of the forces' numbers, of a run and of its difference from the dataset. */
static const struct {
    const char *again, *difference;
    size_t offset; /* in struct case_compare_forces */
} forces[] = {
    {"drag_mean", "drag_mean_difference", offsetof(struct case_compare_forces, drag)},
    {"lift_rms", "lift_rms_difference", offsetof(struct case_compare_forces, lift)},
    {"strouhal", "strouhal_difference", offsetof(struct case_compare_forces, strouhal)},
};

enum { FORCES = sizeof forces / sizeof forces[0] };

static double *force_at(struct case_compare_forces *of, int i)
{
    return (double *)((char *)of + forces[i].offset);
}

/* ---- encoding ---- */

static enum status encode_run(struct json *object, const struct error_bar_run *run)
{
    struct case_compare_forces again = run->again, difference = run->difference;
    TRY(json_set(object, "case", json_make_integer(run->case_index)));
    TRY(json_set(object, "refine", json_make_integer(run->refine)));
    if (run->frames == 0)
        return json_set(object, "failed", json_make_text(run->reason));
    TRY(json_set(object, "velocity", json_make_reals(run->velocity, (size_t)run->frames)));
    TRY(json_set(object, "density", json_make_reals(run->density, (size_t)run->frames)));
    for (int i = 0; i < FORCES; i++) {
        TRY(json_set(object, forces[i].again, json_make_real(*force_at(&again, i))));
        TRY(json_set(object, forces[i].difference, json_make_real(*force_at(&difference, i))));
    }
    return OK;
}

enum status manifest_error_bar_encode(struct json *root, const struct error_bar *bar)
{
    if (bar == NULL)
        return OK;
    struct json *block = json_make_object();
    TRY(json_set(root, "error_bar", block)); /* owned by the root, or gone */
    TRY(json_set(block, "cases", json_make_integer(bar->cases)));
    struct json *runs = json_make_array();
    TRY(json_set(block, "runs", runs));
    for (size_t i = 0; i < bar->run_count; i++) {
        struct json *object = json_make_object();
        TRY(json_append(runs, object));
        TRY(encode_run(object, &bar->runs[i]));
    }
    return OK;
}

/* ---- decoding ---- */

static enum status get_reals(double *out, const struct json *object, const char *key, int64_t count)
{
    const struct json *array = NULL;
    TRY(json_get_array(&array, object, key));
    if (json_count(array) != (size_t)count)
        return FAIL(ERR_DATA, "'%s' has %zu numbers, not %" PRId64, key, json_count(array), count);
    for (int64_t t = 0; t < count; t++)
        TRY(json_as_real_or_null(&out[t], json_at(array, (size_t)t)));
    return OK;
}

static enum status decode_failed(struct error_bar_run *run, const struct json *object)
{
    const char *reason = NULL;
    TRY(json_get_text(&reason, object, "failed"));
    snprintf(run->reason, sizeof run->reason, "%s", reason);
    return OK;
}

static enum status decode_run(struct error_bar_run *run, const struct json *object, int64_t planned,
                              int64_t frames)
{
    TRY(json_get_integer_within(&run->case_index, object, "case", 0, planned - 1));
    TRY(json_get_integer_within(&run->refine, object, "refine", 1, 64));
    if (json_find(object, "failed") != NULL)
        return decode_failed(run, object);
    TRY(ARRAY_NEW(run->velocity, 2 * frames));
    run->density = run->velocity + frames;
    run->frames = frames;
    TRY(get_reals(run->velocity, object, "velocity", frames));
    TRY(get_reals(run->density, object, "density", frames));
    for (int i = 0; i < FORCES; i++) {
        TRY(json_get_real_or_null(force_at(&run->again, i), object, forces[i].again));
        TRY(json_get_real_or_null(force_at(&run->difference, i), object, forces[i].difference));
    }
    return OK;
}

static enum status decode_runs(struct error_bar *bar, const struct json *block, int64_t planned,
                               int64_t frames)
{
    const struct json *runs = NULL;
    TRY(json_get_array(&runs, block, "runs"));
    for (size_t i = 0; i < json_count(runs); i++) {
        struct error_bar_run run = {.velocity = NULL};
        enum status status = decode_run(&run, json_at(runs, i), planned, frames);
        if (status == OK && error_bar_find(bar, run.case_index, run.refine) != NULL)
            status = FAIL(ERR_DATA, "case %" PRId64 " at refine %" PRId64 " stands twice",
                          run.case_index, run.refine);
        if (status == OK)
            status = error_bar_add(bar, &run);
        error_bar_run_fini(&run);
        if (status != OK)
            return error_prefix(status, "run %zu", i);
    }
    return OK;
}

enum status manifest_error_bar_decode(struct error_bar **out, const struct json *root,
                                      int64_t planned, int64_t frames)
{
    enum status status = OK;
    const struct json *block = NULL;
    struct error_bar *bar = NULL;
    int64_t cases = 0;
    if (json_find(root, "error_bar") == NULL)
        return OK;
    TRY_GOTO(json_get_object(&block, root, "error_bar"), cleanup);
    TRY_GOTO(json_get_integer_within(&cases, block, "cases", 1, planned), cleanup);
    TRY_GOTO(error_bar_create(&bar, cases), cleanup);
    TRY_GOTO(decode_runs(bar, block, planned, frames), cleanup);
    *out = bar;
    bar = NULL;
cleanup:
    error_bar_destroy(bar);
    return status == OK ? OK : error_prefix(status, "'error_bar'");
}
