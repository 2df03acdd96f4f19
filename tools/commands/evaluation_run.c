/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluation_run.h"

#include "array.h"
#include "atomic_file.h"
#include "build_info.h"
#include "case_book.h"
#include "evaluation.h"
#include "evaluation_page.h"
#include "evaluation_report.h"
#include "evaluation_tables.h"
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
#include "table.h"
#include "text.h"
#include "truth.h"
#include "verdict.h"

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
    enum dataset_split split;
    int64_t horizon;
    double truth_cost; /* seconds a frame */
    char animations[EVALUATION_PAGE_ANIMATIONS][PATH_SIZE];
    int64_t animation_count;
};

static enum dataset_split find_split(const char *name)
{
    int split = 0;
    while (strcmp(dataset_split_name((enum dataset_split)split), name) != 0)
        split++;
    return (enum dataset_split)split;
}

/* Instants from which a whole rollout fits: the case's start states, or where they would be. */
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
        if (frame + work->horizon < truth->frames)
            starts[count++] = frame;
    }
    return count;
}

/* Truth and network side by side, for the first cases. */
static enum status animate(struct work *work, const struct case_record *truth, int64_t start)
{
    enum status status = OK;
    struct case_record *forecast = NULL;
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
        .first = {start - FORECASTER_INPUT_FRAMES + 1, 0},
        .names = {"truth", "network (first three frames given)"},
        .frames = FORECASTER_INPUT_FRAMES + work->horizon};
    char *path = work->animations[work->animation_count];
    snprintf(name, sizeof name, "figures/flow-%lld.gif", (long long)work->animation_count);
    TRY_GOTO(path_join(path, PATH_SIZE, work->run->folder, "figures"), cleanup);
    TRY_GOTO(path_make_folder(path), cleanup);
    TRY_GOTO(path_join(path, PATH_SIZE, work->run->folder, name), cleanup);
    TRY_GOTO(flow_figures_animation(path, &movie), cleanup);
    work->animation_count++;
cleanup:
    case_record_destroy(forecast);
    return status;
}

static enum status judge_case(struct work *work, const struct case_record *truth)
{
    int64_t starts[STARTS];
    int64_t count = find_starts(starts, work, truth);
    if (count == 0)
        return config_fault(work->session->config, "evaluate.frames",
                            "rollouts of %lld frames do not fit into cases of %lld",
                            (long long)work->horizon, (long long)truth->frames);
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
                                         .call = work->judged.models[0]->spec.frames,
                                         .truth_cost = work->truth_cost,
                                         .stop = &work->session->stop};
    memcpy(options.entries, work->judged.entries, sizeof options.entries);
    TRY(evaluation_create(&work->evaluation, &options));
    return OK;
}

static enum status write_file(const char *folder, const char *name, const char *text)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, folder, name));
    TRY(atomic_file_write_text(path, text));
    return OK;
}

/* What the result depends on, beside the configuration. */
static enum status describe_inputs(struct json **out, const struct work *work)
{
    enum status status = OK;
    const struct config *config = work->session->config;
    struct json *inputs = json_make_object();
    if (inputs == NULL)
        return ERR_MEMORY;
    struct json *digests = json_make_array();
    for (int64_t i = 0; digests != NULL && i < work->judged.model_count; i++)
        if (json_append(digests, json_make_text(work->judged.digests[i])) != OK)
            break;
    TRY_GOTO(json_set(inputs, "model_digests", digests), cleanup);
    TRY_GOTO(json_set(inputs, "dataset_digest",
                      json_make_text(dataset_get_info(work->run->dataset)->content_digest)),
             cleanup);
    TRY_GOTO(json_set(inputs, "split", json_make_text(dataset_split_name(work->split))), cleanup);
    TRY_GOTO(json_set(inputs, "truth_refine", json_make_integer(work->truth.refine)), cleanup);
    TRY_GOTO(json_set(inputs, "frames", json_make_integer(work->horizon)), cleanup);
    struct json *rivals = json_make_array();
    for (size_t i = 0; rivals != NULL && i < config_count(config, "evaluate.rivals"); i++)
        if (json_append(rivals, json_make_real(config_real_at(config, "evaluate.rivals", i))) != OK)
            break;
    TRY_GOTO(json_set(inputs, "rivals", rivals), cleanup);
    *out = inputs;
    inputs = NULL;
cleanup:
    json_destroy(inputs);
    return status;
}

static enum status write_data(const struct work *work)
{
    enum status status = OK;
    struct json *root = NULL, *inputs = NULL;
    char *text = NULL, *csv = NULL;
    TRY_GOTO(evaluation_report_json(&root, work->evaluation), cleanup);
    TRY_GOTO(describe_inputs(&inputs, work), cleanup);
    status = json_set(root, "inputs", inputs);
    inputs = NULL;
    TRY_GOTO(status, cleanup);
    TRY_GOTO(json_write(&text, root, JSON_FORM_INDENTED), cleanup);
    TRY_GOTO(evaluation_report_csv(&csv, work->evaluation), cleanup);
    TRY_GOTO(write_file(work->run->folder, "evaluation.csv", csv), cleanup);
    TRY_GOTO(write_file(work->run->folder, "evaluation.json", text), cleanup);
cleanup:
    json_destroy(inputs);
    json_destroy(root);
    free(text);
    free(csv);
    return status;
}

/* The facts at the foot of the page. */
struct facts {
    char texts[EVALUATION_PAGE_FACTS][LABEL];
};

static void add_text(struct evaluation_page *page, struct facts *facts, const char *name,
                     const char *text)
{
    char *value = facts->texts[page->fact_count];
    snprintf(value, LABEL, "%s", text);
    page->facts[page->fact_count++] = (struct report_fact){.name = name, .value = value};
}

static void add_number(struct evaluation_page *page, struct facts *facts, const char *name,
                       int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)number);
    add_text(page, facts, name, text);
}

static void add_model(struct evaluation_page *page, struct facts *facts, const struct model *model,
                      const char *name)
{
    char text[LABEL];
    snprintf(text, sizeof text, "%s, %lld parameters, %lld training steps, dataset %.12s",
             model->spec.size, (long long)network_spec_parameters(&model->spec),
             (long long)model->facts.step, model->facts.dataset_digest);
    add_text(page, facts, name, text);
}

static void add_facts(struct evaluation_page *page, struct facts *facts, const struct work *work)
{
    const struct dataset_info *info = dataset_get_info(work->run->dataset);
    char cost[64];
    for (int64_t i = 0; i < work->judged.model_count; i++)
        add_model(page, facts, work->judged.models[i],
                  judged_model_network(&work->judged, i)->name);
    add_text(page, facts, "judged on the dataset", info->content_digest);
    add_text(page, facts, "split", dataset_split_name(work->split));
    add_number(page, facts, "cases", work->truth.count);
    add_number(page, facts, "rollouts", evaluation_rollouts(work->evaluation));
    add_number(page, facts, "frames a rollout", work->horizon);
    add_number(page, facts, "refinement of the truth", work->truth.refine);
    snprintf(cost, sizeof cost, "%.1f ms", 1000 * work->truth_cost);
    add_text(page, facts, "a frame of the truth costs its solver", cost);
    add_text(page, facts, "threads of every forecaster", "1");
    add_text(page, facts, "wakecast", build_info_version());
    add_text(page, facts, "commit", build_info_commit());
}

static enum status write_page(const struct work *work)
{
    char subtitle[2 * LABEL], *config = NULL;
    struct facts facts;
    const struct dataset_info *info = dataset_get_info(work->run->dataset);
    TRY(config_write(&config, work->book.config, option_table_dataset_keys()));
    snprintf(subtitle, sizeof subtitle, "dataset %s, split %s, %lld cases, %lld rollouts",
             info->name, dataset_split_name(work->split), (long long)work->truth.count,
             (long long)evaluation_rollouts(work->evaluation));
    struct evaluation_page page = {.folder = work->run->folder,
                                   .evaluation = work->evaluation,
                                   .title = work->run->title,
                                   .rows = work->run->rows,
                                   .subtitle = subtitle,
                                   .animation_count = work->animation_count,
                                   .config = config};
    for (int64_t i = 0; i < work->animation_count; i++)
        page.animations[i] = work->animations[i];
    add_facts(&page, &facts, work);
    enum status status = evaluation_page_write(&page);
    free(config);
    TRY(status);
    return OK;
}

static enum status print_scores(const struct work *work)
{
    enum status status = OK;
    struct table *table = NULL;
    struct text text = {0};
    struct verdict verdict;
    TRY_GOTO(evaluation_tables_scores(&table, work->evaluation), cleanup);
    table_text(&text, table);
    TRY_GOTO(text.status, cleanup);
    printf("Velocity error over %lld rollouts on %lld cases (%s), truth at r = %lld:\n\n%s\n",
           (long long)evaluation_rollouts(work->evaluation), (long long)work->truth.count,
           dataset_split_name(work->split), (long long)work->truth.refine, text.data);
    int first = work->judged.model_count > 1 ? SCOREBOARD_ROLLOUT : SCOREBOARD_CALL;
    for (int64_t entry = 0; entry < work->judged.count; entry++)
        for (int window = first; window < SCOREBOARD_WINDOWS; window++) {
            if (work->judged.entries[entry].role != EVALUATION_CANDIDATE)
                continue;
            verdict_reach(&verdict, work->evaluation, entry, (enum scoreboard_window)window);
            printf("%s\n", verdict.text);
        }
    printf("\nreport     %s/report.html\n", work->run->folder);
cleanup:
    table_destroy(table);
    text_fini(&text);
    return status;
}

/* evaluation.json as it stands in the folder, to stdout. */
static enum status print_file(const struct work *work)
{
    struct json *root = NULL;
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, work->run->folder, "evaluation.json"));
    TRY(json_read_file(&root, path));
    TRY(session_print_json(root));
    return OK;
}

/* 1 when the folder holds the finished evaluation of the same inputs. */
static int is_complete(const struct work *work)
{
    char path[PATH_SIZE], *now = NULL, *then = NULL;
    struct json *root = NULL, *inputs = NULL;
    int same = 0;
    if (path_join(path, sizeof path, work->run->folder, "report.html") == OK && path_exists(path) &&
        path_join(path, sizeof path, work->run->folder, "evaluation.json") == OK &&
        json_read_file(&root, path) == OK && describe_inputs(&inputs, work) == OK &&
        json_find(root, "inputs") != NULL && json_write(&now, inputs, JSON_FORM_COMPACT) == OK &&
        json_write(&then, json_find(root, "inputs"), JSON_FORM_COMPACT) == OK)
        same = strcmp(now, then) == 0;
    free(now);
    free(then);
    json_destroy(root);
    json_destroy(inputs);
    return same;
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
    TRY(write_data(work));
    TRY(write_page(work));
    if (session_flag(work->session, "json"))
        TRY(print_file(work));
    else
        TRY(print_scores(work));
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
    work->split = find_split(config_text(config, "evaluate.split"));
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
    if (session_existing(run->session) == SESSION_RESUME && is_complete(work)) {
        log_info("the evaluation in '%s' is complete", run->folder);
        if (session_flag(run->session, "json"))
            TRY_GOTO(print_file(work), cleanup);
        else
            printf("report     %s/report.html\n", run->folder);
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
