/* SPDX-License-Identifier: Apache-2.0
 *
 * How an evaluation was made, in words: the facts at the foot of its page, and the line that goes
 * with its scores wherever they are shown. */
#pragma once

#include "dataset.h"
#include "evaluation.h"
#include "evaluation_page.h"
#include "judged_model.h"

#include <stddef.h>
#include <stdint.h>

/* What the scores belong to. All borrowed. */
struct evaluation_scope {
    const struct evaluation *evaluation;
    const struct judged_model *judged;
    const struct dataset *dataset;
    enum split split;
    int64_t truth_refine, cases;
};

/* One line: how costs were measured, and of which truth, cases and starts the scores are. */
void evaluation_facts_scope(char *out, size_t size, const struct evaluation_scope *scope);

/* The texts that the page's facts point to. */
enum { EVALUATION_FACTS_TEXT = 256 };
struct evaluation_facts {
    char texts[EVALUATION_PAGE_FACTS][EVALUATION_FACTS_TEXT];
};
void evaluation_facts_add(struct evaluation_page *page, struct evaluation_facts *facts,
                          const struct evaluation_scope *scope);
