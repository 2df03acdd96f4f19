/* SPDX-License-Identifier: Apache-2.0
 *
 * What a dataset costs beyond its flows: `wakecast generate` from its start to its end, in a
 * process of its own, against the solver alone, which computes the same cases on as many threads
 * and throws the frames away. */
#include "array.h"
#include "atomic_file.h"
#include "bench.h"
#include "bench_scratch.h"
#include "case_draw.h"
#include "path.h"
#include "session.h"
#include "settings_plan.h"
#include "solver_rate.h"

#include <stdlib.h>
#include <string.h>

struct generate_bench {
    struct session *session;
    struct case_draw_plan plan;
    struct settings_outlines outlines; /* which the plan borrows */
    struct flow_case *cases;           /* [count] */
    int64_t count;
    double updates; /* millions, of all cases */
    char folder[PATH_SIZE], config[PATH_SIZE], data[PATH_SIZE], threads[16];
};

/* The cases as they are drawn, and what they amount to. */
static enum status draw(struct generate_bench *bench)
{
    struct session *session = bench->session;
    TRY(settings_outlines_embed(session->config, arguments_at(session->arguments, 1)));
    TRY(settings_plan(&bench->plan, &bench->outlines, session->config));
    bench->count = case_draw_count(&bench->plan);
    TRY(ARRAY_NEW(bench->cases, bench->count));
    for (int64_t i = 0; i < bench->count; i++) {
        struct flow_case *one = &bench->cases[i];
        TRY(case_draw(one, NULL, &bench->plan, i));
        int64_t steps = flow_case_total_steps(one) * one->numerics.refine;
        bench->updates += (double)steps * (double)flow_case_lattice_cells(one) * 1e-6;
    }
    return OK;
}

/* The configuration as a file, so that generate reads what this run was given. */
static enum status write_config(struct generate_bench *bench)
{
    char *text = NULL;
    TRY(path_join(bench->config, PATH_SIZE, bench->folder, "config.yaml"));
    TRY(path_join(bench->data, PATH_SIZE, bench->folder, "data"));
    TRY(config_write(&text, bench->session->config, NULL));
    enum status status = atomic_file_write_text(bench->config, text);
    free(text);
    return status;
}

static enum status run_solver(struct bench_turn *out, void *context)
{
    const struct generate_bench *bench = context;
    int failed = 0;
    const struct bench_clock began = bench_clock_now();
#pragma omp parallel for schedule(dynamic, 1) num_threads(bench->session->threads)                 \
    reduction(|                                                                                    \
              : failed)
    for (int64_t i = 0; i < bench->count; i++) {
        double updates;
        enum status status = solver_rate_run(&updates, &bench->cases[i], &bench->session->stop);
        failed |= status != OK && status != ERR_NUMERIC;
    }
    bench_clock_end(out, &began, bench->updates);
    if (stop_requested(&bench->session->stop) != STOP_NONE)
        return FAIL(ERR_STOPPED, "stopped; nothing was measured");
    return failed ? FAIL(ERR_INTERNAL, "the solver could not compute the cases") : OK;
}

static enum status run_generate(struct bench_turn *out, void *context)
{
    const struct generate_bench *bench = context;
    const char *const words[] = {"generate",  bench->config,  "--output", bench->data,
                                 "--threads", bench->threads, "--quiet",  NULL};
    TRY(path_remove(bench->data));
    const struct bench_clock began = bench_clock_now();
    TRY(bench_scratch_run(words));
    bench_clock_end(out, &began, bench->updates);
    return OK;
}

static const struct bench_contestant contestants[] = {{"solver alone", "Mupdates", run_solver},
                                                      {"generate", "Mupdates", run_generate}};

static enum status measure(struct bench_report *report, struct generate_bench *bench)
{
    const struct flow_case_numerics *numerics = &bench->plan.base.numerics;
    TRY(draw(bench));
    TRY(write_config(bench));
    snprintf(bench->threads, sizeof bench->threads, "%d", bench->session->threads);
    TRY(bench_measure(report, "from draw to durable dataset", contestants, 2, bench));
    TRY(bench_report_note(report, "cases", (double)bench->count, ""));
    TRY(bench_report_note(report, "refine", (double)numerics->refine, ""));
    TRY(bench_report_note(report, "frames", (double)numerics->frames, ""));
    return bench_report_note(report, "threads", (double)bench->session->threads, "");
}

static enum status run(struct bench_report *report, struct session *session)
{
    struct generate_bench bench = {.session = session};
    TRY(bench_scratch_create(bench.folder, session));
    enum status status = measure(report, &bench);
    array_free(bench.cases);
    settings_outlines_fini(&bench.outlines);
    return bench_scratch_remove(bench.folder, status);
}

const struct bench bench_generate = {
    .name = "generate",
    .summary = "A dataset of CONFIG, from drawing to fsync, against the solver alone",
    .run = run};
