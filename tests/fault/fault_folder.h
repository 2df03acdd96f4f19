/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in a folder of ours after a fault: copying, comparing, judging. For tests only. */
#pragma once

#include "error.h"

#include <stdint.h>

/* Replaces `target` by a copy of `source` (plain files, folders), or by nothing when that is NULL.
 */
enum status fault_folder_copy(const char *target, const char *source);

/* No file under its final name is bad: the manifest, if there is one, verifies with all files it
 * lists, and every shard or file of start states that it does not list is, byte for byte, the one
 * of that name in `whole` or in `before` (may be NULL). `cases` counts those the manifest has. */
enum status fault_folder_check(int64_t *cases, const char *folder, const char *whole,
                               const char *before);

/* Nothing temporary and no lock. */
enum status fault_folder_check_tidy(const char *folder);

/* The same names, but for locks and what is temporary; shards, start states and manifest, models,
 * checkpoints and metrics the same bytes. */
enum status fault_folder_compare(const char *folder, const char *whole);
