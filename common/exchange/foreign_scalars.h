/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers that a file in The Well's layout has in /scalars, by our names or others that are
 * usual. What is missing is no error. */
#pragma once

#include "error.h"
#include "foreign_check.h"
#include "foreign_facts.h"
#include "h5file.h"

#include <stdint.h>

/* Whole numbers that all trajectories share. */
enum status foreign_scalars_common(struct foreign_facts *facts, struct h5file *file,
                                   const struct foreign_check *check);

/* The facts of one trajectory. */
enum status foreign_scalars_case(struct foreign_facts_case *out, struct h5file *file,
                                 const struct foreign_check *check,
                                 const struct foreign_facts *facts, int64_t trajectory);

/* Drag and lift of every frame, [frames] each; only where facts->has says so. */
enum status foreign_scalars_forces(double *drag, double *lift, struct h5file *file,
                                   const struct foreign_facts *facts, int64_t trajectory);
