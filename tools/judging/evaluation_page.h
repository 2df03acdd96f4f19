/* SPDX-License-Identifier: Apache-2.0
 *
 * What an evaluation leaves in its folder for people: charts, pictures, report.html. */
#pragma once

#include "error.h"
#include "evaluation.h"
#include "flow_figures.h"
#include "report.h"

#include <stdint.h>

enum { EVALUATION_PAGE_FACTS = 32, EVALUATION_PAGE_ANIMATIONS = 4 };

struct evaluation_page {
    const char *folder;
    const struct evaluation *evaluation;
    struct case_book *book; /* of its dataset, for the outlines of bodies */
    const char *title, *subtitle;
    const char *scope;           /* what the scores belong to, in a line */
    enum flow_figures_rows rows; /* of the pictures */
    struct report_fact facts[EVALUATION_PAGE_FACTS];
    int64_t fact_count;
    const char *animations[EVALUATION_PAGE_ANIMATIONS]; /* GIF files in the folder's figures */
    int64_t animation_count;
    const char *config; /* YAML, printed as it is */
};

/* Writes figures/error.*, figures/vorticity.*, figures/energy.*, figures/flow-N.png and
 * report.html. Without gnuplot the charts are missing and the page says so. */
enum status evaluation_page_write(const struct evaluation_page *page);
