/* SPDX-License-Identifier: Apache-2.0 */
#include "checkpoint.h"

#include "array.h"
#include "json.h"
#include "model_tensors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char first_name[] = MODEL_TENSORS_FOREIGN "exp_avg";
static const char second_name[] = MODEL_TENSORS_FOREIGN "exp_avg_sq";
static const char average_name[] = MODEL_TENSORS_FOREIGN "average";
static const char progress_key[] = "progress";

/* The state of optimizer and average on the host. */
struct moments {
    float *first, *second; /* [count] */
    float *average;        /* [count]; NULL: none */
    int64_t count;
};

static void free_moments(struct moments *moments)
{
    array_free(moments->first);
    array_free(moments->second);
    array_free(moments->average);
}

static enum status check_moments(const float *values, int64_t count, const char *name)
{
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return FAIL(ERR_NUMERIC, "value %lld of tensor '%s' is not finite", (long long)i, name);
    return OK;
}

static enum status add_moments(struct safetensors_writer *writer, struct moments *moments,
                               const struct optimizer *optimizer)
{
    TRY(ARRAY_NEW(moments->first, moments->count));
    TRY(ARRAY_NEW(moments->second, moments->count));
    TRY(optimizer_download(optimizer, moments->first, moments->second));
    TRY(check_moments(moments->first, moments->count, first_name));
    TRY(check_moments(moments->second, moments->count, second_name));
    TRY(safetensors_writer_add(writer, first_name, SAFETENSORS_F32, &moments->count, 1,
                               moments->first));
    return safetensors_writer_add(writer, second_name, SAFETENSORS_F32, &moments->count, 1,
                                  moments->second);
}

static enum status add_average(struct safetensors_writer *writer, struct moments *moments,
                               const struct average *average)
{
    if (average == NULL)
        return OK;
    TRY(ARRAY_NEW(moments->average, moments->count));
    TRY(average_download(average, moments->average));
    TRY(check_moments(moments->average, moments->count, average_name));
    return safetensors_writer_add(writer, average_name, SAFETENSORS_F32, &moments->count, 1,
                                  moments->average);
}

static enum status fill_progress(struct json *json, const struct checkpoint_progress *progress)
{
    TRY(json_set(json, "step", json_make_integer(progress->step)));
    TRY(json_set(json, "validated", json_make_integer(progress->validated)));
    TRY(json_set(json, "best_loss", json_make_real(progress->best_loss)));
    TRY(json_set(json, "best_step", json_make_integer(progress->best_step)));
    TRY(json_set(json, "stale", json_make_integer(progress->stale)));
    TRY(json_set(json, "threads", json_make_integer(progress->threads)));
    TRY(json_set(json, "ranks", json_make_integer(progress->ranks)));
    TRY(json_set(json, "sums", json_make_reals(progress->sums, CHECKPOINT_SUMS)));
    return json_set(json, "summed", json_make_integer(progress->summed));
}

static enum status add_progress(struct safetensors_writer *writer,
                                const struct checkpoint_progress *progress)
{
    enum status status = OK;
    char *text = NULL;
    struct json *json = json_make_object();
    TRY_GOTO(json == NULL ? ERR_MEMORY : OK, cleanup);
    TRY_GOTO(fill_progress(json, progress), cleanup);
    TRY_GOTO(json_write(&text, json, JSON_FORM_COMPACT), cleanup);
    TRY_GOTO(safetensors_writer_add_metadata(writer, progress_key, text), cleanup);
cleanup:
    free(text);
    json_destroy(json);
    return status;
}

enum status checkpoint_save(const char *path, const struct checkpoint_subject *subject,
                            const struct model_facts *facts,
                            const struct checkpoint_progress *progress)
{
    enum status status = OK;
    struct network *network = subject->network;
    struct model_snapshot snapshot = {0};
    struct moments moments = {.count = network_parameter_count(network)};
    struct safetensors_writer *writer = NULL;
    TRY_GOTO(model_take_snapshot(&snapshot, network, subject->backend, progress->step), cleanup);
    TRY_GOTO(safetensors_writer_create(&writer), cleanup);
    TRY_GOTO(model_describe(writer, network, &snapshot, facts), cleanup);
    TRY_GOTO(add_moments(writer, &moments, subject->optimizer), cleanup);
    TRY_GOTO(add_average(writer, &moments, subject->average), cleanup);
    TRY_GOTO(add_progress(writer, progress), cleanup);
    TRY_GOTO(safetensors_writer_save(writer, path), cleanup);
cleanup:
    safetensors_writer_destroy(writer);
    model_free_snapshot(&snapshot);
    free_moments(&moments);
    return status;
}

static enum status find_moments(const float **out, const struct model *model, const char *name,
                                int64_t count)
{
    const struct safetensors_tensor *tensor = safetensors_find(model->file, name);
    if (tensor == NULL)
        return FAIL(ERR_DATA, "it is a model but no checkpoint: tensor '%s' is missing", name);
    if (tensor->type != SAFETENSORS_F32 || tensor->rank != 1 || tensor->dims[0] != count)
        return FAIL(ERR_DATA, "tensor '%s' is not %lld float32 values", name, (long long)count);
    *out = tensor->data;
    return check_moments(*out, count, name) == OK ? OK : ERR_DATA;
}

static enum status read_sums(struct checkpoint_progress *progress, const struct json *json)
{
    const struct json *sums;
    TRY(json_get_array(&sums, json, "sums"));
    if (json_count(sums) != CHECKPOINT_SUMS)
        return FAIL(ERR_DATA, "%zu sums; there must be %d", json_count(sums), CHECKPOINT_SUMS);
    for (size_t i = 0; i < CHECKPOINT_SUMS; i++)
        TRY(json_as_real(&progress->sums[i], json_at(sums, i)));
    return OK;
}

static enum status read_progress(struct checkpoint_progress *out, const struct json *json)
{
    struct checkpoint_progress progress = {.ranks = 1};
    TRY(json_get_integer(&progress.step, json, "step"));
    TRY(json_get_integer(&progress.validated, json, "validated"));
    TRY(json_get_real(&progress.best_loss, json, "best_loss"));
    TRY(json_get_integer(&progress.best_step, json, "best_step"));
    TRY(json_get_integer(&progress.stale, json, "stale"));
    TRY(json_get_integer(&progress.threads, json, "threads"));
    if (json_find(json, "ranks") != NULL) /* before there were several it was not said */
        TRY(json_get_integer(&progress.ranks, json, "ranks"));
    TRY(json_get_integer(&progress.summed, json, "summed"));
    TRY(read_sums(&progress, json));
    if (progress.step < 0 || progress.validated < 0 || progress.validated > progress.step ||
        progress.best_step < 0 || progress.best_step > progress.step || progress.summed < 0 ||
        progress.stale < 0)
        return FAIL(ERR_DATA, "its progress contradicts itself");
    *out = progress;
    return OK;
}

static enum status parse_progress(struct checkpoint_progress *out, const struct model *model)
{
    enum status status = OK;
    struct json *json = NULL;
    const char *text = safetensors_metadata(model->file, progress_key);
    if (text == NULL)
        return FAIL(ERR_DATA, "it is a model but no checkpoint: no '%s' in its metadata",
                    progress_key);
    TRY_GOTO(json_read(&json, text, strlen(text), progress_key), cleanup);
    TRY_GOTO(read_progress(out, json), cleanup);
cleanup:
    json_destroy(json);
    return status;
}

static enum status restore_average(const struct model *model, struct average *average,
                                   int64_t count)
{
    const float *values;
    if (average == NULL)
        return OK;
    TRY(find_moments(&values, model, average_name, count));
    return average_upload(average, values);
}

static enum status restore_moments(const struct model *model, struct optimizer *optimizer,
                                   int64_t count)
{
    const float *first, *second;
    TRY(find_moments(&first, model, first_name, count));
    TRY(find_moments(&second, model, second_name, count));
    return optimizer_upload(optimizer, first, second);
}

enum status checkpoint_restore(struct checkpoint_progress *progress, const struct model *model,
                               const struct checkpoint_subject *subject)
{
    int64_t count = network_parameter_count(subject->network);
    enum status status = parse_progress(progress, model);
    if (status != OK)
        return error_prefix(status, "%s", model->path);
    TRY(model_install(model, subject->network, subject->backend));
    status = restore_moments(model, subject->optimizer, count);
    if (status == OK)
        status = restore_average(model, subject->average, count);
    return status == OK ? OK : error_prefix(status, "%s", model->path);
}
