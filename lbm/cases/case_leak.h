/* SPDX-License-Identifier: Apache-2.0
 *
 * Do the splits of a plan leak: can a test case be one that training may draw too? Internal to this
 * room; the plan's other faults are case_draw_check.c's part. */
#pragma once

#include "case_draw.h"
#include "error.h"

/* Bodies held out: another family than every one of training, or a parameter that shapes the body
 * (its outline, not its size, place and angle) with values of its own. A parameter that a family
 * does not look at makes no difference, so bodies are made and compared. ERR_CONFIG. */
enum status case_leak_check_held_out(const struct case_draw_plan *plan);

/* Bodies beyond: the same, or sizes outside the whole span that training has of such a body. */
enum status case_leak_check_beyond(const struct case_draw_plan *plan);

/* Reynolds numbers: gaps that training encloses, and intervals beyond that lie outside its span. */
enum status case_leak_check_reynolds(const struct case_draw_plan *plan);
