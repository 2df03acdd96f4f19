/* SPDX-License-Identifier: Apache-2.0 */
#include "build_info.h"
#include "case_record.h"
#include "command.h"
#include "dataset.h"
#include "dataset_facts.h"
#include "dataset_writer.h"
#include "digest.h"
#include "ensemble.h"
#include "error_bar_facts.h"
#include "generate_error_bar.h"
#include "generate_plan.h"
#include "log.h"
#include "number_text.h"
#include "option_table.h"
#include "progress.h"
#include "ranks.h"
#include "run_folder.h"
#include "session.h"
#include "settings.h"
#include "settings_plan.h"
#include "solver_rate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argument_option own_options[] = {
    {"part", ARGUMENT_TEXT, "I/N", 0, 0,
     "makes the I-th of N parts alone, I from 1; 'wakecast merge' joins them"},
    {"error-bar", ARGUMENT_INTEGER, "K", 1, 1e6,
     "computes K cases again at half and at twice the refinement, for the error in the manifest"},
    {NULL, ARGUMENT_FLAG, NULL, 0, 0, NULL}};

struct generation {
    struct session *session;
    struct case_draw_plan plan;
    struct dataset_part part;
    struct settings_outlines outlines; /* which the plan borrows */
    struct generate_plan work;
    char *config; /* what decides the content, as text; owned */
    struct dataset_writer *writer;
    struct progress progress;
    int64_t accepted;  /* stored by now */
    int64_t error_bar; /* cases of --error-bar; 0: none */
};

static enum status describe(void *context, struct flow_case *flow_case,
                            struct simulation_options *options, struct refusals *refused,
                            int64_t index)
{
    const struct generation *generation = context;
    TRY(case_draw(flow_case, refused, &generation->plan, index));
    enum split split = case_draw_split_of(&generation->plan, index);
    options->start_count = 0;
    if (split_is_test(split))
        settings_starts(options, generation->session->config);
    return OK;
}

static enum status accept(void *context, const struct case_record *record, int64_t index)
{
    struct generation *generation = context;
    enum split split = case_draw_split_of(&generation->plan, index);
    TRY(dataset_writer_append(generation->writer, record, split, &record->refused));
    generation->accepted++;
    if (record->status != OK)
        log_warning("%s", record->reason); /* which begins with the case */
    return OK;
}

static void show_progress(void *context, double updates)
{
    struct generation *generation = context;
    char note[64];
    snprintf(note, sizeof note, "%lld of %lld cases", (long long)generation->accepted,
             (long long)generation->work.cases);
    progress_update(&generation->progress, generation->progress.first + updates, note);
}

/* What all ranks must agree on: version and configuration. */
static enum status write_identity(char out[RANK_LINK_SMALL], const struct generation *generation)
{
    char digest[DIGEST_SIZE];
    TRY(digest_bytes(digest, generation->config, strlen(generation->config)));
    snprintf(out, RANK_LINK_SMALL, "%s %s", digest, build_info_version());
    return OK;
}

/* The number behind the last of the cases to make. */
static int64_t end_of(const struct generation *generation)
{
    return generation->part.first + dataset_part_cases(&generation->part);
}

/* Computes cases; on rank 0 from `first` on, on other ranks those that rank 0 gives them. */
static enum status compute(struct generation *generation, int64_t first)
{
    struct session *session = generation->session;
    char identity[RANK_LINK_SMALL];
    TRY(write_identity(identity, generation));
    struct ensemble_options options = {.threads = session->threads,
                                       .starts = CASE_RECORD_KEEP_STARTS,
                                       .stop = &session->stop,
                                       .context = generation,
                                       .describe = describe,
                                       .accept = accept,
                                       .link = ranks_link(session->ranks),
                                       .identity = identity};
    if (ranks_own(session->ranks) == 0)
        options.progress = show_progress;
    TRY(ensemble_run(&options, first, end_of(generation) - first));
    return OK;
}

/* Runs all cases that are not stored yet. */
static enum status run_cases(struct generation *generation)
{
    const struct generate_plan *work = &generation->work;
    int64_t first = dataset_writer_next(generation->writer);
    generation->accepted = first - generation->part.first;
    double done = work->updates * (double)generation->accepted / (double)work->cases;
    if (generation->accepted > 0)
        log_info("%lld of %lld cases are stored already", (long long)generation->accepted,
                 (long long)work->cases);
    progress_begin(&generation->progress, "generate", "MLUPS", 1e6, work->updates, done);
    enum status status = compute(generation, first);
    progress_end(&generation->progress);
    return status;
}

static enum status open_writer(struct generation *generation, const char *folder)
{
    const struct config *config = generation->session->config;
    const struct flow_case *base = &generation->plan.base;
    static const enum dataset_existing existing[] = {[SESSION_REFUSE] = DATASET_REFUSE,
                                                     [SESSION_RESUME] = DATASET_RESUME,
                                                     [SESSION_REPLACE] = DATASET_REPLACE};
    enum storage storage;
    TRY(storage_find(&storage, config_text(config, "dataset.storage")));
    const struct dataset_writer_options options = {
        .folder = folder,
        .name = config_text(config, "dataset.name"),
        .config = generation->config,
        .version = build_info_version(),
        .seed = generation->plan.seed,
        .cases = generation->part.whole,
        .part = generation->part,
        .nx = base->nx,
        .ny = base->ny,
        .frames = base->numerics.frames,
        .frame_interval = base->numerics.frame_interval,
        .refine = base->numerics.refine,
        .shard_bytes = config_integer(config, "dataset.shard_size") * 1024 * 1024,
        .storage = storage,
        .existing = existing[session_existing(generation->session)],
        .edge = settings_edge_name(config)};
    TRY(dataset_writer_create(&generation->writer, &options));
    return OK;
}

static enum status print_json(const struct dataset *dataset)
{
    struct json *root = dataset_facts_describe(dataset);
    if (root == NULL)
        return ERR_MEMORY;
    enum status status = error_bar_facts_describe(root, dataset);
    if (status == OK)
        return session_print_json(root);
    json_destroy(root);
    return status;
}

/* What the folder holds now; ERR_NUMERIC when cases failed. */
static enum status report(const struct generation *generation, const char *folder)
{
    enum status status = OK;
    struct dataset *dataset = NULL;
    TRY(dataset_open(&dataset, folder));
    const struct dataset_info *info = dataset_get_info(dataset);
    if (session_flag(generation->session, "json")) {
        TRY_GOTO(print_json(dataset), cleanup);
    } else {
        dataset_facts_print(stdout, dataset);
        TRY_GOTO(error_bar_facts_print(stdout, dataset), cleanup);
    }
    if (info->failed > 0)
        TRY_GOTO(FAIL(ERR_NUMERIC,
                      "%lld of %lld cases failed (the manifest says why); the others are good",
                      (long long)info->failed, (long long)info->cases),
                 cleanup);
cleanup:
    dataset_close(dataset);
    return status;
}

static enum status generate(struct generation *generation)
{
    enum status status = OK;
    const char *folder;
    char time[32];
    TRY(session_output(&folder, generation->session));
    TRY_GOTO(open_writer(generation, folder), cleanup); /* a refusal leaves the folder as it was */
    TRY_GOTO(run_folder_forget(generation->session, folder), cleanup);
    TRY_GOTO(run_folder_record(generation->session, folder, NULL), cleanup);
    status = run_cases(generation);
    if (status == ERR_STOPPED) {
        TRY_GOTO(dataset_writer_suspend(generation->writer), cleanup);
        TRY_GOTO(FAIL(ERR_STOPPED, "stopped after %lld of %lld cases; --resume goes on",
                      (long long)generation->accepted, (long long)generation->work.cases),
                 cleanup);
    }
    TRY_GOTO(status, cleanup);
    TRY_GOTO(dataset_writer_finish(generation->writer, NULL), cleanup);
    number_text_write_time(time, sizeof time, stop_clock() - generation->session->began);
    log_info("generated in %s", time);
    TRY_GOTO(generate_error_bar_run(generation->session, generation->writer, &generation->plan,
                                    folder, generation->error_bar),
             cleanup);
    TRY_GOTO(report(generation, folder), cleanup);
cleanup:
    dataset_writer_destroy(generation->writer);
    return status;
}

static enum status dry_run(const struct generation *generation)
{
    struct flow_case first;
    struct json *root = NULL;
    double rate = 0, own_rate; /* of all ranks; of this one, which alone makes the error bar */
    TRY(case_draw(&first, NULL, &generation->plan, generation->part.first));
    TRY(solver_rate_measure_threads(&rate, &first, generation->session->threads));
    own_rate = rate;
    rate *= ranks_count(generation->session->ranks);
    if (!session_flag(generation->session, "json")) {
        generate_plan_print(stdout, &generation->work, rate);
        return generate_error_bar_print(stdout, &generation->plan, generation->error_bar, own_rate);
    }
    TRY(generate_plan_describe(&root, &generation->work, rate));
    enum status status =
        generate_error_bar_describe(root, &generation->plan, generation->error_bar, own_rate);
    if (status == OK)
        return session_print_json(root);
    json_destroy(root);
    return status;
}

/* Rank 0, or the only one. */
static enum status lead(struct generation *generation)
{
    struct session *session = generation->session;
    const struct config *config = session->config;
    const struct generate_plan_options how = {
        .part = generation->part,
        .crew = {ranks_count(session->ranks), session->threads},
        .starts = config_integer(config, "dataset.starts"),
        .shard_bytes = config_integer(config, "dataset.shard_size") * 1024 * 1024};
    TRY(generate_plan_make(&generation->work, &generation->plan, &how));
    TRY(session_flag(session, "dry-run") ? dry_run(generation) : generate(generation));
    return OK;
}

/* What --part says. */
static enum status choose_part(struct generation *generation)
{
    const char *text = arguments_text(generation->session->arguments, "part", NULL);
    int64_t number, count, whole = case_draw_count(&generation->plan);
    char head[32] = "";
    generation->part = dataset_part_none(whole);
    if (text == NULL)
        return OK;
    const char *slash = strchr(text, '/');
    if (slash != NULL && slash - text < (long)sizeof head)
        memcpy(head, text, (size_t)(slash - text));
    if (slash == NULL || !number_text_integer(&number, head) ||
        !number_text_integer(&count, slash + 1))
        return FAIL(ERR_USAGE, "option '--part' is I/N, such as 1/4, not '%s'", text);
    enum status status = dataset_part_make(&generation->part, number, count, whole);
    return status == OK ? OK : error_prefix(status, "option '--part'");
}

static enum status run(struct session *session)
{
    enum status status = OK;
    struct generation generation = {.session = session};
    int leads = ranks_own(session->ranks) == 0;
    TRY(session_read_config(session, arguments_at(session->arguments, 0)));
    TRY(settings_outlines_embed(session->config, arguments_at(session->arguments, 0)));
    if (session_flag(session, "print-config"))
        return leads ? session_print_config(session) : OK;
    TRY_GOTO(settings_plan(&generation.plan, &generation.outlines, session->config), cleanup);
    TRY_GOTO(choose_part(&generation), cleanup);
    TRY_GOTO(generate_error_bar_wanted(&generation.error_bar, session, &generation.plan), cleanup);
    TRY_GOTO(config_write(&generation.config, session->config, option_table_dataset_keys()),
             cleanup);
    if (leads)
        TRY_GOTO(lead(&generation), cleanup);
    else if (!session_flag(session, "dry-run"))
        TRY_GOTO(compute(&generation, 0), cleanup);
cleanup:
    free(generation.config);
    settings_outlines_fini(&generation.outlines);
    return status;
}

const struct command command_generate = {
    .name = "generate",
    .summary = "Computes a dataset of flows: an ensemble of solver runs, one case per thread",
    .usage = "CONFIG --output DIR [--part I/N]",
    .description =
        "Draws cases from the families of CONFIG, runs the solver on each and writes shards\n"
        "(HDF5), start states of the test cases and manifest.json to DIR. The content depends on\n"
        "the configuration alone, not on threads, ranks or interruptions. Under mpirun, all ranks\n"
        "compute and rank 0 writes.\n\n"
        "  wakecast generate configs/quickstart.yaml --output data\n"
        "  mpirun -n 8 wakecast generate configs/standard.yaml --output data",
    .words_low = 1,
    .words_high = 1,
    .groups = COMMAND_CONFIG | COMMAND_OUTPUT | COMMAND_RESUME | COMMAND_COMPUTE | COMMAND_DRY_RUN |
              COMMAND_JSON | COMMAND_RANKS,
    .options = own_options,
    .run = run};
