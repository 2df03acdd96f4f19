/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of a file in The Well's layout that we did not write, and of one of its
 * trajectories, in the file's own units: what the process that reads hands to the one that imports.
 * Numbers that the file does not have are not a number. */
#pragma once

#include "dataset_layout.h"
#include "frames.h"

#include <stdint.h>

enum {
    FOREIGN_FACTS_SDF = 1 << 0, /* in `has` */
    FOREIGN_FACTS_MASK = 1 << 1,
    FOREIGN_FACTS_FORCES = 1 << 2
};

/* Of a file. */
struct foreign_facts {
    int64_t nx, ny, frames, trajectories;
    int64_t has;            /* bits */
    int64_t frame_interval; /* solver's canvas steps a frame; 0: not said */
    int64_t refine;         /* 0: not said */
    double side;            /* of a cell */
    double interval;        /* between frames */
    double x, y;            /* centre of the first cell */
    char edge[DATASET_LAYOUT_EDGE];
    char name[DATASET_LAYOUT_NAME]; /* dataset_name, "" when it is missing */
};

/* Of a trajectory, beside its fields. */
struct foreign_facts_case {
    double facts[DATASET_LAYOUT_FACTS]; /* as dataset_layout_facts */
    int64_t first_step;                 /* -1: not said */
    char family[FLOW_NAME_SIZE];        /* "": not said */
    char reason[256];                   /* why it is not good, else "" */
};

/* Bytes of the fields of one trajectory: drag, lift, sdf and mask where there are such, then the
 * frames [frames][FRAME_FIELDS][nx][ny], in this order. */
static inline int64_t foreign_facts_planes(const struct foreign_facts *facts)
{
    return facts->frames * FRAME_FIELDS + ((facts->has & FOREIGN_FACTS_SDF) != 0) +
           ((facts->has & FOREIGN_FACTS_MASK) != 0);
}

static inline int64_t foreign_facts_bytes(const struct foreign_facts *facts)
{
    int64_t series = (facts->has & FOREIGN_FACTS_FORCES) != 0 ? 2 * facts->frames : 0;
    return foreign_facts_planes(facts) * facts->nx * facts->ny * (int64_t)sizeof(float) +
           series * (int64_t)sizeof(double);
}
