/* SPDX-License-Identifier: Apache-2.0 */
#include "export_model.h"

#include "model.h"
#include "model_onnx.h"
#include "number_text.h"
#include "path.h"
#include "run_folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char format[] = "onnx"; /* the only one so far; also the folder its file goes to */

static enum status check_arguments(const struct session *session, const char *path)
{
    const char *name = arguments_text(session->arguments, "format", format);
    if (strcmp(name, format) != 0)
        return FAIL(ERR_USAGE, "'%s' is a model, which is exported as onnx, not as '%s'", path,
                    name);
    if (arguments_given(session->arguments, "cases") ||
        arguments_given(session->arguments, "split"))
        return FAIL(ERR_USAGE, "'%s' is a model: --cases and --split are for datasets", path);
    return OK;
}

/* DIR/onnx/NAME.onnx for a model NAME.safetensors; its folder is made. */
static enum status name_file(char out[PATH_SIZE], const char *folder, const char *path)
{
    static const char ending[] = ".safetensors";
    char below[PATH_SIZE], name[PATH_SIZE];
    const char *base = path_base_name(path);
    size_t length = strlen(base), end = strlen(ending);
    if (length > end && strcmp(base + length - end, ending) == 0)
        length -= end;
    int written = snprintf(name, sizeof name, "%.*s.onnx", (int)length, base);
    if (written < 0 || (size_t)written >= sizeof name)
        return FAIL(ERR_IO, "the name '%.60s...' is too long", base);
    TRY(path_join(below, sizeof below, folder, format));
    TRY(path_make_folder(below));
    return path_join(out, PATH_SIZE, below, name);
}

static enum status print_json(const struct model *model, const char *file, double bytes)
{
    enum status status = OK;
    struct json *root = json_make_object();
    if (root == NULL)
        return ERR_MEMORY;
    TRY_GOTO(json_set(root, "format", json_make_text(format)), cleanup);
    TRY_GOTO(json_set(root, "file", json_make_text(file)), cleanup);
    TRY_GOTO(json_set(root, "bytes", json_make_integer((int64_t)bytes)), cleanup);
    TRY_GOTO(json_set(root, "parameters", json_make_integer(network_spec_parameters(&model->spec))),
             cleanup);
    status = session_print_json(root);
    root = NULL;
cleanup:
    json_destroy(root);
    return status;
}

static enum status report(const struct session *session, const struct model *model,
                          const char *file)
{
    struct stat facts;
    char bytes[32];
    double size = stat(file, &facts) == 0 ? (double)facts.st_size : 0.0;
    if (session_flag(session, "json"))
        return print_json(model, file, size);
    number_text_write_bytes(bytes, sizeof bytes, size);
    printf("wrote %s (%s)\n", file, bytes);
    return OK;
}

static enum status export_to(struct session *session, const struct model *model, const char *path)
{
    char file[PATH_SIZE];
    const char *folder, *digest = model->facts.dataset_digest;
    TRY(session_output(&folder, session));
    TRY(run_folder_open(session, folder, digest[0] != '\0' ? digest : NULL));
    TRY(name_file(file, folder, path));
    TRY(model_onnx_save(file, model));
    return report(session, model, file);
}

enum status export_model_run(struct session *session, const char *path)
{
    const char *folder;
    struct model *model = NULL;
    TRY(session_output(&folder, session));
    TRY(check_arguments(session, path));
    TRY(run_folder_check_input(session, path));
    TRY(run_folder_check(session, folder));
    TRY(model_load(&model, path));
    enum status status = export_to(session, model, path);
    model_destroy(model);
    return status;
}
