/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over a whole dataset, a shard in memory at a time: digests of files and contents, the
 * data checks, statistics per split, and the facts of every case for distributions. Goes on behind
 * a file that is bad and names all of them. Changes nothing. */
#pragma once

#include "case_compare.h"
#include "data_checks.h"
#include "dataset.h"
#include "error.h"
#include "field_statistics.h"
#include "stop.h"

#include <stddef.h>
#include <stdint.h>

/* A finished case. */
struct dataset_survey_case {
    struct flow flow;
    enum split split;
    int64_t shard, starts;
    struct case_compare_forces forces; /* over the second half of its force series */
};

/* What a dataset_survey_make found wrong with a file or a content. */
struct dataset_survey_damage {
    char message[768];
};

enum { DATASET_SURVEY_DAMAGES = 64 };

struct dataset_survey {
    struct field_statistics splits[SPLIT_COUNT][FIELD_STATISTICS_ROWS];
    struct field_statistics all[FIELD_STATISTICS_ROWS];
    struct data_findings findings;
    struct dataset_survey_case *cases;     /* [case_count], in order of their number, facts unless
                                              digests alone were looked at; owned */
    int64_t case_count;                    /* read */
    struct dataset_survey_damage *damages; /* the first DATASET_SURVEY_DAMAGES; owned */
    int64_t damage_count;                  /* all of them */
    int64_t starts;                        /* start states, all verified */
};

enum dataset_survey_depth {
    DATASET_SURVEY_ALL,
    DATASET_SURVEY_DIGESTS /* of files and contents, and nothing else */
};

struct dataset_survey_options {
    enum dataset_survey_depth depth;
    const struct stop *stop; /* may be NULL */
    /* may be NULL: called after every shard */
    void (*progress)(void *context, int64_t done, int64_t shards);
    void *context;
};

/* `out` is empty ({0} will do) and needs dataset_survey_fini in any case. A bad digest is a damage,
 * not a failure: ERR_IO, ERR_MEMORY, ERR_STOPPED. */
enum status dataset_survey_make(struct dataset_survey *out, const struct dataset *dataset,
                                const struct dataset_survey_options *options);
void dataset_survey_fini(struct dataset_survey *survey);
