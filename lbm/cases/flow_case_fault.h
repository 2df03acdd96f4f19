/* SPDX-License-Identifier: Apache-2.0
 *
 * What a rule has found at fault in a case: the rule, the field that would mend it and, where that
 * is a body's, which body. Where a field was written down is known to whoever read it. */
#pragma once

#include "refusal.h"

#include <stdint.h>

enum flow_case_fault_field {
    FLOW_CASE_FAULT_UNKNOWN, /* no one field */
    FLOW_CASE_FAULT_NX,
    FLOW_CASE_FAULT_NY,
    FLOW_CASE_FAULT_REYNOLDS,
    FLOW_CASE_FAULT_SPEED,
    FLOW_CASE_FAULT_TABLE,
    FLOW_CASE_FAULT_FORCE_X,
    FLOW_CASE_FAULT_FORCE_Y,
    FLOW_CASE_FAULT_COLLISION,
    FLOW_CASE_FAULT_BULK_RATE,
    FLOW_CASE_FAULT_MAGIC,
    FLOW_CASE_FAULT_SMAGORINSKY,
    FLOW_CASE_FAULT_BOTTOM_SPEED,
    FLOW_CASE_FAULT_TOP_SPEED,
    FLOW_CASE_FAULT_REFINE,
    FLOW_CASE_FAULT_ENTRY,
    FLOW_CASE_FAULT_SPONGE,
    FLOW_CASE_FAULT_RAMP,
    FLOW_CASE_FAULT_KICK,
    FLOW_CASE_FAULT_DISCARD,
    FLOW_CASE_FAULT_FRAME_INTERVAL,
    FLOW_CASE_FAULT_FRAMES,
    FLOW_CASE_FAULT_BODIES, /* how many there are */
    FLOW_CASE_FAULT_SHAPE,  /* from here on of a body */
    FLOW_CASE_FAULT_X,
    FLOW_CASE_FAULT_Y,
    FLOW_CASE_FAULT_SIZE,
    FLOW_CASE_FAULT_VELOCITY_X,
    FLOW_CASE_FAULT_VELOCITY_Y,
    FLOW_CASE_FAULT_SPIN,
    FLOW_CASE_FAULT_BEGIN,
    FLOW_CASE_FAULT_RISE,
    FLOW_CASE_FAULT_FIELDS
};

struct flow_case_fault {
    enum refusal rule;
    enum flow_case_fault_field field;
    int64_t body; /* its index; 0 where the field is none of a body */
};

static inline int flow_case_fault_of_body(const struct flow_case_fault *fault)
{
    return fault->field >= FLOW_CASE_FAULT_SHAPE;
}
