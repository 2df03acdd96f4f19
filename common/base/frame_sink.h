/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a solver's frames go. The solver knows no file format: it calls begin, then frame and start
 * in order of time, then end. One sink takes one case at a time; after `end` it may be given
 * another. */
#pragma once

#include "error.h"
#include "frames.h"
#include "start_state.h"

struct frame_sink;

struct frame_sink_ops {
    const char *name;
    /* required. sdf: [nx][ny] signed distance at the canvas cell centres, negative inside, in
     * cells. */
    enum status (*begin)(struct frame_sink *sink, const struct flow *flow, const float *sdf);
    /* required */
    enum status (*frame)(struct frame_sink *sink, const struct frame *frame);
    /* may be NULL: start states are not wanted, the solver does not make them. Called after the
     * frame it belongs to. `state` is borrowed. */
    enum status (*start)(struct frame_sink *sink, const struct start_state *state);
    /* may be NULL: nothing to do */
    enum status (*end)(struct frame_sink *sink);
};

struct frame_sink {
    const struct frame_sink_ops *ops;
};
