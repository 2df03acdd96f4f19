/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_network_sizes.h"

#include "bench_network.h"
#include "ceiling.h"
#include "session.h"
#include "stop.h"

#include <string.h>

enum { SIZE_TEXT = 64, TITLE = 96 };
static const double SLICE = 0.1; /* seconds between two looks at the stop request */

struct sizes_bench {
    struct session *session;
    enum network_use use;
    double seconds; /* of a turn */
    struct ceiling *ceiling;
    double peak;                                    /* operations a second at best */
    struct bench_network *rows[BENCH_NETWORK_ROWS]; /* of the size in progress */
};

/* ---- rows ---- */

static enum status run_peak(struct bench_turn *out, void *context)
{
    struct sizes_bench *bench = context;
    double operations = 0, end = stop_clock() + bench->seconds;
    const struct bench_clock began = bench_clock_now();
    do {
        double left = end - stop_clock();
        operations += 2 * ceiling_multiply_add(bench->ceiling, left < SLICE ? left : SLICE);
        if (stop_requested(&bench->session->stop) != STOP_NONE)
            return FAIL(ERR_STOPPED, "stopped; nothing was measured");
    } while (stop_clock() < end);
    bench_clock_end(out, &began, operations * 1e-9);
    if (operations / out->seconds > bench->peak)
        bench->peak = operations / out->seconds;
    return OK;
}

static enum status run_row(struct bench_turn *out, struct sizes_bench *bench, int row)
{
    double samples, operations;
    const struct bench_clock began = bench_clock_now();
    TRY(bench_network_run(&samples, &operations, bench->rows[row], bench->seconds));
    bench_clock_end(out, &began, samples);
    out->shares[BENCH_OF_VECTORS] = operations / out->seconds / bench->peak;
    return OK;
}

static enum status run_first(struct bench_turn *out, void *context)
{
    return run_row(out, context, 0);
}

static enum status run_second(struct bench_turn *out, void *context)
{
    return run_row(out, context, 1);
}

static const struct bench_contestant peak_row = {"vectors, all threads", "GFLOP", run_peak};

/* ---- a size ---- */

#define ROWS(name)                                                                                 \
    {                                                                                              \
        {name, "samples", run_first},                                                              \
        {                                                                                          \
            name ", second batch", "samples", run_second                                           \
        }                                                                                          \
    }

/* Named for what is measured; kept by the report. */
static const struct bench_contestant *rows_of(const struct sizes_bench *bench)
{
    static const struct bench_contestant rows[2][2][BENCH_NETWORK_ROWS] = {
        {ROWS("training, float32"), ROWS("training, bf16")},
        {ROWS("forecast, float32"), ROWS("forecast, bf16")}};
    int bf16 = bench_network_precision(bench->rows[0]) == PRECISION_BF16;
    return rows[bench->use == NETWORK_FORECAST][bf16];
}

static enum status measure_rows(struct bench_report *report, struct sizes_bench *bench,
                                const char *size, const int64_t *batches, int count)
{
    char title[TITLE];
    for (int row = 0; row < count; row++) {
        const struct bench_network_options options = {.size = size,
                                                      .batch = batches[row],
                                                      .threads = bench->session->threads,
                                                      .use = bench->use,
                                                      .config = bench->session->config,
                                                      .stop = &bench->session->stop};
        TRY(bench_network_create(&bench->rows[row], &options));
    }
    if (count > 1)
        snprintf(title, sizeof title, "%s, batches of %lld and %lld", size, (long long)batches[0],
                 (long long)batches[1]);
    else
        snprintf(title, sizeof title, "%s, batch %lld", size, (long long)batches[0]);
    TRY(bench_measure(report, title, rows_of(bench), (size_t)count, bench));
    for (int row = 0; row < count; row++) {
        snprintf(title, sizeof title, "%s, batch %lld", size, (long long)batches[row]);
        TRY(bench_network_break_down(report, title, bench->rows[row], bench->peak));
    }
    return OK;
}

static enum status measure_size(struct bench_report *report, struct sizes_bench *bench,
                                const char *size, bench_network_batches batches)
{
    int64_t values[BENCH_NETWORK_ROWS];
    int count = batches(values, size, arguments_integer(bench->session->arguments, "batch", 0));
    enum status status = measure_rows(report, bench, size, values, count);
    for (int row = 0; row < BENCH_NETWORK_ROWS; row++) {
        bench_network_destroy(bench->rows[row]);
        bench->rows[row] = NULL;
    }
    return status;
}

/* ---- all of them ---- */

static enum status measure(struct bench_report *report, struct sizes_bench *bench,
                           bench_network_batches batches)
{
    const char *text = arguments_text(bench->session->arguments, "networks", "tiny,small,base");
    TRY(ceiling_create(&bench->ceiling, 1, bench->session->threads));
    TRY(bench_measure(report, "in registers, float32", &peak_row, 1, bench));
    while (*text != '\0') {
        char size[SIZE_TEXT];
        size_t length = strcspn(text, ",");
        if (length >= sizeof size)
            return FAIL(ERR_USAGE, "'%s' is no list of networks", text);
        snprintf(size, sizeof size, "%.*s", (int)length, text);
        TRY(measure_size(report, bench, size, batches));
        text += length + (text[length] == ',');
    }
    return bench_report_note(report, "threads", (double)bench->session->threads, "");
}

enum status bench_network_sizes(struct bench_report *report, struct session *session,
                                enum network_use use, bench_network_batches batches)
{
    struct sizes_bench bench = {.session = session, .use = use};
    bench.seconds =
        arguments_real(session->arguments, "seconds", 1) / (double)bench_report_turns(report);
    enum status status = measure(report, &bench, batches);
    ceiling_destroy(bench.ceiling);
    return status;
}
