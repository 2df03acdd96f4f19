/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in a dataset's folder: telling our files from other people's, and removing those of
 * ours that a manifest does not list. Reads no file. */
#pragma once

#include "error.h"
#include "manifest.h"

/* ERR_USAGE when the folder holds anything but the writer's lock; a missing one is fine. */
enum status dataset_folder_refuse_full(const char *folder);

/* ERR_USAGE when the folder holds anything but files of datasets of these names (NULL: none) and of
 * a run (log.txt ...). */
enum status dataset_folder_check(const char *folder, const char *name, const char *old_name);

/* Under the folder's lock: removes leftovers of dead writers, and shards and start states of
 * datasets of these names that `kept` does not list. The manifest itself stays. */
enum status dataset_folder_clean(const char *folder, const struct manifest *kept,
                                 const char *old_name);
