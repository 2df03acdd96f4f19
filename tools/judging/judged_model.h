/* SPDX-License-Identifier: Apache-2.0
 *
 * The forecasters that commands line up: persistence, trained networks, the solver at several
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

enum { JUDGED_MODEL_NETWORKS = 8 };

struct judged_model {
    struct backend *backend;
    struct model *models[JUDGED_MODEL_NETWORKS];
    char digests[JUDGED_MODEL_NETWORKS][DIGEST_SIZE]; /* of the model files */
    int64_t model_count;
    struct evaluation_entry entries[EVALUATION_ENTRIES];
    int64_t count;
};

/* Persistence and a backend for networks. Costs are compared on one thread for all: a small lattice
 * gains nothing from more, and many cases are computed one a thread, by whatever means. */
enum status judged_model_open(struct judged_model *out, const struct session *session, int threads);
void judged_model_close(struct judged_model *judged);

/* Adds a network; `name` NULL: "network". ERR_DATA as model_load. */
enum status judged_model_add_network(struct judged_model *judged, const char *path,
                                     const char *name);

/* The forecaster of network `index`. Borrowed. */
struct forecaster *judged_model_network(const struct judged_model *judged, int64_t index);

/* Frames that every network can begin with: FORECASTER_INPUT_FRAMES, or more. */
int64_t judged_model_input_frames(const struct judged_model *judged);

/* Adds the solver at the refinements of evaluate.rivals that are coarser than the truth (what is
 * not would be judged by less than itself), drawing its cases from `book`, which is kept; must
 * outlive. */
enum status judged_model_add_rivals(struct judged_model *judged, const struct session *session,
                                    struct case_book *book, int64_t truth_refine);
