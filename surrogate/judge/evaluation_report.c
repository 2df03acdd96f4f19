/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation_report.h"

#include "array.h"
#include "scoreboard.h"
#include "verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const role_names[] = {
    [EVALUATION_BASELINE] = "baseline",
    [EVALUATION_RIVAL] = "rival",
    [EVALUATION_CANDIDATE] = "candidate",
};

static enum status set_spread(struct json *object, const char *key,
                              const struct scoreboard_spread *spread)
{
    struct json *json = json_make_object();
    TRY(json_set(object, key, json));
    TRY(json_set(json, "mean", json_make_real(spread->mean)));
    TRY(json_set(json, "deviation", json_make_real(spread->deviation)));
    TRY(json_set(json, "least", json_make_real(spread->least)));
    TRY(json_set(json, "most", json_make_real(spread->most)));
    TRY(json_set(json, "rollouts", json_make_integer(spread->count)));
    return json_set(json, "diverged", json_make_integer(spread->diverged));
}

static enum status append_rollout(struct json *array, const struct evaluation_rollout *rollout)
{
    struct json *json = json_make_object();
    TRY(json_append(array, json));
    TRY(json_set(json, "case", json_make_integer(rollout->flow.index)));
    TRY(json_set(json, "family", json_make_text(rollout->flow.family)));
    TRY(json_set(json, "reynolds", json_make_real(rollout->flow.reynolds)));
    TRY(json_set(json, "start", json_make_integer(rollout->start)));
    TRY(json_set(json, "period_frames", json_make_real(rollout->period)));
    TRY(json_set(json, "strouhal", json_make_real(rollout->strouhal)));
    return json_set(json, "strouhal_of_rollout", json_make_real(rollout->horizon_strouhal));
}

/* Mean and deviation by step, as two arrays. */
static enum status set_steps(struct json *object, const struct evaluation *evaluation,
                             int64_t entry, enum metrics_kind metric)
{
    struct json *means = json_make_array(), *deviations = json_make_array();
    enum status status = json_set(object, "mean", means);
    if (status != OK) {
        json_destroy(deviations);
        return status;
    }
    TRY(json_set(object, "deviation", deviations));
    for (int64_t step = 1; step <= evaluation_get_options(evaluation)->horizon; step++) {
        struct scoreboard_spread s = scoreboard_at_step(evaluation, entry, step, metric);
        TRY(json_append(means, json_make_real(s.mean)));
        TRY(json_append(deviations, json_make_real(s.deviation)));
    }
    return OK;
}

/* values[rollout][step] */
static enum status set_values(struct json *object, const struct evaluation *evaluation,
                              int64_t entry, enum metrics_kind metric)
{
    struct json *rows = json_make_array();
    TRY(json_set(object, "values", rows));
    for (int64_t r = 0; r < evaluation_rollouts(evaluation); r++) {
        struct json *row = json_make_array();
        TRY(json_append(rows, row));
        for (int64_t step = 1; step <= evaluation_get_options(evaluation)->horizon; step++)
            TRY(json_append(row,
                            json_make_real(evaluation_value(evaluation, entry, r, step, metric))));
    }
    return OK;
}

static enum status set_metric(struct json *object, const struct evaluation *evaluation,
                              int64_t entry, enum metrics_kind metric)
{
    struct json *json = json_make_object();
    TRY(json_set(object, metrics_name(metric), json));
    for (int w = 0; w < SCOREBOARD_WINDOWS; w++) {
        enum scoreboard_window window = (enum scoreboard_window)w;
        struct scoreboard_spread s = scoreboard_over_window(evaluation, entry, window, metric);
        TRY(set_spread(json, scoreboard_window_key(window), &s));
    }
    TRY(set_steps(json, evaluation, entry, metric));
    return set_values(json, evaluation, entry, metric);
}

/* Per rollout: where it diverged (null: nowhere), its Strouhal number. */
static enum status set_outcomes(struct json *object, const struct evaluation *evaluation,
                                int64_t entry)
{
    struct json *rows = json_make_array();
    TRY(json_set(object, "rollouts", rows));
    for (int64_t r = 0; r < evaluation_rollouts(evaluation); r++) {
        const struct evaluation_outcome *o = evaluation_outcome_at(evaluation, entry, r);
        struct json *row = json_make_object();
        TRY(json_append(rows, row));
        TRY(json_set(row, "diverged_at_step",
                     o->diverged == 0 ? json_make_null() : json_make_integer(o->diverged)));
        TRY(json_set(row, "seconds_per_frame", json_make_real(o->cost)));
        TRY(json_set(row, "strouhal", json_make_real(o->strouhal)));
    }
    return OK;
}

static enum status append_entry(struct json *array, const struct evaluation *evaluation,
                                int64_t entry)
{
    const struct evaluation_entry *e = &evaluation_get_options(evaluation)->entries[entry];
    const char *absence = evaluation_absence(evaluation, entry);
    double strouhal[2];
    int64_t count;
    struct json *json = json_make_object();
    TRY(json_append(array, json));
    TRY(json_set(json, "name", json_make_text(e->forecaster->name)));
    TRY(json_set(json, "kind", json_make_text(e->forecaster->ops->kind)));
    TRY(json_set(json, "role", json_make_text(role_names[e->role])));
    TRY(json_set(json, "absent", absence[0] == '\0' ? json_make_null() : json_make_text(absence)));
    if (absence[0] != '\0')
        return OK;
    TRY(json_set(json, "seconds_per_frame", json_make_real(scoreboard_cost(evaluation, entry))));
    TRY(json_set(json, "diverged", json_make_integer(scoreboard_diverged(evaluation, entry))));
    scoreboard_strouhal(&strouhal[0], &strouhal[1], &count, evaluation, entry);
    TRY(json_set(json, "strouhal", json_make_real(strouhal[0])));
    TRY(json_set(json, "strouhal_of_truth", json_make_real(strouhal[1])));
    TRY(json_set(json, "strouhal_rollouts", json_make_integer(count)));
    TRY(set_outcomes(json, evaluation, entry));
    struct json *metrics = json_make_object();
    TRY(json_set(json, "metrics", metrics));
    for (int m = 0; m < METRICS_KINDS; m++)
        TRY(set_metric(metrics, evaluation, entry, (enum metrics_kind)m));
    return OK;
}

static struct json *entry_name(const struct evaluation *evaluation, int64_t entry)
{
    if (entry == VERDICT_NONE)
        return json_make_null();
    return json_make_text(evaluation_get_options(evaluation)->entries[entry].forecaster->name);
}

static enum status append_verdict(struct json *array, const struct evaluation *evaluation,
                                  const struct verdict *v)
{
    struct json *json = json_make_object();
    TRY(json_append(array, json));
    TRY(json_set(json, "candidate", entry_name(evaluation, v->candidate)));
    TRY(json_set(json, "window", json_make_text(scoreboard_window_key(v->window))));
    TRY(json_set(json, "error", json_make_real(v->error)));
    TRY(json_set(json, "seconds_per_frame", json_make_real(v->cost)));
    TRY(json_set(json, "baseline", entry_name(evaluation, v->baseline)));
    TRY(json_set(json, "baseline_error", json_make_real(v->baseline_error)));
    TRY(json_set(json, "equal_accuracy", entry_name(evaluation, v->equal_accuracy)));
    TRY(json_set(json, "speed_up_at_equal_accuracy", json_make_real(v->speed_up)));
    TRY(json_set(json, "equal_cost", entry_name(evaluation, v->equal_cost)));
    TRY(json_set(json, "error_ratio_at_equal_cost", json_make_real(v->error_ratio)));
    TRY(json_set(json, "speed_up_against_truth", json_make_real(v->truth_speed_up)));
    return json_set(json, "text", json_make_text(v->text));
}

static enum status set_verdicts(struct json *root, const struct evaluation *evaluation)
{
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    struct json *verdicts = json_make_array();
    TRY(json_set(root, "verdicts", verdicts));
    for (int64_t e = 0; e < options->count; e++)
        for (int w = 0; w < SCOREBOARD_WINDOWS; w++) {
            struct verdict verdict;
            if (options->entries[e].role != EVALUATION_CANDIDATE)
                continue;
            verdict_reach(&verdict, evaluation, e, (enum scoreboard_window)w);
            TRY(append_verdict(verdicts, evaluation, &verdict));
        }
    return OK;
}

enum status evaluation_report_json(struct json **out, const struct evaluation *evaluation)
{
    enum status status = OK;
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    struct json *root = json_make_object(), *rollouts = json_make_array(),
                *entries = json_make_array();
    if (root == NULL || rollouts == NULL || entries == NULL) {
        json_destroy(rollouts);
        json_destroy(entries);
        TRY_GOTO(ERR_MEMORY, cleanup);
    }
    status = json_set(root, "rollouts", rollouts);
    enum status second = json_set(root, "forecasters", entries); /* takes it whatever came before */
    TRY_GOTO(status != OK ? status : second, cleanup);
    TRY_GOTO(json_set(root, "horizon_frames", json_make_integer(options->horizon)), cleanup);
    TRY_GOTO(json_set(root, "call_frames", json_make_integer(options->call)), cleanup);
    TRY_GOTO(json_set(root, "truth_seconds_per_frame",
                      options->truth_cost > 0.0 ? json_make_real(options->truth_cost)
                                                : json_make_null()),
             cleanup);
    for (int64_t r = 0; r < evaluation_rollouts(evaluation); r++)
        TRY_GOTO(append_rollout(rollouts, evaluation_rollout_at(evaluation, r)), cleanup);
    for (int64_t e = 0; e < options->count; e++)
        TRY_GOTO(append_entry(entries, evaluation, e), cleanup);
    TRY_GOTO(set_verdicts(root, evaluation), cleanup);
    *out = root;
    root = NULL;
cleanup:
    json_destroy(root);
    return status;
}

/* A growing text. */
struct text {
    char *data;
    size_t used, capacity;
};

static enum status add(struct text *text, const char *format, ...) ERROR_PRINTF_LIKE(2, 3);

static enum status add(struct text *text, const char *format, ...)
{
    char piece[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof piece)
        return FAIL(ERR_INTERNAL, "a CSV field of %d characters", length);
    char *grown = array_grow(text->data, &text->capacity, text->used + (size_t)length + 1, 1);
    if (grown == NULL)
        return ERR_MEMORY;
    text->data = grown;
    memcpy(text->data + text->used, piece, (size_t)length + 1);
    text->used += (size_t)length;
    return OK;
}

/* ",number", with a point whatever the locale; "," when it is not finite. */
static enum status add_number(struct text *text, double value)
{
    char number[64];
    if (!isfinite(value))
        return add(text, ",");
    (void)snprintf(number, sizeof number, "%.9g", value);
    for (char *c = number; *c != '\0'; c++)
        if (strchr("0123456789+-e", *c) == NULL)
            *c = '.';
    return add(text, ",%s", number);
}

/* A quoted field: names are ours, a quote in one is doubled all the same. */
static enum status add_quoted(struct text *text, const char *field)
{
    TRY(add(text, "\""));
    for (const char *c = field; *c != '\0'; c++)
        TRY(add(text, *c == '"' ? "\"\"" : "%c", *c));
    return add(text, "\"");
}

static enum status add_line(struct text *text, const struct evaluation *evaluation, int64_t entry,
                            int64_t rollout, int64_t step)
{
    const struct evaluation_rollout *r = evaluation_rollout_at(evaluation, rollout);
    TRY(add_quoted(text, evaluation_get_options(evaluation)->entries[entry].forecaster->name));
    TRY(add(text, ",%lld,", (long long)r->flow.index));
    TRY(add_quoted(text, r->flow.family));
    TRY(add_number(text, r->flow.reynolds));
    TRY(add(text, ",%lld,%lld", (long long)r->start, (long long)step));
    for (int m = 0; m < METRICS_KINDS; m++)
        TRY(add_number(text,
                       evaluation_value(evaluation, entry, rollout, step, (enum metrics_kind)m)));
    return add(text, "\n");
}

static enum status add_header(struct text *text)
{
    TRY(add(text, "forecaster,case,family,reynolds,start,step"));
    for (int m = 0; m < METRICS_KINDS; m++)
        TRY(add(text, ",%s", metrics_name((enum metrics_kind)m)));
    return add(text, "\n");
}

enum status evaluation_report_csv(char **out, const struct evaluation *evaluation)
{
    enum status status = OK;
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    struct text text = {0};
    TRY_GOTO(add_header(&text), cleanup);
    for (int64_t e = 0; e < options->count; e++)
        for (int64_t r = 0; r < evaluation_rollouts(evaluation); r++)
            for (int64_t step = 1; step <= options->horizon; step++)
                if (evaluation_absence(evaluation, e)[0] == '\0')
                    TRY_GOTO(add_line(&text, evaluation, e, r, step), cleanup);
    *out = text.data;
    text.data = NULL;
cleanup:
    free(text.data);
    return status;
}
