/* SPDX-License-Identifier: Apache-2.0
 *
 * How far two bodies are from each other; for one body alone see body.h. */
#pragma once

#include "body.h"
#include "error.h"

/* Smallest distance between two boundaries, to 1e-4 cell; negative when the bodies overlap or touch
 * (then only the sign is promised). */
enum status body_gap(double *out, const struct body *a, const struct body *b);
