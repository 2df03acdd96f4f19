/* SPDX-License-Identifier: Apache-2.0 */
#include "generate_error_bar.h"

#include "array.h"
#include "dataset.h"
#include "ensemble.h"
#include "error_bar.h"
#include "log.h"
#include "number_text.h"
#include "progress.h"

#include <stdio.h>

enum status generate_error_bar_wanted(int64_t *out, const struct session *session,
                                      const struct case_draw_plan *plan)
{
    *out = arguments_integer(session->arguments, "error-bar", 0);
    if (*out == 0)
        return OK;
    if (session_flag(session, "part"))
        return FAIL(ERR_USAGE,
                    "--error-bar is of a whole dataset: leave out --part, merge the "
                    "parts, then 'generate --resume --error-bar %lld'",
                    (long long)*out);
    if (*out > case_draw_count(plan))
        return FAIL(ERR_USAGE,
                    "--error-bar %lld wants more cases than the dataset has; %lld at "
                    "most",
                    (long long)*out, (long long)case_draw_count(plan));
    return OK;
}

/* ---- what is to be done ---- */

/* One case at one refinement. */
struct job {
    int64_t number, refine;
    double updates;
};

struct jobs {
    struct job *list; /* [count] */
    int64_t count;
    double updates;
    int64_t refinements[ERROR_BAR_REFINEMENTS], refinement_count;
    int64_t *cases; /* [case_count], selected */
    int64_t case_count;
};

static void free_jobs(struct jobs *jobs)
{
    array_free(jobs->list);
    array_free(jobs->cases);
}

static enum status draw(struct flow_case *out, const struct case_draw_plan *plan, int64_t number,
                        int64_t refine)
{
    TRY(case_draw(out, NULL, plan, number));
    out->numerics.refine = refine;
    return OK;
}

/* All jobs of `wanted` of the cases listed. */
static enum status list_jobs(struct jobs *out, const struct case_draw_plan *plan, int64_t wanted,
                             const int64_t *numbers, int64_t count)
{
    enum status status = OK;
    *out = (struct jobs){.case_count = wanted};
    out->refinement_count =
        error_bar_refinements(out->refinements, plan->base.numerics.refine, FLOW_CASE_REFINE_MAX);
    TRY_GOTO(ARRAY_NEW(out->cases, wanted), cleanup);
    TRY_GOTO(ARRAY_NEW(out->list, wanted * ERROR_BAR_REFINEMENTS), cleanup);
    error_bar_select(out->cases, wanted, numbers, count);
    for (int64_t i = 0; i < wanted; i++)
        for (int64_t k = 0; k < out->refinement_count; k++) {
            struct job *job = &out->list[out->count++];
            struct flow_case flow_case;
            *job = (struct job){out->cases[i], out->refinements[k], 0};
            TRY_GOTO(draw(&flow_case, plan, job->number, job->refine), cleanup);
            job->updates = (double)flow_case_lattice_cells(&flow_case) * (double)job->refine *
                           (double)flow_case_total_steps(&flow_case);
            out->updates += job->updates;
        }
cleanup:
    if (status != OK)
        free_jobs(out);
    return status;
}

/* The cases that did not fail. */
static enum status list_finished(int64_t **out, int64_t *count, const struct dataset *dataset)
{
    int64_t cases = dataset_get_info(dataset)->cases;
    TRY(ARRAY_NEW(*out, cases));
    *count = 0;
    for (int64_t i = 0; i < cases; i++)
        if (dataset_get_case(dataset, i)->shard >= 0)
            (*out)[(*count)++] = i;
    return OK;
}

/* ---- doing it ---- */

struct error_bar_work {
    const struct case_draw_plan *plan;
    struct dataset_writer *writer;
    const struct dataset *dataset;
    struct jobs jobs;        /* those to be computed now; cases and refinements are of all */
    struct case_record *own; /* the dataset's record of the case compared last */
    struct progress progress;
    int64_t done, total; /* jobs, those of earlier runs included */
};

static enum status describe(void *context, struct flow_case *flow_case,
                            struct simulation_options *options, struct refusals *refused,
                            int64_t index)
{
    const struct error_bar_work *work = context;
    const struct job *job = &work->jobs.list[index];
    (void)refused;
    options->start_count = 0;
    return draw(flow_case, work->plan, job->number, job->refine);
}

/* The dataset's own record; kept while its case is asked for again. */
static enum status find_own(struct error_bar_work *work, int64_t number)
{
    if (work->own != NULL && work->own->flow.index == number)
        return OK;
    case_record_destroy(work->own);
    work->own = NULL;
    return dataset_read_case(&work->own, work->dataset, number, CASE_RECORD_DROP_STARTS);
}

static enum status accept(void *context, const struct case_record *record, int64_t index)
{
    struct error_bar_work *work = context;
    struct error_bar_run run;
    TRY(find_own(work, work->jobs.list[index].number));
    TRY(error_bar_measure(&run, record, work->own));
    TRY(dataset_writer_add_error_bar(work->writer, &run));
    work->done++;
    if (record->status != OK)
        log_warning("at refine %lld, %s", (long long)record->flow.refine, record->reason);
    return OK;
}

static void show_progress(void *context, double updates)
{
    struct error_bar_work *work = context;
    char note[64];
    snprintf(note, sizeof note, "%lld of %lld runs", (long long)work->done, (long long)work->total);
    progress_update(&work->progress, updates, note);
}

/* A case that the rules refuse at this refinement is a run without numbers. */
static enum status refuse(struct error_bar_work *work, const struct job *job)
{
    struct error_bar_run run = {.case_index = job->number, .refine = job->refine};
    snprintf(run.reason, sizeof run.reason, "%s", error_message());
    log_warning("at refine %lld, case %lld: %s", (long long)job->refine, (long long)job->number,
                run.reason);
    error_clear();
    work->done++;
    return dataset_writer_add_error_bar(work->writer, &run);
}

/* Leaves the jobs that are still to be computed. */
static enum status drop_done(struct error_bar_work *work)
{
    struct jobs *jobs = &work->jobs;
    int64_t left = 0;
    work->total = jobs->count;
    jobs->updates = 0;
    for (int64_t i = 0; i < work->total; i++) {
        struct flow_case flow_case;
        struct job *job = &jobs->list[i];
        if (error_bar_find(dataset_writer_get_error_bar(work->writer), job->number, job->refine) !=
            NULL) {
            work->done++;
            continue;
        }
        TRY(draw(&flow_case, work->plan, job->number, job->refine));
        if (flow_case_check(&flow_case) != OK) {
            TRY(refuse(work, job));
            continue;
        }
        jobs->updates += job->updates;
        jobs->list[left++] = *job;
    }
    jobs->count = left;
    return OK;
}

static enum status compute(struct error_bar_work *work, struct session *session)
{
    TRY(dataset_writer_begin_error_bar(work->writer, work->jobs.cases, work->jobs.case_count,
                                       work->jobs.refinements, work->jobs.refinement_count));
    TRY(drop_done(work));
    if (work->jobs.count == 0)
        return OK;
    log_info("error bar: %lld cases again at other refinements, %lld of %lld runs to go",
             (long long)work->jobs.case_count, (long long)work->jobs.count, (long long)work->total);
    progress_begin(&work->progress, "error bar", "MLUPS", 1e6, work->jobs.updates, 0);
    const struct ensemble_options options = {.threads = session->threads,
                                             .starts = CASE_RECORD_DROP_STARTS,
                                             .stop = &session->stop,
                                             .context = work,
                                             .describe = describe,
                                             .accept = accept,
                                             .progress = show_progress};
    enum status status = ensemble_run(&options, 0, work->jobs.count);
    progress_end(&work->progress);
    if (status == ERR_STOPPED)
        return FAIL(ERR_STOPPED,
                    "stopped after %lld of %lld runs of the error bar; --resume --error-bar %lld "
                    "goes on",
                    (long long)work->done, (long long)work->total,
                    (long long)work->jobs.case_count);
    return status;
}

enum status generate_error_bar_run(struct session *session, struct dataset_writer *writer,
                                   const struct case_draw_plan *plan, const char *folder,
                                   int64_t cases)
{
    enum status status = OK;
    struct error_bar_work work = {.plan = plan, .writer = writer};
    struct dataset *dataset = NULL;
    int64_t *finished = NULL, count = 0;
    if (cases == 0)
        return OK;
    TRY_GOTO(dataset_open(&dataset, folder), cleanup);
    work.dataset = dataset;
    TRY_GOTO(list_finished(&finished, &count, dataset), cleanup);
    if (cases > count)
        log_warning("the error bar is of %lld cases, not %lld: the others failed", (long long)count,
                    (long long)cases);
    if (count == 0)
        goto cleanup;
    TRY_GOTO(list_jobs(&work.jobs, plan, cases < count ? cases : count, finished, count), cleanup);
    TRY_GOTO(compute(&work, session), cleanup);
cleanup:
    free_jobs(&work.jobs);
    case_record_destroy(work.own);
    array_free(finished);
    dataset_close(dataset);
    return status;
}

/* ---- what it would cost ---- */

/* As if no case failed. */
static enum status plan_jobs(struct jobs *out, const struct case_draw_plan *plan, int64_t cases)
{
    int64_t *numbers = NULL, count = case_draw_count(plan);
    TRY(ARRAY_NEW(numbers, count));
    for (int64_t i = 0; i < count; i++)
        numbers[i] = i;
    enum status status = list_jobs(out, plan, cases, numbers, count);
    array_free(numbers);
    return status;
}

enum status generate_error_bar_print(FILE *stream, const struct case_draw_plan *plan, int64_t cases,
                                     double rate)
{
    struct jobs jobs;
    char time[32];
    if (cases == 0)
        return OK;
    TRY(plan_jobs(&jobs, plan, cases));
    number_text_write_time(time, sizeof time, rate > 0 ? jobs.updates / rate : 0);
    fprintf(stream, "error bar  %lld cases again at r =", (long long)cases);
    for (int64_t k = 0; k < jobs.refinement_count; k++)
        fprintf(stream, "%s %lld", k > 0 ? " and" : "", (long long)jobs.refinements[k]);
    fprintf(stream, ", %.3g updates, about %s more\n", jobs.updates, rate > 0 ? time : "?");
    free_jobs(&jobs);
    return OK;
}

enum status generate_error_bar_describe(struct json *root, const struct case_draw_plan *plan,
                                        int64_t cases, double rate)
{
    enum status status = OK;
    struct jobs jobs = {.list = NULL};
    if (cases == 0)
        return OK;
    struct json *block = json_make_object();
    TRY_GOTO(json_set(root, "error_bar", block), cleanup); /* owned by the root, or gone */
    TRY_GOTO(plan_jobs(&jobs, plan, cases), cleanup);
    TRY_GOTO(json_set(block, "cases", json_make_integer(cases)), cleanup);
    TRY_GOTO(json_set(block, "refinements",
                      json_make_integers(jobs.refinements, (size_t)jobs.refinement_count)),
             cleanup);
    TRY_GOTO(json_set(block, "updates", json_make_real(jobs.updates)), cleanup);
    TRY_GOTO(json_set(block, "seconds",
                      rate > 0 ? json_make_real(jobs.updates / rate) : json_make_null()),
             cleanup);
cleanup:
    free_jobs(&jobs);
    return status;
}
