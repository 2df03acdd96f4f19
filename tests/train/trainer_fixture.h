/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the trainer share: a small training, runs compared byte for byte, every switch
 * on, interruptions at random. For one test program each. */
#pragma once

#include "trainer.h"

#include "array.h"
#include "atomic_file.h"
#include "log.h"
#include "model.h"
#include "path.h"
#include "synthetic_dataset.h"
#include "temporary_folder.h"

#include <string.h>

static struct dataset *dataset;
static struct backend *backend;
static struct trainer_options options;

/* A small network on the reference backend, 12 steps of 2 windows. */
static inline void set_up(void)
{
    log_set_level(LOG_QUIET);
    temporary_folder_create();
    dataset = synthetic_dataset(temporary_folder_path("data"), 0);
    cr_assert_eq(backend_open(&backend, "ref", 1), OK);
    options = (struct trainer_options){
        .dataset = dataset,
        .backend = backend,
        .version = "0",
        .loss.weights = {1.0, 1.0},
        .schedule = {.rate = 1e-2, .floor = 0.02, .warmup = 2, .steps = 12},
        .optimizer = {.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .decay = 0.01, .clip = 1.0},
        .batch = 2,
        .parts = 1,
        .buffer_shards = 2,
        .seed = 1,
        .flips = LOADER_FLIPS,
        .log_every = 3,
        .validate_every = 4,
        .validation_windows = 4,
        .checkpoint_every = 5,
    };
    cr_assert_eq(network_spec_parse(&options.network, "C 2 / 3 * 2 + C 3"), OK);
}

static inline void tear_down(void)
{
    backend_close(backend);
    dataset_close(dataset);
    temporary_folder_remove();
}

/* Runs in the folder of that name. */
static inline enum status train(const char *name, struct trainer_result *result)
{
    char folder[PATH_SIZE];
    (void)snprintf(folder, sizeof folder, "%s", temporary_folder_path(name));
    options.folder = folder;
    enum status status = trainer_run(result, &options);
    options.folder = NULL;
    return status;
}

static inline void train_well(const char *name)
{
    struct trainer_result result;
    cr_assert_eq(train(name, &result), OK, "%s", error_message());
}

static inline unsigned char *read_file(size_t *size, const char *run, const char *name)
{
    unsigned char *bytes = NULL;
    char path[PATH_SIZE];
    cr_assert_eq(path_join(path, sizeof path, temporary_folder_path(run), name), OK);
    cr_assert_eq(atomic_file_read(&bytes, size, path, 1 << 24), OK, "%s", error_message());
    return bytes;
}

static inline int same_file(const char *run_a, const char *run_b, const char *name)
{
    size_t size_a, size_b;
    unsigned char *a = read_file(&size_a, run_a, name), *b = read_file(&size_b, run_b, name);
    int same = size_a == size_b && memcmp(a, b, size_a) == 0;
    array_free(a);
    array_free(b);
    return same;
}

static inline void expect_same_run(const char *a, const char *b)
{
    static const char *const names[] = {"model.safetensors", "metrics.jsonl",
                                        "checkpoints/last.safetensors",
                                        "checkpoints/best.safetensors"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cr_expect(same_file(a, b, names[i]), "%s differs", names[i]);
}

/* ---- every switch at once ---- */

/* Everything that a checkpoint must know of: an average with statistics of its own, noise, calls
 * that grow, parts, frozen norms. */
static inline void switch_all_on(void)
{
    options.ema = 0.9;
    options.recalibrate = 2;
    options.noise = 0.05;
    options.curriculum = (struct curriculum){2, {{4, 2}, {8, 3}}};
    options.freeze = 0.25;
    options.patience = 5;
    options.batch = 4;
    options.parts = 2;
    options.network.walls = options.network.reynolds = 1;
    options.network.input_channels = network_spec_channels(&options.network);
    options.network.target = NETWORK_TARGET_DELTA;
}

static volatile sig_atomic_t interrupt;
static struct backend_ops interrupting;
static int64_t uploads, interrupt_after;
static enum status (*true_upload)(struct backend *, struct buffer *, const float *, int64_t);

/* Uploads come with every batch, of training, of the average's statistics and of validation. */
static inline enum status upload_and_interrupt(struct backend *on, struct buffer *to,
                                               const float *from, int64_t count)
{
    if (++uploads == interrupt_after)
        interrupt = 15;
    return true_upload(on, to, from, count);
}

/* That many runs that are interrupted at random and resumed until they end: the bytes of one that
 * was not. Gives the number of pieces. */
static inline int64_t interrupt_at_random(uint64_t runs)
{
    struct stop stop = {.signal = &interrupt};
    const struct backend_ops *ops = backend->ops;
    int64_t pieces = 0;
    switch_all_on();
    interrupting = *ops;
    true_upload = ops->upload;
    interrupting.upload = upload_and_interrupt;
    backend->ops = &interrupting;
    uploads = 0;
    train_well("whole");
    int64_t most = uploads;
    cr_assert_gt(most, 100);
    options.stop = &stop;
    for (uint64_t run = 0; run < runs; run++) {
        struct trainer_result result;
        enum status status = ERR_STOPPED;
        options.begin = TRAINER_FRESH;
        for (uint64_t piece = 0; status == ERR_STOPPED; piece++, pieces++) {
            uint64_t index = 100 * run + piece;
            interrupt_after =
                1 + (int64_t)philox_below(3, PHILOX_STREAM_TEST, index, (uint64_t)most);
            uploads = 0;
            interrupt = 0;
            status = train("parts", &result);
            options.begin = TRAINER_RESUME;
        }
        cr_assert_eq(status, OK, "%s", error_message());
        expect_same_run("whole", "parts");
    }
    backend->ops = ops;
    options.stop = NULL;
    return pieces;
}
