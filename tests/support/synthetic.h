/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases that no solver made, and datasets of them: every value is a function of the case's number,
 * so that any reader can be asked for the right answer. For tests only. */
#pragma once

#include "array.h"
#include "case_record.h"
#include "dataset_writer.h"
#include "philox.h"
#include "start_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYNTHETIC_FAILED = 2, SYNTHETIC_FIRST_TEST = 4 };

static inline float synthetic_value(int64_t number, int64_t place)
{
    return (float)(philox_uniform(1, PHILOX_STREAM_TEST, (uint64_t)(number * 1000003 + place)) -
                   0.5);
}

static inline void synthetic_describe(struct flow *flow, int64_t number,
                                      const struct dataset_writer_options *options)
{
    static const char *const families[] = {"circle", "rectangle", "circle+ellipse"};
    *flow = (struct flow){.index = number,
                          .nx = options->nx,
                          .ny = options->ny,
                          .refine = options->refine,
                          .frame_interval = options->frame_interval,
                          .first_step = 1000 + number,
                          .reynolds = 100.0 + (double)number / 3.0,
                          .speed = 0.1,
                          .length = 12.0 + (double)number / 7.0,
                          .viscosity = 0.012,
                          .tau = 0.536,
                          .blockage = 0.1875,
                          .angle = (double)number,
                          .x = 18.5,
                          .y = 32.25,
                          .size = 12.0};
    snprintf(flow->family, sizeof flow->family, "%s", families[number % 3]);
}

static inline enum status synthetic_add_start(struct case_record *record, int64_t number)
{
    enum status status = OK;
    struct start_state *state = NULL;
    TRY_GOTO(start_state_create(&state, 10, 6), cleanup);
    state->case_index = number;
    state->frame = 2 + record->start_count;
    state->refine = record->flow.refine;
    state->entry = 3;
    state->outlet_rho = 1.0 + 1e-9 * (double)number;
    for (int64_t i = 0; i < START_FIELDS * 60; i++)
        state->values[i] = synthetic_value(number, 500000 + i + 1000 * record->start_count);
    for (int64_t i = 0; i < 60; i++)
        state->solid[i] = i % 7 == 0;
    TRY_GOTO(record->sink.ops->start(&record->sink, state), cleanup);
cleanup:
    start_state_destroy(state);
    return status;
}

/* Case `number`; tests cases carry two start states. */
static inline enum status synthetic_fill(struct case_record *record, int64_t number,
                                         const struct dataset_writer_options *options)
{
    enum status status = OK;
    struct flow flow;
    const int64_t cells = options->nx * options->ny;
    const int64_t steps = options->frame_interval * options->refine;
    float *values = NULL;
    double *forces = NULL;
    synthetic_describe(&flow, number, options);
    TRY_GOTO(ARRAY_NEW(values, FRAME_FIELDS * cells), cleanup);
    TRY_GOTO(ARRAY_NEW(forces, 2 * steps), cleanup);
    for (int64_t i = 0; i < cells; i++)
        values[i] = synthetic_value(number, i);
    TRY_GOTO(record->sink.ops->begin(&record->sink, &flow, values), cleanup);
    for (int64_t t = 0; t < options->frames; t++) {
        for (int64_t i = 0; i < FRAME_FIELDS * cells; i++)
            values[i] = synthetic_value(number, (t + 1) * 10000 + i);
        for (int64_t i = 0; i < 2 * steps; i++)
            forces[i] = (double)number + (double)(t * 2 * steps + i) / 3.0;
        struct frame frame = {
            t, values, 1.25 + (double)t, -0.5 * (double)number, forces, t == 0 ? 0 : steps};
        TRY_GOTO(record->sink.ops->frame(&record->sink, &frame), cleanup);
    }
    for (int i = 0; number >= SYNTHETIC_FIRST_TEST && i < 2; i++)
        TRY_GOTO(synthetic_add_start(record, number), cleanup);
cleanup:
    array_free(values);
    array_free(forces);
    return status;
}

static inline enum split synthetic_split(int64_t number)
{
    return number < SYNTHETIC_FIRST_TEST ? (enum split)(number % 2) : (enum split)(2 + number % 2);
}

/* Appends the cases from where the writer stands to `end`; number SYNTHETIC_FAILED has failed. */
static inline enum status synthetic_append(struct dataset_writer *writer,
                                           const struct dataset_writer_options *options,
                                           int64_t end)
{
    enum status status = OK;
    struct case_record *record = NULL;
    TRY_GOTO(case_record_create(&record, options->nx, options->ny, options->frames,
                                CASE_RECORD_KEEP_STARTS),
             cleanup);
    for (int64_t number = dataset_writer_next(writer); number < end; number++) {
        TRY_GOTO(synthetic_fill(record, number, options), cleanup);
        if (number == SYNTHETIC_FAILED) {
            record->status = ERR_NUMERIC;
            snprintf(record->reason, sizeof record->reason, "cell (3, 4) at step 7: not finite");
            record->failure = (struct case_failure){7, 3.5, 4.5};
        }
        struct refusals refused = {{0}};
        refused.counts[number % REFUSAL_COUNT] = number % 3;
        TRY_GOTO(dataset_writer_append(writer, record, synthetic_split(number), &refused), cleanup);
    }
cleanup:
    case_record_destroy(record);
    return status;
}

/* A small dataset: shards of few cases. */
static inline struct dataset_writer_options synthetic_options(const char *folder)
{
    return (struct dataset_writer_options){.folder = folder,
                                           .name = "small",
                                           .config = "seed: 1\ncases: 9\n",
                                           .version = "0.0-test",
                                           .seed = UINT64_MAX - 1,
                                           .cases = 9,
                                           .nx = 12,
                                           .ny = 8,
                                           .frames = 7,
                                           .frame_interval = 5,
                                           .refine = 2,
                                           .shard_bytes = 110000,
                                           .edge = "slip"};
}

static inline enum status synthetic_write(const struct dataset_writer_options *options,
                                          char content_digest[DIGEST_SIZE])
{
    enum status status = OK;
    struct dataset_writer *writer = NULL;
    TRY_GOTO(dataset_writer_create(&writer, options), cleanup);
    TRY_GOTO(synthetic_append(writer, options, options->cases), cleanup);
    TRY_GOTO(dataset_writer_finish(writer, content_digest), cleanup);
cleanup:
    dataset_writer_destroy(writer);
    return status;
}
