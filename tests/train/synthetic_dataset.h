/* SPDX-License-Identifier: Apache-2.0
 *
 * A dataset of analytic wakes, small enough to train on within a test: waves that travel downstream
 * past a small body, each case with its own phase, wavelength and strength, a period of 6 frames,
 * dying out slowly.
 * For tests only. */
#pragma once

#include "case_record.h"
#include "dataset.h"
#include "dataset_writer.h"
#include "philox.h"

#include <criterion/criterion.h>
#include <math.h>

enum {
    SYNTHETIC_NX = 16,
    SYNTHETIC_NY = 16,
    SYNTHETIC_CELLS = SYNTHETIC_NX * SYNTHETIC_NY,
    SYNTHETIC_SIZE = FRAME_FIELDS * SYNTHETIC_CELLS,
    SYNTHETIC_FRAMES = 14,
    SYNTHETIC_WINDOWS = SYNTHETIC_FRAMES - 5, /* of a case, for 3 + 3 frames */
    SYNTHETIC_TRAIN = 12,
    SYNTHETIC_VALIDATION = 3,
    SYNTHETIC_TEST = 2,
    SYNTHETIC_CASES = SYNTHETIC_TRAIN + SYNTHETIC_VALIDATION + SYNTHETIC_TEST,
    SYNTHETIC_PERIOD = 6
};

static int synthetic_spoil; /* 1: a value of the first case is not a number */

static inline enum split synthetic_split(int64_t number)
{
    return number % 6 == 2              ? SPLIT_VALIDATION
           : number == 4 || number == 9 ? SPLIT_TEST_BODY
                                        : SPLIT_TRAIN;
}

/* Frame t of case `number`. */
static inline void synthetic_frame(float *values, const float *sdf, int64_t number, int64_t t,
                                   double speed)
{
    double phase = philox_uniform(3, PHILOX_STREAM_TEST, (uint64_t)(3 * number));
    double length = 9.0 + 4.0 * philox_uniform(3, PHILOX_STREAM_TEST, (uint64_t)(3 * number + 1));
    double strength = 0.2 + 0.2 * philox_uniform(3, PHILOX_STREAM_TEST, (uint64_t)(3 * number + 2));
    strength *= 1.0 - 0.01 * (double)t; /* so that no two windows are the same */
    for (int i = 0; i < SYNTHETIC_CELLS; i++) {
        double x = i / SYNTHETIC_NY, y = (i % SYNTHETIC_NY - 7.5) / 7.5;
        double wave = 6.283185307179586 * (x / length - (double)t / SYNTHETIC_PERIOD + phase);
        int body = sdf[i] < 0.0F;
        double uy = strength * speed * (1.0 - y * y) * sin(wave);
        double ux = speed * (1.0 + 0.5 * strength * y * cos(wave));
        double rho = 1.0 + 3.0 * speed * speed * 0.3 * strength * (1.0 - y * y) * cos(wave);
        values[i] = (float)(body ? 1.0 : rho);
        values[SYNTHETIC_CELLS + i] = (float)(body ? 0.0 : ux);
        values[2 * SYNTHETIC_CELLS + i] = (float)(body ? 0.0 : uy);
    }
}

static inline struct case_record *synthetic_case(int64_t number)
{
    struct case_record *record = NULL;
    struct flow flow = {.family = "circle",
                        .index = number,
                        .nx = SYNTHETIC_NX,
                        .ny = SYNTHETIC_NY,
                        .refine = 1,
                        .frame_interval = 100,
                        .reynolds = 100.0 + (double)number,
                        .speed = 0.1,
                        .length = 3.0,
                        .viscosity = 0.003,
                        .tau = 0.509,
                        .blockage = 0.2,
                        .x = 4.0,
                        .y = 8.0,
                        .size = 3.0};
    float sdf[SYNTHETIC_CELLS], values[SYNTHETIC_SIZE];
    double forces[200] = {0.0};
    for (int i = 0; i < SYNTHETIC_CELLS; i++)
        sdf[i] = (float)(hypot(i / SYNTHETIC_NY + 0.5 - 4.0, i % SYNTHETIC_NY + 0.5 - 8.0) - 1.5);
    cr_assert_eq(case_record_create(&record, SYNTHETIC_NX, SYNTHETIC_NY, SYNTHETIC_FRAMES,
                                    CASE_RECORD_DROP_STARTS),
                 OK);
    cr_assert_eq(record->sink.ops->begin(&record->sink, &flow, sdf), OK);
    for (int64_t t = 0; t < SYNTHETIC_FRAMES; t++) {
        struct frame frame = {
            .index = t, .values = values, .forces = forces, .steps = t == 0 ? 0 : 100};
        synthetic_frame(values, sdf, number, t, flow.speed);
        cr_assert_eq(record->sink.ops->frame(&record->sink, &frame), OK);
    }
    return record;
}

/* Writes the dataset into `folder` and opens it; shards of about four cases. `seed` 0, or another
 * for a dataset that differs in the frames of its first case. */
static inline struct dataset *synthetic_dataset(const char *folder, uint64_t seed)
{
    struct dataset_writer *writer = NULL;
    struct dataset *dataset = NULL;
    struct dataset_writer_options options = {
        .folder = folder,
        .name = "synthetic",
        .config = "dataset: synthetic\n",
        .version = "0",
        .seed = seed,
        .cases = SYNTHETIC_CASES,
        .nx = SYNTHETIC_NX,
        .ny = SYNTHETIC_NY,
        .frames = SYNTHETIC_FRAMES,
        .frame_interval = 100,
        .refine = 1,
        .shard_bytes = 4 * SYNTHETIC_FRAMES * (SYNTHETIC_SIZE * (int64_t)sizeof(float) + 2000),
        .edge = "slip",
    };
    cr_assert_eq(dataset_writer_create(&writer, &options), OK, "%s", error_message());
    for (int64_t c = 0; c < SYNTHETIC_CASES; c++) {
        struct case_record *record = synthetic_case(c);
        if (c == 0)
            record->values[SYNTHETIC_CELLS] += synthetic_spoil ? NAN : 0.001F * (float)seed;
        cr_assert_eq(dataset_writer_append(writer, record, synthetic_split(c), NULL), OK, "%s",
                     error_message());
        case_record_destroy(record);
    }
    cr_assert_eq(dataset_writer_finish(writer, NULL), OK, "%s", error_message());
    dataset_writer_destroy(writer);
    cr_assert_eq(dataset_open(&dataset, folder), OK, "%s", error_message());
    return dataset;
}
