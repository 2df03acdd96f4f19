/* SPDX-License-Identifier: Apache-2.0
 *
 * The supply of a rank that computes for rank 0: asks for a case when a thread is idle, keeps
 * finished ones until rank 0 fetches them, 2 * threads at most. */
#pragma once

#include "case_supply.h"
#include "ensemble.h"
#include "error.h"

/* `options` is kept; must outlive. */
enum status case_errand_create(struct case_supply **out, const struct ensemble_options *options);
