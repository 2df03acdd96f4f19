/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the loader and of what fills ahead of it share: the dataset, made anew for
 * every test, and the options that are usual. For one test program each. */
#pragma once

#include "loader.h"
#include "synthetic_dataset.h"
#include "temporary_folder.h"

static struct dataset *dataset;

static void set_up(void)
{
    temporary_folder_create();
    dataset = synthetic_dataset(temporary_folder_path("data"), 0);
}

static void tear_down(void)
{
    dataset_close(dataset);
    temporary_folder_remove();
}

/* Of batches of `n` windows. */
#define LOADER_FIXTURE_SHAPE(n)                                                                    \
    {                                                                                              \
        .windows = (n), .window = {3, 3, 1}, .channels = NORMALISATION_CHANNELS,                   \
        .nx = SYNTHETIC_NX, .ny = SYNTHETIC_NY                                                     \
    }

enum { BATCH = 7, SAMPLES = SYNTHETIC_TRAIN * SYNTHETIC_WINDOWS };

/* Of the usual options but for the shards that are mixed. */
#define LOADER_FIXTURE_OPTIONS(shards)                                                             \
    {                                                                                              \
        .window = {3, 3, 1}, .case_frames = SYNTHETIC_FRAMES, .buffer_shards = (shards),           \
        .seed = 5, .flips = LOADER_FLIPS, .normalisation = {{0.1, 0.1, 0.2}, 0},                   \
    }
