/* SPDX-License-Identifier: Apache-2.0
 *
 * The supply of the rank that hands out cases, to its own threads and to other ranks, and accepts
 * them in order of their number: alone or rank 0. Another rank keeps what it finished until it is
 * due, so no more than 2 * threads cases are held here however many ranks there are. */
#pragma once

#include "case_supply.h"
#include "ensemble.h"
#include "error.h"

/* `options` is kept; must outlive. */
enum status case_queue_create(struct case_supply **out, const struct ensemble_options *options,
                              int64_t first, int64_t count);
