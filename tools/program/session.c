/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include "folder_lock.h"
#include "gpu_module.h"
#include "launcher.h"
#include "log.h"
#include "option_table.h"
#include "path.h"
#include "stop_signal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(_OPENMP)
#include <omp.h>
#endif

static void set_threads(int threads)
{
#if defined(_OPENMP)
    omp_set_dynamic(0);
    omp_set_num_threads(threads);
#else
    (void)threads;
#endif
}

/* OpenMP would start fewer threads than it is asked for and say nothing. */
static void obey_thread_limit(struct session *session)
{
    int limit = launcher_thread_limit();
    if (session->threads <= limit)
        return;
    log_warning("OMP_THREAD_LIMIT allows %d of the %d threads asked for", limit, session->threads);
    session->threads = limit;
}

static enum status check_device(const char *device)
{
    if (strcmp(device, "auto") == 0 || strcmp(device, "cpu") == 0)
        return OK;
    if (strcmp(device, "cuda") == 0) {
        struct gpu_module *module = NULL;
        enum status status = gpu_module_open(&module, NULL);
        if (status != OK)
            return error_prefix(status, "device 'cuda' is not to be had (use --device cpu)");
        gpu_module_close(module);
        return FAIL(ERR_UNSUPPORTED, "device 'cuda' is there, but this version computes on the CPU "
                                     "alone; use --device cpu");
    }
    return FAIL(ERR_USAGE, "option '--device' is auto, cpu or cuda, not '%s'", device);
}

/* Folders must leave room for the names of the files in them. */
static enum status check_output(const char *folder)
{
    enum { ROOM = 256 };
    size_t length = folder != NULL ? strlen(folder) : 0;
    if (length >= PATH_SIZE - ROOM)
        return FAIL(ERR_USAGE, "option '--output' has %zu bytes ('%.60s...'), fewer than %d fit",
                    length, folder, PATH_SIZE - ROOM);
    return OK;
}

enum status session_open(struct session *session, const struct command *command,
                         const struct arguments *arguments, struct ranks *ranks, int argc,
                         const char *const *argv)
{
    struct launcher_threads threads;
    *session = (struct session){.command = command,
                                .arguments = arguments,
                                .ranks = ranks,
                                .argc = argc,
                                .argv = argv,
                                .stop.signal = stop_signal_flag(),
                                .began = stop_clock()};
    if (session_flag(session, "quiet") || ranks_own(ranks) > 0)
        log_set_level(LOG_WARNING);
    else if (session_flag(session, "verbose"))
        log_set_level(LOG_DEBUG);
    TRY(check_device(arguments_text(arguments, "device", "auto")));
    TRY(launcher_threads(&threads, ranks));
    session->threads = (int)arguments_integer(arguments, "threads", threads.count);
    obey_thread_limit(session);
    set_threads(session->threads);
    double limit = arguments_real(arguments, "time-limit", 0);
    if (limit > 0)
        session->stop.deadline = session->began + limit;
    if (session_flag(session, "resume") && session_flag(session, "force"))
        return FAIL(ERR_USAGE, "--resume and --force exclude each other");
    TRY(check_output(arguments_text(arguments, "output", NULL)));
    return OK;
}

void session_close(struct session *session)
{
    config_destroy(session->config);
    session->config = NULL;
    log_close_file();
    folder_lock_release(session->lock);
    session->lock = NULL;
}

/* Options that stand for a key. */
static const struct {
    const char *option, *key;
} shorthands[] = {{"seed", "seed"},
                  {"reynolds", "flow.reynolds"},
                  {"steps", "training.steps"},
                  {"frames", "evaluate.frames"},
                  {"refine", "solver.refine"},
                  {"split", "evaluate.split"},
                  {"truth-refine", "evaluate.truth_refine"}};

enum { SHORTHANDS = (int)(sizeof shorthands / sizeof shorthands[0]) };

enum status session_read_variant(struct config **out, const struct session *session,
                                 const char *path, const char *const *extra, size_t extra_count)
{
    enum { TEXT = 256 };
    const char *settings[ARGUMENTS_GIVEN + SHORTHANDS + SESSION_EXTRA];
    char texts[SHORTHANDS][TEXT];
    const struct arguments *arguments = session->arguments;
    size_t count = arguments_texts(settings, ARGUMENTS_GIVEN, arguments, "set");
    for (int i = 0; i < SHORTHANDS; i++) {
        const char *text = arguments_text(arguments, shorthands[i].option, NULL);
        if (text == NULL)
            continue;
        snprintf(texts[i], TEXT, "%s=%s", shorthands[i].key, text);
        settings[count++] = texts[i];
    }
    for (size_t i = 0; i < extra_count && i < SESSION_EXTRA; i++)
        settings[count++] = extra[i];
    TRY(config_read(out, option_table(), path, settings, count));
    return OK;
}

enum status session_read_config(struct session *session, const char *path)
{
    TRY(session_read_variant(&session->config, session, path, NULL, 0));
    return OK;
}

enum status session_print_config(const struct session *session)
{
    char *text = NULL;
    TRY(config_write(&text, session->config, session->command->keys));
    fputs(text, stdout);
    free(text);
    return OK;
}

int session_flag(const struct session *session, const char *name)
{
    return arguments_given(session->arguments, name);
}

enum session_existing session_existing(const struct session *session)
{
    if (session_flag(session, "resume"))
        return SESSION_RESUME;
    return session_flag(session, "force") ? SESSION_REPLACE : SESSION_REFUSE;
}

enum status session_output(const char **out, const struct session *session)
{
    *out = arguments_text(session->arguments, "output", NULL);
    if (*out == NULL || **out == '\0')
        return FAIL(ERR_USAGE, "option '--output' is missing: --output DIR names the folder to "
                               "write");
    return OK;
}

enum status session_data(const char **out, const struct session *session)
{
    *out = arguments_text(session->arguments, "data", NULL);
    if (*out == NULL)
        return FAIL(ERR_USAGE, "option '--data' is missing: --data DATASET names the folder of a "
                               "dataset");
    return OK;
}

enum status session_print_json(struct json *root)
{
    if (root == NULL)
        return ERR_MEMORY;
    char *text = NULL;
    enum status status = json_write(&text, root, JSON_FORM_INDENTED);
    json_destroy(root);
    TRY(status);
    fputs(text, stdout);
    if (text[0] == '\0' || text[strlen(text) - 1] != '\n')
        fputc('\n', stdout);
    free(text);
    return OK;
}

enum status session_flush(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return FAIL(ERR_IO, "the results could not be written to stdout: %s", strerror(errno));
    return OK;
}
