/* SPDX-License-Identifier: Apache-2.0
 *
 * Charts of lines, drawn by gnuplot: STEM.svg, STEM.png and, beside them, the figures they show,
 * STEM.csv. Texts come out as they are, whatever characters they hold. Fields are drawn by
 * picture.h. */
#pragma once

#include "error.h"

#include <stdint.h>

enum chart_axis { CHART_LINEAR, CHART_LOG };

enum chart_style {
    CHART_LINE,      /* marks too where there are 40 points at most */
    CHART_MARKS,     /* marks only */
    CHART_THIN,      /* a thin line without marks: what is noisy, behind another of its colour */
    CHART_REFERENCE, /* thin grey dashes: a rival, a limit, a target */
};

/* `count` points; what is not finite (or not positive on a logarithmic axis) leaves a gap. low and
 * high, both or neither: a band around y, such as the spread over cases. All borrowed. */
struct chart_series {
    const char *name; /* NULL or "": not in the key */
    enum chart_style style;
    int64_t count;
    const double *x, *y, *low, *high;
    int colour; /* 1, 2, ...: that of the list, for lines that belong together; 0: the next */
};

struct chart {
    const char *title;             /* NULL: none */
    const char *x_label, *y_label; /* with units: "time t U / D", "relative error" */
    enum chart_axis x_axis, y_axis;
    double x_low, x_high, y_low, y_high; /* ranges; low == high: chosen */
    const struct chart_series *series;
    int64_t series_count; /* colours, dashes and marks repeat after 8 */
    double width,
        height; /* CSS pixels; 0: 660 and what the key needs, 420; the PNG has twice as many */
};

/* Writes STEM.csv (columns series, x, y, low, high; empty cells for what is not finite), then
 * STEM.svg and STEM.png, each atomically. The same chart gives the same SVG bytes under the same
 * gnuplot. ERR_UNSUPPORTED when there is no gnuplot (STEM.csv is then there); ERR_IO; ERR_INTERNAL
 * with gnuplot's own words when it refuses; ERR_MEMORY. */
enum status chart_write(const char *stem, const struct chart *chart);
