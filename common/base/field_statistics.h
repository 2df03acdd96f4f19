/* SPDX-License-Identifier: Apache-2.0
 *
 * Mean, root mean square and extremes of the fields of cases over fluid cells, and of their force
 * coefficients. What is not finite is counted apart and spoils nothing. Sums have a fixed order:
 * the same cases in the same order give the same bits. */
#pragma once

#include "case_record.h"

#include <stdint.h>

enum field_statistics_row {
    FIELD_STATISTICS_DENSITY, /* the first three in the order of enum frame_field */
    FIELD_STATISTICS_UX,
    FIELD_STATISTICS_UY,
    FIELD_STATISTICS_DRAG, /* Cd and Cl of frames */
    FIELD_STATISTICS_LIFT,
    FIELD_STATISTICS_ROWS
};

/* Of one quantity. Before the first value {0}. */
struct field_statistics {
    int64_t count, not_finite;
    double mean, least, most;
    double squares; /* sum of squared departures from the mean */
};

/* "density", "ux", "uy", "Cd", "Cl". */
const char *field_statistics_name(enum field_statistics_row row);

/* Adds the values whose mask (may be NULL) is 0. */
void field_statistics_add(struct field_statistics *out, const float *values,
                          const unsigned char *mask, int64_t count);
void field_statistics_add_doubles(struct field_statistics *out, const double *values,
                                  int64_t count);

/* Adds all frames of a case. rows: [FIELD_STATISTICS_ROWS]. */
void field_statistics_add_case(struct field_statistics *rows, const struct case_record *record);

/* As if the values of both had been added to one. */
void field_statistics_merge(struct field_statistics *out, const struct field_statistics *other);

/* Standard deviation and root mean square; not a number without values. */
double field_statistics_deviation(const struct field_statistics *statistics);
double field_statistics_rms(const struct field_statistics *statistics);
