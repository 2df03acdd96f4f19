/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation_run.h"

#include "array.h"
#include "atomic_file.h"
#include "case_book.h"
#include "evaluation.h"
#include "evaluation_facts.h"
#include "evaluation_inputs.h"
#include "evaluation_page.h"
#include "evaluation_report.h"
#include "evaluation_summary.h"
#include "flow_figures.h"
#include "judged_model.h"
#include "log.h"
#include "option_table.h"
#include "path.h"
#include "progress.h"
#include "rollout_record.h"
#include "run_folder.h"
#include "settings.h"
#include "solver_rate.h"
#include "text.h"
#include "truth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STARTS = SIMULATION_STARTS, LABEL = 160 };

struct work {
    const struct evaluation_run *run;
    struct session *session;
    struct case_book book;
    struct judged_model judged;
    struct truth truth;
    struct evaluation *evaluation;
    enum split split;
    int64_t horizon;
    double truth_cost; /* seconds a frame */
    char animations[EVALUATION_PAGE_ANIMATIONS][PATH_SIZE];
    int64_t animation_count;
};

/* Instants from which a whole rollout fits, and before which there are as many frames as every
 * network begins with: the case's start states, or where they would be. */
static int64_t find_starts(int64_t starts[STARTS], const struct work *work,
                           const struct case_record *truth)
{
    struct simulation_options wanted;
    int64_t count = 0;
    settings_starts(&wanted, work->book.config);
    if (truth->start_count > 0)
        wanted.start_count = truth->start_count < STARTS ? truth->start_count : STARTS;
    for (int64_t i = 0; i < wanted.start_count; i++) {
        int64_t frame = truth->start_count > 0 ? truth->starts[i]->frame : wanted.start_frames[i];
        if (frame + 1 >= judged_model_input_frames(&work->judged) &&
            frame + work->horizon < truth->frames)
            starts[count++] = frame;
    }
    return count;
}

/* Truth and network side by side, for the first cases. */
static enum status animate(struct work *work, const struct case_record *truth, int64_t start)
{
    enum status status = OK;
    struct case_record *forecast = NULL;
    struct flow_outline outline = {.shown = {.count = 0}};
    struct forecaster_start from;
    char name[LABEL];
    if (work->animation_count == EVALUATION_PAGE_ANIMATIONS)
        return OK;
    TRY(rollout_record_start(&from, truth, start));
    TRY(rollout_record_make(&forecast,
                            judged_model_network(&work->judged, work->judged.model_count - 1),
                            &from, work->horizon));
    const struct flow_figures_movie movie = {
        .title = "Truth and forecast",
        .count = 2,
        .records = {truth, forecast},
        .outline = &outline,
        .first = {start - FORECASTER_INPUT_FRAMES + 1, 0},
        .names = {"truth", "network (first three frames given)"},
        .frames = FORECASTER_INPUT_FRAMES + work->horizon};
    char *path = work->animations[work->animation_count];
    snprintf(name, sizeof name, "figures/flow-%lld.gif", (long long)work->animation_count);
    TRY_GOTO(path_join(path, PATH_SIZE, work->run->folder, "figures"), cleanup);
    TRY_GOTO(path_make_folder(path), cleanup);
    TRY_GOTO(path_join(path, PATH_SIZE, work->run->folder, name), cleanup);
    flow_outline_find(&outline, &work->book, &truth->flow);
    TRY_GOTO(flow_figures_animation(path, &movie), cleanup);
    work->animation_count++;
cleanup:
    flow_outline_fini(&outline);
    case_record_destroy(forecast);
    return status;
}

static enum status judge_case(struct work *work, const struct case_record *truth)
{
    int64_t starts[STARTS];
    int64_t count = find_starts(starts, work, truth);
    if (count == 0)
        return config_fault(work->session->config, "evaluate.frames",
                            "rollouts of %lld frames, begun from %lld, do not fit into cases of "
                            "%lld",
                            (long long)work->horizon,
                            (long long)judged_model_input_frames(&work->judged),
                            (long long)truth->frames);
    const struct evaluation_case one = {
        .truth = truth,
        .starts = starts,
        .start_count = count,
        .keep = work->animation_count < EVALUATION_PAGE_ANIMATIONS ? 0 : -1};
    TRY(evaluation_add(work->evaluation, &one));
    TRY(animate(work, truth, starts[0]));
    return OK;
}

static enum status judge_cases(struct work *work)
{
    struct progress progress;
    progress_begin(&progress, "judge", "cases/s", 1, (double)work->truth.count, 0);
    for (int64_t i = 0; i < work->truth.count; i++) {
        struct case_record *truth = NULL;
        char note[LABEL];
        snprintf(note, sizeof note, "case %lld of %lld", (long long)i + 1,
                 (long long)work->truth.count);
        progress_update(&progress, (double)i, note);
        TRY(truth_read(&truth, &work->truth, i));
        enum status status = judge_case(work, truth);
        case_record_destroy(truth);
        TRY(status);
    }
    progress_end(&progress);
    return OK;
}

/* What a frame of the truth costs its solver on this machine, on one thread like its rivals. */
static enum status measure_truth(struct work *work)
{
    struct flow_case drawn;
    double rate;
    TRY(case_draw(&drawn, NULL, &work->book.plan, work->truth.numbers[0]));
    drawn.numerics.refine = work->truth.refine;
    TRY(solver_rate_measure(&rate, &drawn));
    work->truth_cost = (double)flow_case_lattice_cells(&drawn) *
                       (double)(drawn.numerics.frame_interval * work->truth.refine) / rate;
    return OK;
}

static enum status create_evaluation(struct work *work)
{
    struct evaluation_options options = {.count = work->judged.count,
                                         .horizon = work->horizon,
                                         .call = work->judged.models[0]->spec.frames_out,
                                         .truth_cost = work->truth_cost,
                                         .stop = &work->session->stop};
    memcpy(options.entries, work->judged.entries, sizeof options.entries);
    TRY(evaluation_create(&work->evaluation, &options));
    return OK;
}

static struct evaluation_inputs inputs_of(const struct work *work)
{
    return (struct evaluation_inputs){.config = work->session->config,
                                      .judged = &work->judged,
                                      .dataset = work->run->dataset,
                                      .split = work->split,
                                      .truth_refine = work->truth.refine,
                                      .horizon = work->horizon};
}

static struct evaluation_scope scope_of(const struct work *work)
{
    return (struct evaluation_scope){.evaluation = work->evaluation,
                                     .judged = &work->judged,
                                     .dataset = work->run->dataset,
                                     .split = work->split,
                                     .truth_refine = work->truth.refine,
                                     .cases = work->truth.count};
}

static enum status write_summary(const struct work *work)
{
    enum status status = OK;
    struct text text = {0};
    const struct evaluation_scope scope = scope_of(work);
    TRY_GOTO(evaluation_summary_write(&text, &scope), cleanup);
    TRY_GOTO(run_folder_write(work->run->folder, "evaluation.txt", text.data), cleanup);
cleanup:
    text_fini(&text);
    return status;
}

static enum status write_data(const struct work *work)
{
    enum status status = OK;
    struct json *root = NULL, *inputs = NULL;
    char *text = NULL, *csv = NULL;
    TRY_GOTO(evaluation_report_json(&root, work->evaluation), cleanup);
    const struct evaluation_inputs facts = inputs_of(work);
    TRY_GOTO(evaluation_inputs_describe(&inputs, &facts), cleanup);
    status = json_set(root, "inputs", inputs);
    inputs = NULL;
    TRY_GOTO(status, cleanup);
    TRY_GOTO(json_write(&text, root, JSON_FORM_INDENTED), cleanup);
    TRY_GOTO(evaluation_report_csv(&csv, work->evaluation), cleanup);
    TRY_GOTO(run_folder_write(work->run->folder, "evaluation.csv", csv), cleanup);
    TRY_GOTO(run_folder_write(work->run->folder, "evaluation.json", text), cleanup);
cleanup:
    json_destroy(inputs);
    json_destroy(root);
    free(text);
    free(csv);
    return status;
}

static enum status write_page(struct work *work)
{
    char subtitle[2 * LABEL], *config = NULL;
    struct evaluation_facts facts;
    const struct evaluation_scope scope = scope_of(work);
    char line[EVALUATION_FACTS_TEXT];
    const struct dataset_info *info = dataset_get_info(work->run->dataset);
    TRY(config_write(&config, work->book.config, option_table_dataset_keys()));
    snprintf(subtitle, sizeof subtitle, "dataset %s, split %s, %lld cases, %lld rollouts",
             info->name, split_name(work->split), (long long)work->truth.count,
             (long long)evaluation_rollouts(work->evaluation));
    evaluation_facts_scope(line, sizeof line, &scope);
    struct evaluation_page page = {.folder = work->run->folder,
                                   .evaluation = work->evaluation,
                                   .book = &work->book,
                                   .title = work->run->title,
                                   .rows = work->run->rows,
                                   .subtitle = subtitle,
                                   .scope = line,
                                   .animation_count = work->animation_count,
                                   .config = config};
    for (int64_t i = 0; i < work->animation_count; i++)
        page.animations[i] = work->animations[i];
    evaluation_facts_add(&page, &facts, &scope);
    enum status status = evaluation_page_write(&page);
    free(config);
    TRY(status);
    return OK;
}

/* The result as it stands in the folder, to stdout. */
static enum status print_summary(const struct work *work)
{
    enum { LIMIT = 1 << 24 };
    char path[PATH_SIZE];
    unsigned char *text = NULL;
    size_t size;
    TRY(path_join(path, sizeof path, work->run->folder, "evaluation.txt"));
    TRY(atomic_file_read(&text, &size, path, LIMIT));
    printf("%.*s\nreport     %s/report.html\n", (int)size, (const char *)text, work->run->folder);
    array_free(text);
    return OK;
}

static enum status print_json(const struct work *work)
{
    struct json *root = NULL;
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, work->run->folder, "evaluation.json"));
    TRY(json_read_file(&root, path));
    TRY(session_print_json(root));
    return OK;
}

static enum status print_result(const struct work *work)
{
    return session_flag(work->session, "json") ? print_json(work) : print_summary(work);
}

static void tell_missing_rivals(const struct work *work)
{
    const struct config *config = work->session->config;
    for (size_t i = 0; i < config_count(config, "evaluate.rivals"); i++)
        if (config_real_at(config, "evaluate.rivals", i) >= (double)work->truth.refine)
            log_info("no rival at r = %.0f: the truth is at r = %lld",
                     config_real_at(config, "evaluate.rivals", i), (long long)work->truth.refine);
}

static enum status evaluate(struct work *work)
{
    char folder[PATH_SIZE];
    const struct evaluation_run *run = work->run;
    int64_t refine = config_integer(work->session->config, "evaluate.truth_refine");
    if (!run->opened)
        TRY(run_folder_open(work->session, run->folder,
                            dataset_get_info(run->dataset)->content_digest));
    TRY(path_join(folder, sizeof folder, run->folder, "truth"));
    TRY(truth_open(&work->truth, work->session, run->dataset, &work->book, work->split, refine,
                   folder));
    TRY(measure_truth(work));
    TRY(create_evaluation(work));
    TRY(judge_cases(work));
    tell_missing_rivals(work);
    TRY(write_summary(work));
    TRY(write_page(work));
    TRY(write_data(work));
    TRY(print_result(work));
    return OK;
}

/* Frames of a rollout: as given, or the default as far as the cases last from every start. */
static int64_t choose_horizon(const struct work *work)
{
    const struct config *config = work->session->config;
    struct simulation_options starts;
    int64_t wanted = config_integer(config, "evaluate.frames");
    settings_starts(&starts, work->book.config);
    if (config_is_given(config, "evaluate.frames") || starts.start_count == 0)
        return wanted;
    int64_t last = dataset_get_info(work->run->dataset)->frames - 1;
    int64_t room = last - starts.start_frames[starts.start_count - 1];
    if (room < FORECASTER_INPUT_FRAMES)
        room = last - starts.start_frames[0];
    return wanted < room ? wanted : room;
}

/* Everything that can be wrong with the inputs is found before the folder is touched. */
static enum status prepare(struct work *work)
{
    const struct config *config = work->session->config;
    int64_t refine = config_integer(config, "evaluate.truth_refine");
    int64_t *numbers = NULL, count;
    TRY(split_find(&work->split, config_text(config, "evaluate.split")));
    TRY(judged_model_open(&work->judged, work->session, 1));
    for (int64_t i = 0; i < work->run->model_count; i++)
        TRY(judged_model_add_network(&work->judged, work->run->models[i], work->run->names[i]));
    TRY(case_book_open(&work->book, work->run->dataset));
    work->horizon = choose_horizon(work);
    TRY(case_book_list(&numbers, &count, work->run->dataset, work->split));
    array_free(numbers);
    work->truth.refine = refine != 0 ? refine : dataset_get_info(work->run->dataset)->refine;
    TRY(judged_model_add_rivals(&work->judged, work->session, &work->book, work->truth.refine));
    return OK;
}

enum status evaluation_run_do(const struct evaluation_run *run)
{
    enum status status = OK;
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    work->run = run;
    work->session = run->session;
    TRY_GOTO(prepare(work), cleanup);
    const struct evaluation_inputs inputs = inputs_of(work);
    if (session_existing(run->session) == SESSION_RESUME &&
        evaluation_inputs_agree(&inputs, run->folder)) {
        log_info("the evaluation in '%s' is complete", run->folder);
        TRY_GOTO(print_result(work), cleanup);
    } else {
        TRY_GOTO(evaluate(work), cleanup);
    }
cleanup:
    evaluation_destroy(work->evaluation);
    truth_close(&work->truth);
    case_book_close(&work->book);
    judged_model_close(&work->judged);
    free(work);
    return status;
}
