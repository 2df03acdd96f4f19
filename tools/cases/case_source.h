/* SPDX-License-Identifier: Apache-2.0
 *
 * The flow a forecast begins from: a case of a dataset (--from), or a body in words or in the
 * configuration for which the solver makes the first frames. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "flow_outline.h"
#include "session.h"

#include <stdint.h>

struct case_source {
    struct case_record *record;  /* owned */
    struct flow_outline outline; /* of its bodies */
    int64_t default_start;       /* the last input frame when nothing else is said */
    int computed;                /* 1: by the solver, now */
    double seconds;              /* that took */
};

/* `frames` are needed to begin with. ERR_USAGE when --from is no FOLDER:NUMBER or
 * SHARD.h5:POSITION; ERR_DATA when there is no such case; ERR_CONFIG, ERR_NUMERIC from the solver.
 */
enum status case_source_open(struct case_source *out, struct session *session, int64_t frames);
void case_source_close(struct case_source *source);
