/* SPDX-License-Identifier: Apache-2.0
 *
 * The solver alone: lattice updates a second of flows past a circle with everything on, over sizes
 * from 64 x 64 (in the cache) to 2048 x 1024 (in memory), verification (trt) and production
 * (cumulant) mode, one thread and all of them, and an ensemble of the smallest size; "unrecorded"
 * is without forces, sponge and the frame that the others take every 100 steps. The rates are
 * held against two bounds of the machine, measured in the same run:
 *
 * - memory: a cell read and written in place is 72 bytes of traffic. A sweep through memory for
 *   every step cannot beat that; several steps in one sweep, or a lattice in the cache, can.
 * - vectors: the operations of a plain collision at the rate of fused multiply-adds in registers.
 *   Loads, stores, boundaries and the length of a division come on top. */
#include "array.h"
#include "bench.h"
#include "bench_lattice.h"
#include "ceiling.h"
#include "number.h"
#include "session.h"
#include "stop.h"

#include <string.h>

enum mode { VERIFICATION, PRODUCTION, MODES };
enum way { ONE_THREAD, UNRECORDED, ALL_THREADS, ENSEMBLE, WAYS };
enum team { ONE, ALL, TEAMS };
enum { POPULATIONS = 9, CEILING_NX = 2048, CEILING_NY = 1024, SIZES = 32, SIZE_TEXT = 24 };

/* Sums, products, fused multiply-adds and the division of a cell without force, each as one. */
static const struct {
    const char *collision;
    double operations;
} modes[MODES] = {{"trt", 69}, {"cumulant", 82}};

static const double SLICE = 0.1; /* seconds */
static const char *const default_sizes = "64x64,128x128,256x256,512x512,1024x512,2048x1024";

struct lbm_bench {
    struct session *session;
    double seconds; /* of a turn */
    struct ceiling *ceilings[TEAMS];
    double cells[TEAMS], multiply_adds[TEAMS]; /* millions a second at best, of those */
    struct bench_lattice *runs[WAYS][MODES];   /* of the size in progress; NULL: not measured */
};

/* ---- the machine ---- */

/* Works for a turn, in slices of at most SLICE seconds between two looks at the stop request; keeps
 * the best rate of the turns in `best`. `millions`: of the unit in what `work` counts. */
static enum status run_ceiling(struct bench_turn *out, double *best, const struct lbm_bench *bench,
                               struct ceiling *ceiling,
                               double (*work)(struct ceiling *ceiling, double seconds),
                               double millions)
{
    double done = 0, end = stop_clock() + bench->seconds, left = bench->seconds;
    const struct bench_clock began = bench_clock_now();
    do {
        done += work(ceiling, left < SLICE ? left : SLICE);
        if (stop_requested(&bench->session->stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "stopped; nothing was measured");
        left = end - stop_clock();
    } while (left > 0);
    bench_clock_end(out, &began, done * millions);
    if (out->amount / out->seconds > *best)
        *best = out->amount / out->seconds;
    return OK;
}

static enum status stream(struct bench_turn *out, struct lbm_bench *bench, enum team team)
{
    return run_ceiling(out, &bench->cells[team], bench, bench->ceilings[team], ceiling_stream,
                       1e-6 / POPULATIONS);
}

static enum status multiply_add(struct bench_turn *out, struct lbm_bench *bench, enum team team)
{
    return run_ceiling(out, &bench->multiply_adds[team], bench, bench->ceilings[team],
                       ceiling_multiply_add, 1e-6);
}

/* ---- the solver ---- */

static enum status run_lattice(struct bench_turn *out, struct lbm_bench *bench, enum way way,
                               enum mode mode)
{
    double updates;
    enum team team = way == ALL_THREADS || way == ENSEMBLE ? ALL : ONE;
    const struct bench_clock began = bench_clock_now();
    TRY(bench_lattice_run(&updates, bench->runs[way][mode], bench->seconds));
    bench_clock_end(out, &began, updates);
    double rate = out->amount / out->seconds;
    out->shares[BENCH_OF_MEMORY] = rate / bench->cells[team];
    out->shares[BENCH_OF_VECTORS] = rate * modes[mode].operations / bench->multiply_adds[team];
    return OK;
}

#define CONTESTANT(name, call)                                                                     \
    static enum status name(struct bench_turn *out, void *context)                                 \
    {                                                                                              \
        struct lbm_bench *bench = context;                                                         \
        return call;                                                                               \
    }

CONTESTANT(stream_one, stream(out, bench, ONE))
CONTESTANT(stream_all, stream(out, bench, ALL))
CONTESTANT(multiply_add_one, multiply_add(out, bench, ONE))
CONTESTANT(multiply_add_all, multiply_add(out, bench, ALL))
CONTESTANT(verify_one, run_lattice(out, bench, ONE_THREAD, VERIFICATION))
CONTESTANT(verify_unrecorded, run_lattice(out, bench, UNRECORDED, VERIFICATION))
CONTESTANT(verify_all, run_lattice(out, bench, ALL_THREADS, VERIFICATION))
CONTESTANT(verify_ensemble, run_lattice(out, bench, ENSEMBLE, VERIFICATION))
CONTESTANT(produce_one, run_lattice(out, bench, ONE_THREAD, PRODUCTION))
CONTESTANT(produce_unrecorded, run_lattice(out, bench, UNRECORDED, PRODUCTION))
CONTESTANT(produce_all, run_lattice(out, bench, ALL_THREADS, PRODUCTION))
CONTESTANT(produce_ensemble, run_lattice(out, bench, ENSEMBLE, PRODUCTION))

static const struct bench_contestant streams[] = {
    {"memory, 1 thread", "Mupdates", stream_one},
    {"memory, all threads", "Mupdates", stream_all},
};

static const struct bench_contestant vectors[] = {
    {"vectors, 1 thread", "Mmultiply-adds", multiply_add_one},
    {"vectors, all threads", "Mmultiply-adds", multiply_add_all},
};

/* MODES of each way, in the order of the ways. */
static const struct bench_contestant lattices[] = {
    {"verification, 1 thread", "Mupdates", verify_one},
    {"production, 1 thread", "Mupdates", produce_one},
    {"verification, unrecorded", "Mupdates", verify_unrecorded},
    {"production, unrecorded", "Mupdates", produce_unrecorded},
    {"verification, all threads", "Mupdates", verify_all},
    {"production, all threads", "Mupdates", produce_all},
    {"verification, one a thread", "Mupdates", verify_ensemble},
    {"production, one a thread", "Mupdates", produce_ensemble},
};

/* ---- what is measured ---- */

static enum status measure_machine(struct bench_report *report, struct lbm_bench *bench)
{
    int64_t numbers = (int64_t)POPULATIONS * CEILING_NX * CEILING_NY;
    int threads = bench->session->threads;
    size_t teams = threads > 1 ? 2 : 1;
    TRY(ceiling_create(&bench->ceilings[ONE], numbers, 1));
    if (threads > 1)
        TRY(ceiling_create(&bench->ceilings[ALL], numbers, threads));
    TRY(bench_measure(report, "2048x1024 cells, 72 bytes each", streams, teams, bench));
    return bench_measure(report, "in registers, float32", vectors, teams, bench);
}

static enum status create_runs(struct lbm_bench *bench, int64_t nx, int64_t ny, int ways)
{
    int threads = bench->session->threads;
    for (int way = 0; way < ways; way++)
        for (int mode = 0; mode < MODES; mode++) {
            const struct bench_lattice_options options = {
                .nx = nx,
                .ny = ny,
                .collision = modes[mode].collision,
                .count = way == ENSEMBLE ? threads : 1,
                .recording = way == UNRECORDED ? BENCH_LATTICE_UNRECORDED : BENCH_LATTICE_RECORDED,
                .threads = way == ALL_THREADS ? threads : 1,
                .stop = &bench->session->stop};
            TRY(bench_lattice_create(&bench->runs[way][mode], &options));
        }
    return OK;
}

static void destroy_runs(struct lbm_bench *bench)
{
    for (int way = 0; way < WAYS; way++)
        for (int mode = 0; mode < MODES; mode++) {
            bench_lattice_destroy(bench->runs[way][mode]);
            bench->runs[way][mode] = NULL;
        }
}

/* An ensemble is of 64 x 64: cases of a dataset, one a thread. */
static enum status measure_size(struct bench_report *report, struct lbm_bench *bench, int64_t nx,
                                int64_t ny)
{
    char title[2 * SIZE_TEXT];
    int ways = bench->session->threads == 1 ? ALL_THREADS : nx == 64 && ny == 64 ? WAYS : WAYS - 1;
    snprintf(title, sizeof title, "%lldx%lld", (long long)nx, (long long)ny);
    enum status status = create_runs(bench, nx, ny, ways);
    if (status == OK)
        status = bench_measure(report, title, lattices, MODES * (size_t)ways, bench);
    destroy_runs(bench);
    return status;
}

/* ---- the command line ---- */

/* "1024x512" at `text`, up to a comma or the end. */
static enum status read_size(int64_t out[2], const char *text)
{
    char copy[SIZE_TEXT];
    size_t length = strcspn(text, ",");
    snprintf(copy, sizeof copy, "%.*s", (int)length, text);
    char *times = strchr(copy, 'x');
    if (times != NULL)
        *times = '\0';
    if (length >= sizeof copy || times == NULL || number_integer(&out[0], copy) != NUMBER_GOOD ||
        number_integer(&out[1], times + 1) != NUMBER_GOOD || out[0] < 32 || out[1] < 32 ||
        out[0] > 1 << 15 || out[1] > 1 << 15)
        return FAIL(ERR_USAGE,
                    "'%.*s' is no size of a lattice; expected one like 1024x512, "
                    "each number from 32 to 32768",
                    (int)length, text);
    return OK;
}

static enum status read_sizes(int64_t sizes[SIZES][2], int *count, const char *text)
{
    for (*count = 0;; (*count)++) {
        if (*count == SIZES)
            return FAIL(ERR_USAGE, "more than %d sizes", SIZES);
        TRY(read_size(sizes[*count], text));
        text += strcspn(text, ",");
        if (*text++ == '\0')
            break;
    }
    (*count)++;
    return OK;
}

static enum status measure(struct bench_report *report, struct lbm_bench *bench,
                           int64_t sizes[SIZES][2], int count)
{
    TRY(measure_machine(report, bench));
    for (int k = 0; k < count; k++)
        TRY(measure_size(report, bench, sizes[k][0], sizes[k][1]));
    return bench_report_note(report, "threads", (double)bench->session->threads, "");
}

static enum status run(struct bench_report *report, struct session *session)
{
    int64_t sizes[SIZES][2];
    int count;
    struct lbm_bench bench = {.session = session};
    TRY(read_sizes(sizes, &count, arguments_text(session->arguments, "sizes", default_sizes)));
    bench.seconds =
        arguments_real(session->arguments, "seconds", 1) / (double)bench_report_turns(report);
    enum status status = measure(report, &bench, sizes, count);
    ceiling_destroy(bench.ceilings[ONE]);
    ceiling_destroy(bench.ceilings[ALL]);
    return status;
}

const struct bench bench_lbm = {
    .name = "lbm",
    .summary = "The solver's lattice updates a second, by size, mode and threads; takes no CONFIG",
    .run = run};
