/* SPDX-License-Identifier: Apache-2.0 */
#include "judged_model.h"

#include "array.h"
#include "atomic_file.h"
#include "network_forecaster.h"
#include "persistence.h"
#include "solver_forecaster.h"

#include <math.h>

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

static enum status open_all(struct judged_model *out, const struct session *session,
                            const char *path, int threads)
{
    struct forecaster *forecaster;
    const char *backend = arguments_text(session->arguments, "backend", "auto");
    TRY(model_load(&out->model, path));
    TRY(digest_file(out->digest, path));
    TRY(backend_open(&out->backend, backend, threads));
    TRY(persistence_create(&forecaster));
    add_entry(out, forecaster, EVALUATION_BASELINE);
    TRY(network_forecaster_create(&forecaster, out->model, out->backend));
    out->network = out->count;
    add_entry(out, forecaster, EVALUATION_CANDIDATE);
    return OK;
}

enum status judged_model_open(struct judged_model *out, const struct session *session,
                              const char *path, int threads)
{
    *out = (struct judged_model){.backend = NULL};
    enum status status = open_all(out, session, path, threads);
    if (status != OK)
        judged_model_close(out);
    TRY(status);
    return OK;
}

void judged_model_close(struct judged_model *judged)
{
    for (int64_t i = 0; i < judged->count; i++)
        forecaster_destroy(judged->entries[i].forecaster);
    judged->count = 0;
    model_destroy(judged->model);
    backend_close(judged->backend);
    judged->model = NULL;
    judged->backend = NULL;
}

enum status judged_model_add_rivals(struct judged_model *judged, const struct session *session,
                                    struct case_book *book)
{
    const struct config *config = session->config;
    const struct solver_forecaster_options options = {
        .threads = 1, .find_case = case_book_find, .context = book};
    for (size_t i = 0; i < config_count(config, "evaluate.rivals"); i++) {
        struct forecaster *forecaster;
        double refine = config_real_at(config, "evaluate.rivals", i);
        if (refine != floor(refine))
            return config_fault(config, "evaluate.rivals", "%.15g is no whole number", refine);
        if (judged->count == EVALUATION_ENTRIES)
            return config_fault(config, "evaluate.rivals", "more than %d forecasters",
                                EVALUATION_ENTRIES);
        TRY(solver_forecaster_create(&forecaster, (int64_t)refine, &options));
        add_entry(judged, forecaster, EVALUATION_RIVAL);
    }
    return OK;
}
