/* SPDX-License-Identifier: Apache-2.0 */
#include "dataset_layout.h"

enum {
    CHUNK_FRAMES = 6,        /* a window: what a reader of samples wants at once */
    BASE_OVERHEAD = 1 << 16, /* bytes of a shard's structure, generously */
    CHUNK_OVERHEAD = 256     /* bytes of the index per chunk, generously */
};

const struct dataset_layout_fact dataset_layout_facts[DATASET_LAYOUT_FACTS] = {
    {"Re", "1", "Reynolds number U D / nu", offsetof(struct flow, reynolds)},
    {"tau", "1", "relaxation time on the solver's lattice", offsetof(struct flow, tau)},
    {"angle", "degrees", "angle of the first body", offsetof(struct flow, angle)},
    {"D", "cells", "length projected across the stream", offsetof(struct flow, length)},
    {"U", "cells per canvas step", "inflow speed", offsetof(struct flow, speed)},
    {"nu", "cells^2 per canvas step", "kinematic viscosity", offsetof(struct flow, viscosity)},
    {"blockage", "1", "projection of all bodies / height", offsetof(struct flow, blockage)},
    {"body_x", "cells", "centre of the first body, x", offsetof(struct flow, x)},
    {"body_y", "cells", "centre of the first body, y", offsetof(struct flow, y)},
    {"body_size", "cells", "size of the first body", offsetof(struct flow, size)},
};

int64_t dataset_layout_cells(const struct dataset_layout *layout)
{
    return layout->nx * layout->ny;
}

int64_t dataset_layout_force_steps(const struct dataset_layout *layout)
{
    return (layout->frames - 1) * layout->frame_interval * layout->refine;
}

int64_t dataset_layout_chunk_frames(int64_t frames)
{
    int64_t chunks = (frames + CHUNK_FRAMES - 1) / CHUNK_FRAMES;
    return (frames + chunks - 1) / chunks;
}

int64_t dataset_layout_record_bytes(const struct dataset_layout *layout)
{
    int64_t cells = dataset_layout_cells(layout);
    return layout->frames * (cells * FRAME_FIELDS * (int64_t)sizeof(float) + 2 * 8) +
           cells * (int64_t)(sizeof(float) + 1) + dataset_layout_force_steps(layout) * 2 * 8;
}

int64_t dataset_layout_capacity(const struct dataset_layout *layout, int64_t bytes)
{
    int64_t run = dataset_layout_chunk_frames(layout->frames);
    int64_t chunks = (layout->frames + run - 1) / run;
    int64_t plane = dataset_layout_cells(layout) * (int64_t)sizeof(float);
    int64_t each = chunks * run * plane * FRAME_FIELDS + 2 * plane +
                   dataset_layout_force_steps(layout) * 2 * 8 + layout->frames * 2 * 8 +
                   DATASET_LAYOUT_SCALARS * 8 + (2 * chunks + 4) * CHUNK_OVERHEAD;
    int64_t room = bytes - BASE_OVERHEAD - layout->nx * 8 - layout->ny * 8 -
                   dataset_layout_force_steps(layout) * 8;
    return room < each ? 1 : room / each;
}
