/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation_inputs.h"

#include "build_info.h"
#include "path.h"

#include <stdlib.h>
#include <string.h>

enum status evaluation_inputs_describe(struct json **out, const struct evaluation_inputs *facts)
{
    enum status status = OK;
    const struct config *config = facts->config;
    struct json *inputs = json_make_object();
    if (inputs == NULL)
        return ERR_MEMORY;
    struct json *digests = json_make_array();
    for (int64_t i = 0; digests != NULL && i < facts->judged->model_count; i++)
        if (json_append(digests, json_make_text(facts->judged->digests[i])) != OK)
            break;
    TRY_GOTO(json_set(inputs, "model_digests", digests), cleanup);
    TRY_GOTO(json_set(inputs, "dataset_digest",
                      json_make_text(dataset_get_info(facts->dataset)->content_digest)),
             cleanup);
    TRY_GOTO(json_set(inputs, "split", json_make_text(split_name(facts->split))), cleanup);
    TRY_GOTO(json_set(inputs, "truth_refine", json_make_integer(facts->truth_refine)), cleanup);
    TRY_GOTO(json_set(inputs, "frames", json_make_integer(facts->horizon)), cleanup);
    struct json *rivals = json_make_array();
    for (size_t i = 0; rivals != NULL && i < config_count(config, "evaluate.rivals"); i++)
        if (json_append(rivals, json_make_real(config_real_at(config, "evaluate.rivals", i))) != OK)
            break;
    TRY_GOTO(json_set(inputs, "rivals", rivals), cleanup);
    TRY_GOTO(json_set(inputs, "precision",
                      json_make_text(precision_word(facts->judged->backend->precision))),
             cleanup);
    TRY_GOTO(json_set(inputs, "backend", json_make_text(facts->judged->backend->ops->name)),
             cleanup);
    TRY_GOTO(json_set(inputs, "version", json_make_text(build_info_version())), cleanup);
    *out = inputs;
    inputs = NULL;
cleanup:
    json_destroy(inputs);
    return status;
}

int evaluation_inputs_agree(const struct evaluation_inputs *facts, const char *folder)
{
    static const char *const files[] = {"report.html", "evaluation.txt", "evaluation.json"};
    char path[PATH_SIZE], *now = NULL, *then = NULL;
    struct json *root = NULL, *inputs = NULL;
    int same = 0;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (path_join(path, sizeof path, folder, files[i]) != OK || !path_exists(path))
            return 0;
    if (json_read_file(&root, path) == OK && evaluation_inputs_describe(&inputs, facts) == OK &&
        json_find(root, "inputs") != NULL && json_write(&now, inputs, JSON_FORM_COMPACT) == OK &&
        json_write(&then, json_find(root, "inputs"), JSON_FORM_COMPACT) == OK)
        same = strcmp(now, then) == 0;
    free(now);
    free(then);
    json_destroy(root);
    json_destroy(inputs);
    return same;
}
