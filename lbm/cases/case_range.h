/* SPDX-License-Identifier: Apache-2.0
 *
 * One number of a case from its range and a uniform number; internal to this room. Only IEEE
 * operations and exact_math, for the numbers reach frames. */
#pragma once

#include "case_draw.h"
#include "error.h"

#include <stdint.h>

/* ERR_CONFIG when empty, reversed or not finite; `what` names it. */
enum status case_range_check(const struct case_draw_range *range, const char *what);

/* u in [0, 1) to a value of the range. */
double case_range_value(const struct case_draw_range *range, double u);
int64_t case_range_integer(const struct case_draw_range *range, double u);

/* The least and the greatest value; OPEN: the greatest is never drawn. */
struct case_range_span {
    double low, high;
    enum case_range_end { CASE_RANGE_CLOSED, CASE_RANGE_OPEN } end;
};

void case_range_get_span(struct case_range_span *out, const struct case_draw_range *range);

/* Widens `span` to hold `more` too. */
void case_range_join(struct case_range_span *span, const struct case_range_span *more);

/* Does it lie above or below the other one, with no value in common? */
int case_range_is_outside(const struct case_range_span *span, const struct case_range_span *other);

/* The range of the whole numbers that case_range_integer gives. */
void case_range_make_whole(struct case_draw_range *range);

/* Can both give the same value? */
int case_range_overlap(const struct case_draw_range *a, const struct case_draw_range *b);

enum case_range_side { CASE_RANGE_OUTSIDE_GAPS, CASE_RANGE_INSIDE_GAPS };

/* The same for a range of which only the part outside (or inside) the gaps [low, high) may be
 * drawn; ascending, without overlap. ERR_CONFIG when nothing is left. */
enum status case_range_gapped(double *out, const struct case_draw_range *range,
                              const double gaps[][2], int64_t gap_count, enum case_range_side side,
                              double u);

/* The span of what case_range_gapped draws. */
enum status case_range_gapped_span(struct case_range_span *out, const struct case_draw_range *range,
                                   const double gaps[][2], int64_t gap_count,
                                   enum case_range_side side);
