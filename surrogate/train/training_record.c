/* SPDX-License-Identifier: Apache-2.0 */
#include "training_record.h"

#include <stdlib.h>
#include <string.h>

static const char init_key[] = "init", batch_key[] = "batch";

static enum status fill_schedule(struct json *json, const struct trainer_options *options)
{
    TRY(json_set(json, "steps", json_make_integer(options->schedule.steps)));
    TRY(json_set(json, "rate", json_make_real(options->schedule.rate)));
    TRY(json_set(json, "warmup", json_make_integer(options->schedule.warmup)));
    TRY(json_set(json, "floor", json_make_real(options->schedule.floor)));
    TRY(json_set(json, "beta1", json_make_real(options->optimizer.beta1)));
    TRY(json_set(json, "beta2", json_make_real(options->optimizer.beta2)));
    TRY(json_set(json, "epsilon", json_make_real(options->optimizer.epsilon)));
    TRY(json_set(json, "weight_decay", json_make_real(options->optimizer.decay)));
    return json_set(json, "clip", json_make_real(options->optimizer.clip));
}

static enum status fill_losses(struct json *json, const struct loss_spec *spec)
{
    struct json *losses = json_make_object();
    TRY(json_set(json, "loss", losses));
    for (int64_t i = 0; i < loss_term_count(); i++)
        TRY(json_set(losses, loss_term_name(i), json_make_real(spec->weights[i])));
    return OK;
}

/* {"unroll": [step, calls, ...], "pushforward": false} */
static enum status fill_unrolling(struct json *json, const struct trainer_options *options)
{
    const struct curriculum *curriculum = &options->curriculum;
    int64_t numbers[2 * CURRICULUM_STAGES];
    for (int64_t i = 0; i < curriculum->count; i++) {
        numbers[2 * i] = curriculum->stages[i].from;
        numbers[2 * i + 1] = curriculum->stages[i].calls;
    }
    TRY(json_set(json, "unroll", json_make_integers(numbers, (size_t)(2 * curriculum->count))));
    return json_set(json, "pushforward", json_make_boolean(options->gradient == LEARNER_LAST));
}

static enum status fill_record(struct json *json, const struct trainer_options *options,
                               const char *init_digest)
{
    TRY(json_set(json, batch_key, json_make_integer(options->batch)));
    TRY(json_set(json, "parts", json_make_integer(options->parts)));
    TRY(fill_unrolling(json, options));
    TRY(json_set(json, "precision", json_make_text(precision_word(options->precision))));
    TRY(json_set(json, "noise", json_make_real(options->noise)));
    TRY(json_set(json, "ema", json_make_real(options->ema)));
    TRY(json_set(json, "recalibrate", json_make_integer(options->recalibrate)));
    TRY(json_set(json, "sync_norm", json_make_boolean(options->norm == GRADIENT_SHARE_SYNC_NORM)));
    TRY(json_set(json, "freeze", json_make_real(options->freeze)));
    TRY(json_set(json, "patience", json_make_integer(options->patience)));
    TRY(json_set(json, "seed", json_make_integer((int64_t)options->seed)));
    TRY(json_set(json, "flips", json_make_boolean(options->flips == LOADER_FLIPS)));
    TRY(json_set(json, "buffer_shards", json_make_integer(options->buffer_shards)));
    TRY(fill_schedule(json, options));
    TRY(fill_losses(json, &options->loss));
    TRY(json_set(json, "log_every", json_make_integer(options->log_every)));
    TRY(json_set(json, "validate_every", json_make_integer(options->validate_every)));
    TRY(json_set(json, "validation_windows", json_make_integer(options->validation_windows)));
    return json_set(json, init_key,
                    init_digest == NULL ? json_make_null() : json_make_text(init_digest));
}

enum status training_record_write(char **out, const struct trainer_options *options,
                                  const char *init_digest)
{
    enum status status = OK;
    struct json *json = json_make_object();
    TRY_GOTO(json == NULL ? ERR_MEMORY : OK, cleanup);
    TRY_GOTO(fill_record(json, options, init_digest), cleanup);
    TRY_GOTO(json_write(out, json, JSON_FORM_COMPACT), cleanup);
cleanup:
    json_destroy(json);
    return status;
}

/* ERR_CONFIG when the two values are not the same; `then` may be NULL. */
static enum status compare_value(const char *key, const struct json *then, const struct json *now)
{
    enum status status = OK;
    char *was = NULL, *is = NULL;
    if (then == NULL)
        return FAIL(ERR_DATA, "the checkpoint does not say its '%s'", key);
    TRY_GOTO(json_write(&was, then, JSON_FORM_COMPACT), cleanup);
    TRY_GOTO(json_write(&is, now, JSON_FORM_COMPACT), cleanup);
    if (strcmp(was, is) != 0)
        TRY_GOTO(FAIL(ERR_CONFIG,
                      "the training began with %s = %s and cannot go on with %s; resume it with "
                      "what it began with",
                      key, was, is),
                 cleanup);
cleanup:
    free(was);
    free(is);
    return status;
}

enum status training_record_compare(const char *then, const char *now)
{
    enum status status = OK;
    struct json *old = NULL, *new = NULL;
    struct json_member member = {0};
    TRY_GOTO(json_read(&old, then, strlen(then), "training"), cleanup);
    TRY_GOTO(json_read(&new, now, strlen(now), "training"), cleanup);
    while (json_next(&member, new))
        if (strcmp(member.key, init_key) != 0)
            TRY_GOTO(compare_value(member.key, json_find(old, member.key), member.value), cleanup);
cleanup:
    json_destroy(old);
    json_destroy(new);
    return status;
}

enum status training_record_batch(int64_t *out, const char *record)
{
    enum status status = OK;
    struct json *json = NULL;
    TRY_GOTO(json_read(&json, record, strlen(record), "training"), cleanup);
    TRY_GOTO(json_get_integer(out, json, batch_key), cleanup);
cleanup:
    json_destroy(json);
    return status;
}
