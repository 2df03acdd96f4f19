/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads a file in The Well's layout that we did not write, in a process of its own with limited
 * memory and time: whatever the file does to that process, the caller gets an error. What comes
 * from there is checked again. */
#pragma once

#include "error.h"
#include "foreign_facts.h"
#include "stop.h"

#include <stdint.h>

struct foreign_reader_options {
    const char *program;     /* ours: "/proc/self/exe" in a program whose main knows the worker */
    int64_t memory;          /* bytes the process may take beyond the file and itself */
    double patience;         /* seconds without a word, and of computing for a trajectory */
    const struct stop *stop; /* may be NULL; kept */
};

struct foreign_reader;

/* ERR_DATA says why the file is refused, or that reading it crashed or took too long; ERR_MEMORY
 * where a trajectory takes more than is allowed; ERR_STOPPED. Messages begin with the path. */
enum status foreign_reader_open(struct foreign_reader **out,
                                const struct foreign_reader_options *options, const char *path);
/* Ends the process. */
void foreign_reader_close(struct foreign_reader *reader);

const struct foreign_facts *foreign_reader_get_facts(const struct foreign_reader *reader);

/* The next trajectory, which there must be; `fields` has foreign_facts_bytes bytes. */
enum status foreign_reader_next(struct foreign_facts_case *out, void *fields,
                                struct foreign_reader *reader);
