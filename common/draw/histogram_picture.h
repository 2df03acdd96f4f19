/* SPDX-License-Identifier: Apache-2.0
 *
 * Histograms as one page of panels: upright bars over numbers, lying bars beside words, each bar
 * stacked from groups that lightness alone tells apart. Counts come from histogram.h; nothing is
 * counted here. */
#pragma once

#include "error.h"
#include "histogram.h"

#include <stdint.h>

struct histogram_panel {
    const char *title;         /* with its unit: "D, cells" */
    struct histogram const *h; /* NULL: the place stays empty. One without bins says so */
};

struct histogram_picture {
    const char *title, *subtitle;   /* NULL: none */
    const char *const *group_names; /* [groups] of the histograms; those without a count are not in
                                       the key */
    int64_t groups;                 /* at most HISTOGRAM_PICTURE_GROUPS */
    const struct histogram_panel *panels;
    int64_t panel_count, columns;
    int zoom; /* pixels a page unit; 0: 2 */
};

enum { HISTOGRAM_PICTURE_GROUPS = 5 };

/* ERR_IO, ERR_MEMORY; ERR_CONFIG when it would be too large. */
enum status histogram_picture_write_png(const char *path, const struct histogram_picture *picture);
