/* SPDX-License-Identifier: Apache-2.0
 *
 * The forecasters that commands line up: persistence, a trained network, the solver at several
 * refinements; created together, destroyed together. */
#pragma once

#include "backend.h"
#include "case_book.h"
#include "digest.h"
#include "error.h"
#include "evaluation.h"
#include "model.h"
#include "session.h"

#include <stdint.h>

struct judged_model {
    struct backend *backend;
    struct model *model;
    char digest[DIGEST_SIZE]; /* of the model file */
    struct evaluation_entry entries[EVALUATION_ENTRIES];
    int64_t count;
    int64_t network; /* entry of the network */
};

/* Loads the model and creates persistence and network. ERR_DATA as model_load. Costs are compared
 * on one thread for all: a small lattice gains nothing from more, and many cases are computed one a
 * thread, by whatever means. */
enum status judged_model_open(struct judged_model *out, const struct session *session,
                              const char *path, int threads);
void judged_model_close(struct judged_model *judged);

/* Adds the solver at the refinements of evaluate.rivals, drawing its cases from `book`, which is
 * kept; must outlive. */
enum status judged_model_add_rivals(struct judged_model *judged, const struct session *session,
                                    struct case_book *book);
