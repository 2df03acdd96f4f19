/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the bodies of a simulation are in each of its frames: sdf and outlines for pictures, poses
 * for motion.csv. Follows from the case alone. */
#pragma once

#include "error.h"
#include "flow_case.h"
#include "flow_outline.h"
#include "frames.h"
#include "picture.h"

#include <stdint.h>

struct simulate_places {
    int64_t frames;                /* 0: all bodies keep their place */
    float *sdfs;                   /* [frames][nx][ny] */
    struct flow_outline *outlines; /* [frames] */
    struct picture_bodies *bodies; /* [frames], of both */
};

/* Starts from {0}; simulate_places_fini after it, on success and failure. */
enum status simulate_places_make(struct simulate_places *out, const struct flow_case *flow_case,
                                 const struct flow *flow, int64_t frames);
void simulate_places_fini(struct simulate_places *places);

/* motion.csv in `folder`, a line a frame; nothing where all bodies keep their place. */
enum status simulate_places_write(const char *folder, const struct simulate_places *places,
                                  const struct flow_case *flow_case, const struct flow *flow);
