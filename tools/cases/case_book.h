/* SPDX-License-Identifier: Apache-2.0
 *
 * The cases behind a dataset: its own configuration read again, so that case k can be drawn anew
 * at any refinement. For truths that are recomputed and for solver rivals. */
#pragma once

#include "case_draw.h"
#include "config.h"
#include "dataset.h"
#include "error.h"
#include "flow_case.h"
#include "frames.h"
#include "settings_outlines.h"

struct case_book {
    struct config *config;
    struct case_draw_plan plan;
    struct settings_outlines outlines; /* which the plan borrows */
};

/* ERR_DATA when the manifest's configuration is not one of this program. */
enum status case_book_open(struct case_book *out, const struct dataset *dataset);
void case_book_close(struct case_book *book);

/* For struct solver_forecaster_options, with the book as context: the case of flow->index. */
enum status case_book_find(void *book, struct flow_case *out, const struct flow *flow);

/* The numbers of the finished cases of a split, in order; free with array_free. ERR_CONFIG when
 * there is none. */
enum status case_book_list(int64_t **out, int64_t *count, const struct dataset *dataset,
                           enum split split);
