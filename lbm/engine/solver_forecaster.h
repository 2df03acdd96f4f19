/* SPDX-License-Identifier: Apache-2.0
 *
 * The solver as a forecaster: at refinement r (and other numerics) it goes on from a start state of
 * the truth. This is the rival against which every forecast is judged. */
#pragma once

#include "error.h"
#include "flow_case.h"
#include "forecaster.h"

struct solver_forecaster_options {
    int threads;
    /* Gives the case (bodies, domain, numerics) that belongs to a flow; refine is overwritten.
     * Called by start. */
    enum status (*find_case)(void *context, struct flow_case *out, const struct flow *flow);
    void *context; /* kept; must outlive */
};

/* name: "solver r = N". Its start fails with ERR_UNSUPPORTED when no state is given. No inject yet:
 * NULL slot. */
enum status solver_forecaster_create(struct forecaster **out, int64_t refine,
                                     const struct solver_forecaster_options *options);
