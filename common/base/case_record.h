/* SPDX-License-Identifier: Apache-2.0
 *
 * One whole case in memory: what an ensemble hands to the dataset writer and a dataset reader hands
 * back. It is a frame_sink itself, so a solver can fill it. */
#pragma once

#include "error.h"
#include "frame_sink.h"
#include "frames.h"
#include "refusal.h"

#include <stddef.h>
#include <stdint.h>

/* Where a case broke down, on the canvas: steps since rest; the cell's centre (below 0 in the
 * entry, beyond nx in the sponge). Not a number where that is unknown, or nothing failed. */
struct case_failure {
    double step, x, y;
};

struct case_record {
    struct frame_sink sink; /* first member: the record takes frames */
    struct flow flow;
    int64_t frames;      /* held */
    int64_t capacity;    /* frames there is room for */
    float *sdf;          /* [nx][ny] */
    unsigned char *mask; /* [nx][ny], 1 in bodies */
    float *values;       /* [frames][FRAME_FIELDS][nx][ny] */
    double *drag, *lift; /* [frames] means over each interval */
    double *forces;      /* [force_steps][2]: Cd, Cl of every solver step after frame 0 */
    int64_t force_steps;
    size_t force_capacity;
    struct start_state **starts; /* [start_count]; owned */
    int64_t start_count;
    size_t start_capacity;
    struct refusals refused; /* draws that were, before this case */
    enum status status;      /* OK, or why the case failed (ERR_NUMERIC ...) */
    char reason[256];        /* "" when it did not */
    struct case_failure failure;
};

enum case_record_starts { CASE_RECORD_DROP_STARTS, CASE_RECORD_KEEP_STARTS };

/* Room for `capacity` frames of an nx x ny canvas. */
enum status case_record_create(struct case_record **out, int64_t nx, int64_t ny, int64_t capacity,
                               enum case_record_starts starts);
void case_record_destroy(struct case_record *record);

/* Empties the record for another case of the same canvas; memory is kept. */
void case_record_clear(struct case_record *record);

/* values of frame t, [FRAME_FIELDS][nx][ny]. Borrowed. */
static inline float *case_record_frame(const struct case_record *record, int64_t t)
{
    return record->values + t * FRAME_FIELDS * frames_cells(&record->flow);
}
