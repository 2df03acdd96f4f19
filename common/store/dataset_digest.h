/* SPDX-License-Identifier: Apache-2.0
 *
 * Content digests: SHA-256 over the values of a case in a fixed order (docs/dataset.md), so that
 * they do not depend on HDF5, on compression or on the sizes of shards. Not the digests of files.
 */
#pragma once

#include "case_record.h"
#include "digest.h"
#include "error.h"

/* Facts, family, sdf, mask, frames and forces of a finished case. */
enum status dataset_digest_record(char out[DIGEST_SIZE], const struct case_record *record);

/* All start states of a case. */
enum status dataset_digest_starts(char out[DIGEST_SIZE], const struct case_record *record);

/* One line of a list of digests, "KIND NUMBER DIGEST\n": shards and datasets are digests of such
 * lists, cases ascending, the line of a case's start states behind that of the case. */
enum status dataset_digest_line(struct digest *list, const char *kind, int64_t number,
                                const char *digest);
