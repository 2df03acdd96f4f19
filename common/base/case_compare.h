/* SPDX-License-Identifier: Apache-2.0
 *
 * The same case computed twice, for example at two refinements: how far the frames of one are from
 * those of the other, frame by frame, and by how much their mean forces differ. Computes no flow.
 *
 * The frames tell phases too: two runs of a shedding wake whose frequencies differ by little drift
 * apart, and late frames then differ by much although both wakes are right. The forces do not know
 * phases. */
#pragma once

#include "case_record.h"
#include "error.h"
#include "force_summary.h"

#include <stdint.h>

/* Not a number: undefined (no force series, a steady wake's Strouhal number). */
struct case_compare_forces {
    double drag;     /* mean Cd */
    double lift;     /* root mean square of Cl - mean Cl */
    double strouhal; /* St */
};

/* Of one run, over the second half of its force series (force_summary.h). */
void case_compare_summarise(struct case_compare_forces *out, const struct case_record *record);

/* velocity, density: [frames], frame_error_velocity and frame_error_density of `other` against
 * `own`, whose mask says what is fluid. ERR_DATA when canvas, number of frames or frame interval
 * differ. */
enum status case_compare_frames(double *velocity, double *density, const struct case_record *other,
                                const struct case_record *own);

/* The first of `count` errors that is above `limit`, -1 when none is. What is not a number counts
 * as above. */
int64_t case_compare_passes(const double *errors, int64_t count, double limit);
