/* SPDX-License-Identifier: Apache-2.0
 *
 * What a shard says of the domain its cases share: root attributes, axes, boundary conditions. */
#pragma once

#include "dataset_layout.h"
#include "error.h"
#include "h5file.h"

#include <stdint.h>

/* Puts all of it into an empty file; the axis of cases is made for `capacity` of them. ERR_INTERNAL
 * for an unknown edge. */
enum status shard_domain_put(struct h5file *file, const struct dataset_layout *layout,
                             int64_t capacity);
