/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads The Well's layout out of a checked file: two Cartesian dimensions, density and velocity,
 * sdf or mask if there are such. Fields may be the same for all trajectories, for all times or
 * along an axis (sample_varying, time_varying, dim_varying); they come out in full. Converts no
 * units. */
#pragma once

#include "error.h"
#include "foreign_check.h"
#include "foreign_facts.h"
#include "h5file.h"

#include <stdint.h>

/* An array of /t0_fields or /t1_fields. */
struct foreign_layout_field {
    const char *path; /* NULL: the file does not have it; borrowed from the check */
    int by_sample, by_time, by_axis[2];
    int components;
};

struct foreign_layout {
    struct h5file *file;
    const struct foreign_check *check;
    struct foreign_facts facts;
    struct foreign_layout_field density, velocity, sdf, mask;
};

/* `file` and `check` are kept. ERR_DATA names what is missing or different. */
enum status foreign_layout_open(struct foreign_layout *out, struct h5file *file,
                                const struct foreign_check *check);

/* One trajectory; `fields` has foreign_facts_bytes bytes, aligned for doubles. A trajectory that is
 * readable and not good (values that are not finite) has a reason. */
enum status foreign_layout_read(struct foreign_facts_case *out, void *fields,
                                const struct foreign_layout *layout, int64_t trajectory);
