/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include "array.h"
#include "json.h"
#include "model_architecture.h"
#include "model_tensors.h"
#include "safetensors_digest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char mean_suffix[] = "running_mean";

void model_free_snapshot(struct model_snapshot *snapshot)
{
    array_free(snapshot->parameters);
    array_free(snapshot->statistics);
    memset(snapshot, 0, sizeof *snapshot);
}

static const float *snapshot_tensor(const struct model_snapshot *snapshot,
                                    const struct network_tensor *tensor)
{
    return (tensor->statistic ? snapshot->statistics : snapshot->parameters) + tensor->offset;
}

static int64_t find_not_finite(const float *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return i;
    return -1;
}

static enum status check_finite(const struct network *network,
                                const struct model_snapshot *snapshot)
{
    for (int64_t i = 0; i < network_tensor_count(network); i++) {
        const struct network_tensor *tensor = network_tensor_at(network, i);
        int64_t bad = find_not_finite(snapshot_tensor(snapshot, tensor), tensor->count);
        if (bad >= 0)
            return FAIL(ERR_NUMERIC, "value %lld of tensor '%s' is not finite", (long long)bad,
                        tensor->name);
    }
    return OK;
}

enum status model_take_snapshot(struct model_snapshot *out, struct network *network,
                                struct backend *backend, int64_t step)
{
    enum status status = OK;
    struct model_snapshot taken = {.batches = step};
    int64_t parameters = network_parameter_count(network);
    int64_t statistics = network_statistic_count(network);
    TRY_GOTO(ARRAY_NEW(taken.parameters, parameters), cleanup);
    TRY_GOTO(ARRAY_NEW(taken.statistics, statistics), cleanup);
    TRY_GOTO(
        backend->ops->download(backend, taken.parameters, network_parameters(network), parameters),
        cleanup);
    if (statistics > 0)
        TRY_GOTO(backend->ops->download(backend, taken.statistics, network_statistics(network),
                                        statistics),
                 cleanup);
    TRY_GOTO(check_finite(network, &taken), cleanup);
    *out = taken;
    memset(&taken, 0, sizeof taken);
cleanup:
    model_free_snapshot(&taken);
    return status;
}

/* Does the name end like that? Gives where the ending begins, or NULL. */
static const char *find_ending(const char *name, const char *ending)
{
    size_t length = strlen(name), end = strlen(ending);
    return length >= end && strcmp(name + length - end, ending) == 0 ? name + length - end : NULL;
}

/* PyTorch counts batches in every norm layer. */
static enum status add_batches(struct safetensors_writer *writer,
                               const struct network_tensor *tensor,
                               const struct model_snapshot *snapshot)
{
    char name[SAFETENSORS_NAME];
    const char *ending = find_ending(tensor->name, mean_suffix);
    if (ending == NULL)
        return OK;
    (void)snprintf(name, sizeof name, "%.*s%s", (int)(ending - tensor->name), tensor->name,
                   MODEL_TENSORS_BATCHES);
    return safetensors_writer_add(writer, name, SAFETENSORS_I64, NULL, 0, &snapshot->batches);
}

static enum status add_json(struct safetensors_writer *writer, const char *key,
                            const struct json *json)
{
    enum status status = OK;
    char *text = NULL;
    TRY_GOTO(json_write(&text, json, JSON_FORM_COMPACT), cleanup);
    TRY_GOTO(safetensors_writer_add_metadata(writer, key, text), cleanup);
cleanup:
    free(text);
    return status;
}

/* Every metadata value is a JSON text. */
static enum status add_metadata(struct safetensors_writer *writer, const struct network_spec *spec,
                                const struct model_facts *facts)
{
    enum status status = OK;
    struct json *architecture = NULL, *scales = NULL, *program = NULL;
    TRY_GOTO(model_architecture_write(&architecture, spec), cleanup);
    TRY_GOTO(add_json(writer, "architecture", architecture), cleanup);
    TRY_GOTO(normalisation_write(&scales, &facts->normalisation), cleanup);
    TRY_GOTO(add_json(writer, "normalisation", scales), cleanup);
    program = json_make_object();
    TRY_GOTO(program == NULL ? ERR_MEMORY : OK, cleanup);
    TRY_GOTO(json_set(program, "program", json_make_text("wakecast")), cleanup);
    TRY_GOTO(json_set(program, "format", json_make_integer(MODEL_FORMAT)), cleanup);
    TRY_GOTO(json_set(program, "version", json_make_text(facts->version)), cleanup);
    TRY_GOTO(json_set(program, "dataset_digest", json_make_text(facts->dataset_digest)), cleanup);
    TRY_GOTO(json_set(program, "step", json_make_integer(facts->step)), cleanup);
    TRY_GOTO(json_set(program, "frame_interval", json_make_integer(facts->frame_interval)),
             cleanup);
    TRY_GOTO(add_json(writer, "origin", program), cleanup);
    TRY_GOTO(safetensors_writer_add_metadata(writer, "training", facts->training), cleanup);
cleanup:
    json_destroy(architecture);
    json_destroy(scales);
    json_destroy(program);
    return status;
}

enum status model_describe(struct safetensors_writer *writer, const struct network *network,
                           const struct model_snapshot *snapshot, const struct model_facts *facts)
{
    for (int64_t i = 0; i < network_tensor_count(network); i++) {
        const struct network_tensor *tensor = network_tensor_at(network, i);
        TRY(safetensors_writer_add(writer, tensor->name, SAFETENSORS_F32, tensor->dims,
                                   tensor->rank, snapshot_tensor(snapshot, tensor)));
        TRY(add_batches(writer, tensor, snapshot));
    }
    return add_metadata(writer, network_get_spec(network), facts);
}

enum status model_save(const char *path, struct network *network, struct backend *backend,
                       const struct model_facts *facts)
{
    enum status status = OK;
    struct model_snapshot snapshot = {0};
    struct safetensors_writer *writer = NULL;
    TRY_GOTO(model_take_snapshot(&snapshot, network, backend, facts->step), cleanup);
    TRY_GOTO(safetensors_writer_create(&writer), cleanup);
    TRY_GOTO(model_describe(writer, network, &snapshot, facts), cleanup);
    TRY_GOTO(safetensors_writer_save(writer, path), cleanup);
cleanup:
    safetensors_writer_destroy(writer);
    model_free_snapshot(&snapshot);
    return status;
}

/* The JSON behind a metadata key; the caller owns it. */
static enum status read_metadata(struct json **out, const struct model *model, const char *key)
{
    const char *text = safetensors_metadata(model->file, key);
    if (text == NULL)
        return FAIL(ERR_DATA, "no '%s' in its metadata: it is no model of this program", key);
    return json_read(out, text, strlen(text), key);
}

static enum status read_architecture(struct model *model)
{
    enum status status = OK;
    struct json *json = NULL;
    TRY_GOTO(read_metadata(&json, model, "architecture"), cleanup);
    TRY_GOTO(model_architecture_read(&model->spec, json), cleanup);
cleanup:
    json_destroy(json);
    return status;
}

static enum status read_scales(struct model *model)
{
    enum status status = OK;
    struct json *json = NULL;
    TRY_GOTO(read_metadata(&json, model, "normalisation"), cleanup);
    TRY_GOTO(normalisation_read(&model->facts.normalisation, json), cleanup);
    model->facts.normalisation.extras = model_architecture_extras(&model->spec);
cleanup:
    json_destroy(json);
    return status;
}

/* A file of a later format may mean something else by the same keys. */
static enum status check_format(const struct json *origin)
{
    int64_t format = 0;
    TRY(json_get_integer(&format, origin, "format"));
    if (format != MODEL_FORMAT)
        return FAIL(ERR_DATA, "it is a model of format %lld; this program reads %d",
                    (long long)format, MODEL_FORMAT);
    return OK;
}

static enum status read_origin(struct model *model)
{
    enum status status = OK;
    struct json *json = NULL;
    const char *version, *digest;
    TRY_GOTO(read_metadata(&json, model, "origin"), cleanup);
    TRY_GOTO(check_format(json), cleanup);
    TRY_GOTO(json_get_text(&version, json, "version"), cleanup);
    TRY_GOTO(json_get_text(&digest, json, "dataset_digest"), cleanup);
    TRY_GOTO(json_get_integer_within(&model->facts.step, json, "step", 0, INT64_MAX), cleanup);
    TRY_GOTO(
        json_get_integer_within(&model->facts.frame_interval, json, "frame_interval", 0, INT64_MAX),
        cleanup);
    (void)snprintf(model->facts.version, sizeof model->facts.version, "%s", version);
    (void)snprintf(model->facts.dataset_digest, sizeof model->facts.dataset_digest, "%s", digest);
    model->facts.training = safetensors_metadata(model->file, "training");
    if (model->facts.training == NULL)
        TRY_GOTO(FAIL(ERR_DATA, "no 'training' in its metadata"), cleanup);
cleanup:
    json_destroy(json);
    return status;
}

/* The header says all but the values; the data is read when nothing is wrong with it. */
static enum status read_header(struct model *model)
{
    TRY(read_architecture(model));
    TRY(read_scales(model));
    TRY(read_origin(model));
    if (safetensors_metadata(model->file, SAFETENSORS_DIGEST_KEY) == NULL)
        return FAIL(ERR_DATA, "no '%s' in its metadata: nobody can tell whether it is damaged",
                    SAFETENSORS_DIGEST_KEY);
    return model_tensors_check(model->file, &model->spec);
}

static enum status read_model(struct model *model, const char *path)
{
    TRY(safetensors_survey(&model->file, path));
    enum status status = read_header(model);
    if (status != OK)
        return error_prefix(status, "%s", path);
    TRY(safetensors_load(model->file));
    status = model_tensors_check_values(model->file);
    return status == OK ? OK : error_prefix(status, "%s", path);
}

enum status model_load(struct model **out, const char *path)
{
    enum status status = OK;
    struct model *model = calloc(1, sizeof *model);
    if (model == NULL)
        return FAIL(ERR_MEMORY, "no memory for a model");
    (void)snprintf(model->path, sizeof model->path, "%s", path);
    TRY_GOTO(read_model(model, path), cleanup);
    *out = model;
    model = NULL;
cleanup:
    model_destroy(model);
    return status;
}

void model_destroy(struct model *model)
{
    if (model == NULL)
        return;
    safetensors_close(model->file);
    free(model);
}

/* All tensors of the network, in host memory. */
static enum status collect_tensors(struct model_snapshot *snapshot, const struct model *model,
                                   const struct network *network)
{
    TRY(ARRAY_NEW(snapshot->parameters, network_parameter_count(network)));
    TRY(ARRAY_NEW(snapshot->statistics, network_statistic_count(network)));
    TRY(model_architecture_compare(&model->spec, network_get_spec(network)));
    for (int64_t i = 0; i < network_tensor_count(network); i++) {
        const struct network_tensor *tensor = network_tensor_at(network, i);
        float *to = tensor->statistic ? snapshot->statistics : snapshot->parameters;
        memcpy(to + tensor->offset, safetensors_find(model->file, tensor->name)->data,
               (size_t)tensor->count * sizeof *to);
    }
    return OK;
}

enum status model_install(const struct model *model, struct network *network,
                          struct backend *backend)
{
    enum status status = OK;
    struct model_snapshot snapshot = {0};
    status = collect_tensors(&snapshot, model, network);
    if (status != OK)
        TRY_GOTO(error_prefix(status, "%s", model->path), cleanup);
    TRY_GOTO(backend->ops->upload(backend, network_parameters(network), snapshot.parameters,
                                  network_parameter_count(network)),
             cleanup);
    if (network_statistic_count(network) > 0)
        TRY_GOTO(backend->ops->upload(backend, network_statistics(network), snapshot.statistics,
                                      network_statistic_count(network)),
                 cleanup);
    TRY_GOTO(network_refresh(network), cleanup);
cleanup:
    model_free_snapshot(&snapshot);
    return status;
}
