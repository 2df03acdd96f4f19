/* SPDX-License-Identifier: Apache-2.0
 *
 * The folder of one run: whether it may be written, and the record of how it came about:
 * config.resolved.yaml, command.txt, environment.json, log.txt. What a run computes it writes
 * itself. */
#pragma once

#include "error.h"
#include "session.h"

/* Refuses (ERR_USAGE) an output that exists unless --resume or --force is given, and for these one
 * that this program did not write; ERR_BUSY names who is writing there. A dataset is never taken
 * for the folder of a run. Changes nothing. `folder` NULL is fine. */
enum status run_folder_check(const struct session *session, const char *folder);

/* The same for commands whose output is a dataset, which may replace one. */
enum status run_folder_check_dataset(const struct session *session, const char *folder);

/* Refuses (ERR_USAGE) an --output that is `input`, a folder or file that the command reads, or in
 * which it stands: --force would remove it, and the record of how it came about be overwritten.
 * `input` NULL is fine. To be asked before the checks above, which advise --force. */
enum status run_folder_check_input(const struct session *session, const char *input);

/* With --force, removes what an earlier run of ours wrote to `folder` beside a dataset; leaves
 * everything else. */
enum status run_folder_forget(const struct session *session, const char *folder);

/* Writes the record and copies messages to log.txt from now on; the folder exists. For outputs that
 * others check and clear (datasets). `dataset_digest` may be NULL. */
enum status run_folder_record(const struct session *session, const char *folder,
                              const char *dataset_digest);

/* Checks as above, creates the folder, locks it until the session closes (ERR_BUSY names who holds
 * it), removes what dead processes left half-written and, with --force, what an earlier run wrote
 * there. `folder` is kept in the session. A run that may yet refuse to go on with what it finds
 * there records afterwards. */
enum status run_folder_claim(struct session *session, const char *folder);

/* Claims and records. */
enum status run_folder_open(struct session *session, const char *folder,
                            const char *dataset_digest);

/* A text file in the folder, whole or not at all. */
enum status run_folder_write(const char *folder, const char *name, const char *text);

/* After a failure: removes the folder that run_folder_claim made when nothing but the record stands
 * in it, so that the next attempt is not told that the output exists. */
void run_folder_undo(const struct session *session);
