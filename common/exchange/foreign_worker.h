/* SPDX-License-Identifier: Apache-2.0
 *
 * The process that reads a foreign file, so that libhdf5 may crash or hang in it without harm: the
 * program starts itself with FOREIGN_WORKER_WORD as its first word (foreign_reader.h does), and
 * `main` calls this before anything else. Before libhdf5 sees a byte, memory and time are limited
 * and no further file can be opened. */
#pragma once

#define FOREIGN_WORKER_WORD "--read-foreign-file"

/* words: MEMORY-BYTES SECONDS FILE. Writes messages (foreign_wire.h) to stdout; returns the exit
 * code. */
int foreign_worker_run(int count, const char *const *words);
