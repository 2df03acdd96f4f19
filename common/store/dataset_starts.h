/* SPDX-License-Identifier: Apache-2.0
 *
 * The start states of one case as the bytes of an HDF5 file of their own, and back. */
#pragma once

#include "case_record.h"
#include "error.h"

#include <stddef.h>

/* All states of the record, which must share one lattice (free the image with array_free). */
enum status dataset_starts_encode(unsigned char **image, size_t *size,
                                  const struct case_record *record);

/* Adds the states to the record. ERR_DATA when there are not `count` of them. */
enum status dataset_starts_decode(struct case_record *record, const unsigned char *image,
                                  size_t size, int64_t count);
