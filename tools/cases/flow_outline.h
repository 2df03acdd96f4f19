/* SPDX-License-Identifier: Apache-2.0
 *
 * The exact outlines of a flow's bodies, for pictures: a distance on the canvas cuts off their
 * corners. They are known where the flow's case is. Draws nothing. */
#pragma once

#include "case_book.h"
#include "dataset.h"
#include "error.h"
#include "flow_case.h"
#include "frames.h"
#include "picture.h"

struct flow_outline {
    struct picture_outlines shown; /* none: not known */
    double *owned[FLOW_CASE_BODIES];
};

/* Of a case that flow_case_check accepts; starts from {0}. ERR_CONFIG as body_create; ERR_MEMORY.
 */
enum status flow_outline_make(struct flow_outline *out, const struct flow_case *flow_case);

/* Of a flow of the dataset that the book is of: its case is drawn again. Left empty where that is
 * not possible or gives another flow, as for the frames that `forecast` leaves. */
void flow_outline_find(struct flow_outline *out, struct case_book *book, const struct flow *flow);

/* The same where only the dataset is at hand. */
void flow_outline_look_up(struct flow_outline *out, const struct dataset *dataset,
                          const struct flow *flow);

void flow_outline_fini(struct flow_outline *outline);
