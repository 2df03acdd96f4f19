/* SPDX-License-Identifier: Apache-2.0
 *
 * What an evaluation prints: the table of scores, what they belong to, the verdicts. */
#pragma once

#include "error.h"
#include "evaluation_facts.h"
#include "text.h"

/* Appends to `out`, which the caller frees with text_fini. */
enum status evaluation_summary_write(struct text *out, const struct evaluation_scope *scope);
