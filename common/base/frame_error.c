/* SPDX-License-Identifier: Apache-2.0 */
#include "frame_error.h"

#include <math.h>

static void sum_field(struct frame_error *out, int field, double stream, const float *frame,
                      const float *truth, const unsigned char *mask, int64_t cells)
{
    for (int64_t i = 0; i < cells; i++) {
        if (mask[i])
            continue;
        double f = frame[i], v = truth[i];
        out->error[field] += (f - v) * (f - v);
        out->truth[field] += v * v;
        out->departure[field] += (v - stream) * (v - stream);
        out->frame[field] += f * f;
        out->frame_departure[field] += (f - stream) * (f - stream);
    }
}

void frame_error_sum(struct frame_error *out, const float *frame, const float *truth,
                     const unsigned char *mask, const struct flow *flow)
{
    const double stream[FRAME_FIELDS] = {1.0, flow->speed, 0.0};
    int64_t cells = frames_cells(flow);
    *out = (struct frame_error){.error = {0}};
    for (int field = 0; field < FRAME_FIELDS; field++)
        sum_field(out, field, stream[field], frame + field * cells, truth + field * cells, mask,
                  cells);
}

double frame_error_ratio(double a, double b)
{
    return b > 0.0 ? a / b : (double)NAN;
}

double frame_error_root(double a, double b)
{
    return sqrt(frame_error_ratio(a, b));
}

double frame_error_velocity(const struct frame_error *sums)
{
    return frame_error_root(sums->error[FRAME_UX] + sums->error[FRAME_UY],
                            sums->truth[FRAME_UX] + sums->truth[FRAME_UY]);
}

double frame_error_velocity_wake(const struct frame_error *sums)
{
    return frame_error_root(sums->error[FRAME_UX] + sums->error[FRAME_UY],
                            sums->departure[FRAME_UX] + sums->departure[FRAME_UY]);
}

double frame_error_density(const struct frame_error *sums)
{
    return frame_error_root(sums->error[FRAME_RHO], sums->departure[FRAME_RHO]);
}
