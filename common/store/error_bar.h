/* SPDX-License-Identifier: Apache-2.0
 *
 * A dataset's own error bar: some of its cases computed again at other refinements, and how far
 * those runs are from the frames that the dataset holds. Which cases, which refinements, the
 * numbers and their spread over cases; it runs no solver and writes no file (manifest_error_bar.h
 * does).
 *
 * Relative errors have the dataset's own frames in the denominator. They contain phase: a wake
 * whose Strouhal number differs by little drifts away from the dataset's, and then late frames
 * differ by much. The forces' differences do not know phases. */
#pragma once

#include "case_compare.h"
#include "case_record.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum { ERROR_BAR_REFINEMENTS = 2, ERROR_BAR_REASON = 256 };

/* Where an error counts as large. */
#define ERROR_BAR_LIMIT 0.05

/* One case at one other refinement. */
struct error_bar_run {
    int64_t case_index, refine;
    char reason[ERROR_BAR_REASON];    /* why there are no numbers (refused, diverged), else "" */
    int64_t frames;                   /* 0 without numbers */
    double *velocity, *density;       /* [frames] case_compare_frames; one block, owned */
    struct case_compare_forces again; /* of this run */
    struct case_compare_forces difference; /* this run's minus the dataset's */
};

struct error_bar {
    int64_t cases; /* wanted: the runs are of this many, some may be still to come */
    struct error_bar_run *runs;
    size_t run_count, run_capacity;
};

void error_bar_run_fini(struct error_bar_run *run);
enum status error_bar_create(struct error_bar **out, int64_t cases);
void error_bar_destroy(struct error_bar *bar);

/* Takes what the run owns and empties it, on failure too. Runs stand by case and refinement,
 * whatever order they come in. */
enum status error_bar_add(struct error_bar *bar, struct error_bar_run *run);
const struct error_bar_run *error_bar_find(const struct error_bar *bar, int64_t case_index,
                                           int64_t refine);

/* Forgets all runs but those of these cases and refinements. */
void error_bar_keep(struct error_bar *bar, const int64_t *cases, int64_t case_count,
                    const int64_t *refinements, int64_t refinement_count);

/* `wanted` (at most `count`) of the cases listed, spread evenly: out[i] = cases[(2 i + 1) count /
 * (2 wanted)]. */
void error_bar_select(int64_t *out, int64_t wanted, const int64_t *cases, int64_t count);

/* What refinement r is compared with: r / 2 (rounded down; none at r = 1) and 2 r (none where that
 * is above the solver's `most`). Returns how many there are. */
int64_t error_bar_refinements(int64_t out[ERROR_BAR_REFINEMENTS], int64_t refine, int64_t most);

/* The numbers of a run from both records. `again` that failed leaves its reason. ERR_DATA when the
 * two are not of one case. */
enum status error_bar_measure(struct error_bar_run *out, const struct case_record *again,
                              const struct case_record *own);

/* The first frame whose velocity error is above ERROR_BAR_LIMIT, -1: none. */
int64_t error_bar_passes(const struct error_bar_run *run);

/* ---- over cases ---- */

enum error_bar_quantity {
    ERROR_BAR_VELOCITY, /* of one frame */
    ERROR_BAR_DENSITY,
    ERROR_BAR_DRAG, /* |difference| of mean Cd, rms Cl, St; `frame` is not used */
    ERROR_BAR_LIFT,
    ERROR_BAR_STROUHAL
};

struct error_bar_spread {
    int64_t count; /* runs that have a number */
    double median, least, most;
};

/* Over the runs at a refinement; not a number where count is 0. ERR_MEMORY. */
enum status error_bar_spread_of(struct error_bar_spread *out, const struct error_bar *bar,
                                int64_t refine, enum error_bar_quantity quantity, int64_t frame);

/* The refinements that runs have, ascending; returns how many (at most `capacity`). */
int64_t error_bar_list_refinements(int64_t *out, int64_t capacity, const struct error_bar *bar);
