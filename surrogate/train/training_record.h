/* SPDX-License-Identifier: Apache-2.0
 *
 * The options that decide what a training computes, as a flat JSON object: what stands in a model
 * as its training configuration, and what a resumed run is held against. Threads, device, paths and
 * limits are not in it. */
#pragma once

#include "error.h"
#include "json.h"
#include "trainer.h"

/* The text is freed with free(). `init_digest`: SHA-256 of the initial model, NULL without one. */
enum status training_record_write(char **out, const struct trainer_options *options,
                                  const char *init_digest);

/* ERR_CONFIG naming the first option in which the two texts differ, `now` against `then`; ERR_DATA
 * when `then` is no such record. The initial model is not compared: it has done its work. */
enum status training_record_compare(const char *then, const char *now);

/* Samples a step, which an automatic batch keeps when it is resumed. */
enum status training_record_batch(int64_t *out, const char *record);
