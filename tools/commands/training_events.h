/* SPDX-License-Identifier: Apache-2.0
 *
 * What `train --tensorboard` writes: the lines that a training adds to metrics.jsonl and
 * timing.jsonl, as they come, to an event file beside them (event_file.h). Names are KIND/NUMBER:
 * training/loss, validation/loss, timing/samples_per_second. Event files carry the time of day, so
 * they are not among the results that are the same bytes when repeated. */
#pragma once

#include "error.h"

#include <stdint.h>

struct training_events;

/* Before the training begins or goes on in `folder`, which is kept. ERR_IO, ERR_DATA, ERR_MEMORY.
 */
enum status training_events_open(struct training_events **out, const char *folder);

/* Takes in the new lines. `first`: the step at which this call of the program began; lines up to it
 * are in earlier event files, when there are any. */
enum status training_events_follow(struct training_events *events, int64_t first);

/* Accepts NULL. */
void training_events_close(struct training_events *events);
