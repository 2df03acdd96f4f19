/* SPDX-License-Identifier: Apache-2.0 */
#include "judged_model.h"

#include "array.h"
#include "atomic_file.h"
#include "network_forecaster.h"
#include "persistence.h"
#include "precision_setting.h"
#include "solver_forecaster.h"

#include <math.h>
#include <stdio.h>

static void add_entry(struct judged_model *judged, struct forecaster *forecaster,
                      enum evaluation_role role)
{
    judged->entries[judged->count++] =
        (struct evaluation_entry){.forecaster = forecaster, .role = role};
}

static enum status digest_file(char out[DIGEST_SIZE], const char *path)
{
    unsigned char *bytes = NULL;
    size_t size;
    TRY(atomic_file_read(&bytes, &size, path, (size_t)1 << 34));
    enum status status = digest_bytes(out, bytes, size);
    array_free(bytes);
    TRY(status);
    return OK;
}

enum status judged_model_open(struct judged_model *out, const struct session *session, int threads)
{
    enum status status = OK;
    struct forecaster *forecaster;
    *out = (struct judged_model){.backend = NULL};
    TRY_GOTO(
        backend_open(&out->backend, arguments_text(session->arguments, "backend", "auto"), threads),
        cleanup);
    TRY_GOTO(precision_setting_use(out->backend, session->config, "evaluate.precision"), cleanup);
    TRY_GOTO(persistence_create(&forecaster), cleanup);
    add_entry(out, forecaster, EVALUATION_BASELINE);
cleanup:
    if (status != OK)
        judged_model_close(out);
    return status;
}

void judged_model_close(struct judged_model *judged)
{
    for (int64_t i = 0; i < judged->count; i++)
        forecaster_destroy(judged->entries[i].forecaster);
    for (int64_t i = 0; i < judged->model_count; i++)
        model_destroy(judged->models[i]);
    backend_close(judged->backend);
    *judged = (struct judged_model){.backend = NULL};
}

enum status judged_model_add_network(struct judged_model *judged, const char *path,
                                     const char *name)
{
    int64_t index = judged->model_count;
    struct forecaster *forecaster;
    if (index == JUDGED_MODEL_NETWORKS || judged->count == EVALUATION_ENTRIES)
        return FAIL(ERR_USAGE, "more than %d networks", JUDGED_MODEL_NETWORKS);
    TRY(model_load(&judged->models[index], path));
    judged->model_count++;
    TRY(digest_file(judged->digests[index], path));
    TRY(network_forecaster_create(&forecaster, judged->models[index], judged->backend));
    if (name != NULL)
        snprintf(forecaster->name, sizeof forecaster->name, "%s", name);
    add_entry(judged, forecaster, EVALUATION_CANDIDATE);
    return OK;
}

struct forecaster *judged_model_network(const struct judged_model *judged, int64_t index)
{
    for (int64_t i = 0; i < judged->count; i++)
        if (judged->entries[i].role == EVALUATION_CANDIDATE && index-- == 0)
            return judged->entries[i].forecaster;
    return NULL;
}

int64_t judged_model_input_frames(const struct judged_model *judged)
{
    int64_t most = FORECASTER_INPUT_FRAMES;
    for (int64_t i = 0; i < judged->model_count; i++)
        if (judged->models[i]->spec.frames_in > most)
            most = judged->models[i]->spec.frames_in;
    return most;
}

enum status judged_model_add_rivals(struct judged_model *judged, const struct session *session,
                                    struct case_book *book, int64_t truth_refine)
{
    const struct config *config = session->config;
    const struct solver_forecaster_options options = {
        .threads = 1, .find_case = case_book_find, .context = book};
    for (size_t i = 0; i < config_count(config, "evaluate.rivals"); i++) {
        struct forecaster *forecaster;
        double refine = config_real_at(config, "evaluate.rivals", i);
        if (refine != floor(refine))
            return config_fault(config, "evaluate.rivals", "%.15g is no whole number", refine);
        if (refine >= (double)truth_refine)
            continue;
        if (judged->count == EVALUATION_ENTRIES)
            return config_fault(config, "evaluate.rivals", "more than %d forecasters",
                                EVALUATION_ENTRIES);
        TRY(solver_forecaster_create(&forecaster, (int64_t)refine, &options));
        add_entry(judged, forecaster, EVALUATION_RIVAL);
    }
    return OK;
}
