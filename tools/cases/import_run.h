/* SPDX-License-Identifier: Apache-2.0
 *
 * The two passes of an import: every file is looked at and its first trajectory converted before
 * anything is written; then all trajectories become cases of a dataset. A file that is refused, and
 * one that fails half-way, is told and the others go on. */
#pragma once

#include "dataset_writer.h"
#include "error.h"
#include "foreign_convert.h"
#include "foreign_reader.h"
#include "import_sources.h"

#include <stdint.h>

/* How the configuration of an imported dataset begins. */
#define IMPORT_RUN_MARK "imported:"

struct import_run {
    /* set by the caller */
    struct foreign_reader_options reader;
    struct foreign_convert_options convert;
    const enum split *split; /* of all cases; NULL: by folder, else every fifth is validation */
    const char *name;        /* of the dataset; NULL: the first file's */
    struct import_sources sources;
    /* found by look */
    struct foreign_facts facts; /* that all files share */
    int64_t cases;
    int64_t refused; /* files */
};

/* The first pass. ERR_DATA when no file can be read, with the reason of the only or first one;
 * ERR_USAGE where an option has to say what a file does not. */
enum status import_run_look(struct import_run *run);

/* The configuration for the manifest: where the cases came from. Free with free(). */
enum status import_run_describe(char **out, const struct import_run *run);

/* The second pass, into a writer made for the sizes in run->facts and run->cases. */
enum status import_run_write(struct import_run *run, struct dataset_writer *writer);

/* A name for the dataset that its files may have. */
void import_run_name(char *out, size_t size, const struct import_run *run);
