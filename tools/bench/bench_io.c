/* SPDX-License-Identifier: Apache-2.0
 *
 * Does training wait for its samples? Three groups: reading whole shards as they are stored; the
 * loader with nobody to feed; and training the smallest network, which is the hardest to feed.
 * "10x" is a dataset ten times the small one, and larger than the memory budget, under which the
 * small one fits: it is streamed, the small one loaded. "cold": pages of its files are forgotten
 * again and again while it runs, so every shard comes from the disk. */
#include "backend.h"
#include "bench.h"
#include "bench_dataset.h"
#include "bench_scratch.h"
#include "path.h"
#include "prefetch.h"
#include "session.h"
#include "settings_outlines.h"
#include "trainer.h"
#include "training_settings.h"

#include <string.h>

enum { CASES = 12, PER_SHARD = 3, TIMES = 10, FORGET_EVERY = 5, BATCHES = 200, STEPS = 80 };
enum cache { CACHE_WARM, CACHE_COLD };
enum size { SIZE_SMALL, SIZE_LARGE };

struct io_bench {
    struct session *session;
    struct trainer_options training;
    char folder[PATH_SIZE], run[PATH_SIZE];
    char paths[STORAGE_COUNT + 1][PATH_SIZE]; /* small, by storage; then the large one */
    struct dataset *datasets[STORAGE_COUNT + 1];
    struct normalisation normalisation;
    double waited[2][2], trained[2][2]; /* seconds over all turns, by size and cache */
    /* of the training in progress */
    enum cache cache;
    const char *read_from;
    struct bench_clock first; /* when its first step ended */
    struct bench_turn turn;   /* from there to its last */
};

enum { LARGE = STORAGE_COUNT };

/* ---- making the datasets ---- */

static enum status make_dataset(struct io_bench *bench, int which, struct case_record *record)
{
    static const char *const names[] = {"plain", "gzip", "rounded", "large"};
    int64_t cases = which == LARGE ? CASES * TIMES : CASES;
    enum storage storage = which == LARGE ? STORAGE_PLAIN : (enum storage)which;
    TRY(path_join(bench->paths[which], PATH_SIZE, bench->folder, names[which]));
    TRY(bench_dataset_write(bench->paths[which], record, cases, PER_SHARD, storage));
    return dataset_open(&bench->datasets[which], bench->paths[which]);
}

static enum status make_datasets(struct io_bench *bench)
{
    enum status status = OK;
    struct case_record *record = NULL;
    struct case_pool *pool = NULL;
    const struct session *session = bench->session;
    TRY(settings_outlines_embed(session->config, arguments_at(session->arguments, 1)));
    TRY_GOTO(bench_dataset_flow(&record, session->config), cleanup);
    for (int i = 0; i <= LARGE; i++)
        TRY_GOTO(make_dataset(bench, i, record), cleanup);
    TRY_GOTO(case_pool_create(&pool, bench->datasets[STORAGE_PLAIN], SPLIT_TRAIN, 0, 1), cleanup);
    TRY_GOTO(loader_measure(&bench->normalisation, pool), cleanup);
cleanup:
    case_pool_destroy(pool);
    case_record_destroy(record);
    return status;
}

/* The small dataset fits, the large one does not. */
static int64_t budget_of(const struct io_bench *bench)
{
    return 2 * dataset_bytes(bench->datasets[STORAGE_PLAIN]);
}

/* ---- reading shards ---- */

static enum status read_shards(struct bench_turn *out, const struct io_bench *bench, int which,
                               enum cache cache)
{
    const struct dataset *dataset = bench->datasets[which];
    if (cache == CACHE_COLD)
        bench_dataset_forget(bench->paths[which]);
    const struct bench_clock began = bench_clock_now();
    for (int64_t i = 0; i < dataset_get_info(dataset)->shards; i++) {
        struct dataset_shard *shard = NULL;
        TRY(dataset_read_shard(&shard, dataset, i, 0));
        dataset_shard_destroy(shard);
    }
    bench_clock_end(out, &began, (double)dataset_bytes(dataset) * 1e-6);
    return OK;
}

static enum status read_plain(struct bench_turn *out, void *context)
{
    return read_shards(out, context, STORAGE_PLAIN, CACHE_WARM);
}

static enum status read_cold(struct bench_turn *out, void *context)
{
    return read_shards(out, context, STORAGE_PLAIN, CACHE_COLD);
}

static enum status read_gzip(struct bench_turn *out, void *context)
{
    return read_shards(out, context, STORAGE_GZIP, CACHE_WARM);
}

static enum status read_rounded(struct bench_turn *out, void *context)
{
    return read_shards(out, context, STORAGE_ROUNDED, CACHE_WARM);
}

static const struct bench_contestant readers[] = {
    {"plain", "MB", read_plain},
    {"plain, cold", "MB", read_cold},
    {"gzip", "MB", read_gzip},
    {"rounded", "MB", read_rounded},
};

/* ---- the loader alone ---- */

static struct window window_of(const struct io_bench *bench)
{
    const struct network_spec *spec = &bench->training.network;
    return (struct window){spec->frames_in, spec->frames_out, 1};
}

static enum status open_loader(struct case_pool **pool, struct loader **loader,
                               const struct io_bench *bench, const struct dataset *dataset)
{
    const struct loader_options options = {.window = window_of(bench),
                                           .case_frames = dataset_get_info(dataset)->frames,
                                           .buffer_shards = bench->training.buffer_shards,
                                           .seed = bench->training.seed,
                                           .flips = bench->training.flips,
                                           .normalisation = bench->normalisation};
    TRY(case_pool_create(pool, dataset, SPLIT_TRAIN, budget_of(bench), options.buffer_shards));
    return loader_create(loader, *pool, &options);
}

static enum status take_batches(struct prefetch *prefetch, enum cache cache, const char *folder)
{
    const struct batch *batch;
    for (int i = 0; i < BATCHES; i++) {
        if (cache == CACHE_COLD && i % FORGET_EVERY == 0)
            bench_dataset_forget(folder);
        TRY(prefetch_next(&batch, prefetch));
    }
    return OK;
}

static enum status load(struct bench_turn *out, const struct io_bench *bench, int which,
                        enum cache cache)
{
    enum status status = OK;
    const struct dataset_info *info = dataset_get_info(bench->datasets[which]);
    struct case_pool *pool = NULL;
    struct loader *loader = NULL;
    struct prefetch *prefetch = NULL;
    const struct prefetch_options options = {
        .shape = {.windows = bench->training.batch,
                  .window = window_of(bench),
                  .channels = normalisation_channels(&bench->normalisation),
                  .nx = info->nx,
                  .ny = info->ny}};
    TRY_GOTO(open_loader(&pool, &loader, bench, bench->datasets[which]), cleanup);
    TRY_GOTO(prefetch_create(&prefetch, loader, &options), cleanup);
    TRY_GOTO(take_batches(prefetch, CACHE_WARM, bench->paths[which]), cleanup); /* to get going */
    const struct bench_clock began = bench_clock_now();
    TRY_GOTO(take_batches(prefetch, cache, bench->paths[which]), cleanup);
    bench_clock_end(out, &began, (double)(BATCHES * options.shape.windows));
cleanup:
    prefetch_destroy(prefetch);
    loader_destroy(loader);
    case_pool_destroy(pool);
    return status;
}

static enum status load_small(struct bench_turn *out, void *context)
{
    return load(out, context, STORAGE_PLAIN, CACHE_WARM);
}

static enum status load_large(struct bench_turn *out, void *context)
{
    return load(out, context, LARGE, CACHE_WARM);
}

static enum status load_cold(struct bench_turn *out, void *context)
{
    return load(out, context, LARGE, CACHE_COLD);
}

static const struct bench_contestant loaders[] = {
    {"small, loaded", "samples", load_small},
    {"10x, streamed", "samples", load_large},
    {"10x, streamed, cold", "samples", load_cold},
};

/* ---- training ---- */

static void observe(void *context, const struct trainer_progress *progress)
{
    struct io_bench *bench = context;
    if (progress->step == 1)
        bench->first = bench_clock_now();
    bench_clock_end(&bench->turn, &bench->first,
                    (double)((progress->step - 1) * bench->training.batch));
    if (bench->cache == CACHE_COLD && progress->step % FORGET_EVERY == 1)
        bench_dataset_forget(bench->read_from);
}

/* From the first step's end to the last's: setting up does not count. */
static enum status train(struct bench_turn *out, struct io_bench *bench, enum size size,
                         enum cache cache)
{
    int which = size == SIZE_LARGE ? LARGE : (int)STORAGE_PLAIN;
    struct trainer_result result;
    struct trainer_options options = bench->training;
    options.dataset = bench->datasets[which];
    bench->cache = cache;
    bench->read_from = bench->paths[which];
    TRY(path_remove(bench->run));
    TRY(trainer_run(&result, &options));
    bench->waited[size][cache] += result.seconds_waited;
    bench->trained[size][cache] += bench->turn.seconds;
    *out = bench->turn;
    return OK;
}

static enum status train_small(struct bench_turn *out, void *context)
{
    return train(out, context, SIZE_SMALL, CACHE_WARM);
}

static enum status train_large(struct bench_turn *out, void *context)
{
    return train(out, context, SIZE_LARGE, CACHE_WARM);
}

static enum status train_cold(struct bench_turn *out, void *context)
{
    return train(out, context, SIZE_LARGE, CACHE_COLD);
}

static const struct bench_contestant trainings[] = {
    {"small, loaded", "samples", train_small},
    {"10x, streamed", "samples", train_large},
    {"10x, streamed, cold", "samples", train_cold},
};

static enum status set_up_training(struct io_bench *bench)
{
    struct trainer_options *training = &bench->training;
    TRY(training_settings_read(training, bench->session->config));
    TRY(network_spec_parse(&training->network, "tiny"));
    training->batch = training->batch > 0 ? training->batch : 32; /* no automatic one */
    training->schedule.steps = STEPS;
    training->schedule.warmup = 0;
    training->validate_every = 0;
    training->checkpoint_every = 0;
    training->memory_budget = budget_of(bench);
    training->folder = bench->run;
    training->version = "bench";
    training->stop = &bench->session->stop;
    training->observe = observe;
    training->context = bench;
    return backend_open(&training->backend, "auto", bench->session->threads);
}

/* ---- all of it ---- */

static enum status note_waiting(struct bench_report *report, const struct io_bench *bench)
{
    const double(*waited)[2] = bench->waited, (*trained)[2] = bench->trained;
    TRY(bench_report_note(report, "training waited, small, loaded",
                          100 * waited[0][0] / trained[0][0], "% of its time"));
    TRY(bench_report_note(report, "training waited, 10x, streamed",
                          100 * waited[1][0] / trained[1][0], "% of its time"));
    return bench_report_note(report, "training waited, 10x, streamed, cold",
                             100 * waited[1][1] / trained[1][1], "% of its time");
}

static enum status measure(struct bench_report *report, struct io_bench *bench)
{
    TRY(path_join(bench->run, PATH_SIZE, bench->folder, "run"));
    TRY(make_datasets(bench));
    TRY(set_up_training(bench));
    TRY(bench_measure(report, "reading shards, verified", readers, 4, bench));
    TRY(bench_measure(report, "the loader alone", loaders, 3, bench));
    TRY(bench_measure(report, "training the tiny network", trainings, 3, bench));
    TRY(note_waiting(report, bench));
    const struct dataset *large = bench->datasets[LARGE];
    TRY(bench_report_note(report, "10x dataset", (double)dataset_bytes(large) * 1e-6, "MB"));
    TRY(bench_report_note(report, "memory budget", (double)budget_of(bench) * 1e-6, "MB"));
    TRY(bench_report_note(report, "cases of a shard", PER_SHARD, ""));
    TRY(bench_report_note(report, "batch", (double)bench->training.batch, "samples"));
    return bench_report_note(report, "threads", (double)bench->session->threads, "");
}

static enum status run(struct bench_report *report, struct session *session)
{
    struct io_bench bench = {.session = session};
    TRY(bench_scratch_create(bench.folder, session));
    enum status status = measure(report, &bench);
    backend_close(bench.training.backend);
    for (int i = 0; i <= LARGE; i++)
        dataset_close(bench.datasets[i]);
    return bench_scratch_remove(bench.folder, status);
}

const struct bench bench_io = {
    .name = "io",
    .summary =
        "Shards, the loader and training: does a large dataset train as fast as a small one?",
    .run = run};
