/* SPDX-License-Identifier: Apache-2.0 */
#include "case_compare.h"

#include "frame_error.h"

#include <math.h>

void case_compare_summarise(struct case_compare_forces *out, const struct case_record *record)
{
    struct force_summary summary;
    *out = (struct case_compare_forces){NAN, NAN, NAN};
    if (force_summary_make(&summary, &record->flow, record->forces, record->force_steps) != OK) {
        error_clear(); /* too few steps to tell */
        return;
    }
    out->drag = summary.drag_mean;
    out->lift = summary.lift_deviation;
    out->strouhal = summary.strouhal;
}

enum status case_compare_frames(double *velocity, double *density, const struct case_record *other,
                                const struct case_record *own)
{
    const struct flow *a = &other->flow, *b = &own->flow;
    if (a->nx != b->nx || a->ny != b->ny || a->frame_interval != b->frame_interval ||
        other->frames != own->frames)
        return FAIL(ERR_DATA,
                    "%lld frames of %lld x %lld cells every %lld steps cannot be compared with "
                    "%lld of %lld x %lld every %lld",
                    (long long)other->frames, (long long)a->nx, (long long)a->ny,
                    (long long)a->frame_interval, (long long)own->frames, (long long)b->nx,
                    (long long)b->ny, (long long)b->frame_interval);
    for (int64_t t = 0; t < own->frames; t++) {
        struct frame_error sums;
        frame_error_sum(&sums, case_record_frame(other, t), case_record_frame(own, t), own->mask,
                        b);
        velocity[t] = frame_error_velocity(&sums);
        density[t] = frame_error_density(&sums);
    }
    return OK;
}

int64_t case_compare_passes(const double *errors, int64_t count, double limit)
{
    for (int64_t t = 0; t < count; t++)
        if (!(errors[t] <= limit))
            return t;
    return -1;
}
