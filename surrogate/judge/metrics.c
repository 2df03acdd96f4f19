/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics.h"

#include "array.h"
#include "frame_error.h"
#include "spectrum.h"

#include <math.h>
#include <stddef.h>

static const char *const names[METRICS_KINDS] = {
    [METRICS_VELOCITY] = "velocity_relative_l2",
    [METRICS_VELOCITY_WAKE] = "velocity_relative_l2_wake",
    [METRICS_UX] = "ux_relative_l2",
    [METRICS_UX_WAKE] = "ux_relative_l2_wake",
    [METRICS_UY] = "uy_relative_l2",
    [METRICS_DENSITY] = "density_relative_l2_wake",
    [METRICS_VORTICITY] = "vorticity_correlation",
    [METRICS_ENERGY] = "energy_ratio",
    [METRICS_ENERGY_WAKE] = "energy_ratio_wake",
};

const char *metrics_name(enum metrics_kind kind)
{
    return names[kind];
}

static int vorticity_counts(const unsigned char *mask, int64_t x, int64_t y, int64_t nx, int64_t ny)
{
    if (x == 0 || y == 0 || x == nx - 1 || y == ny - 1)
        return 0;
    const unsigned char *m = mask + x * ny + y;
    return !(m[0] | m[-1] | m[1] | m[-ny] | m[ny]);
}

/* Pearson's coefficient of a and b over the cells where a vorticity exists. */
static double correlation(const float *a, const float *b, const unsigned char *mask, int64_t nx,
                          int64_t ny)
{
    double count = 0.0, sum_a = 0.0, sum_b = 0.0;
    for (int64_t x = 0; x < nx; x++)
        for (int64_t y = 0; y < ny; y++)
            if (vorticity_counts(mask, x, y, nx, ny)) {
                count += 1.0;
                sum_a += a[x * ny + y];
                sum_b += b[x * ny + y];
            }
    double aa = 0.0, bb = 0.0, ab = 0.0;
    for (int64_t x = 0; x < nx; x++)
        for (int64_t y = 0; y < ny; y++)
            if (vorticity_counts(mask, x, y, nx, ny)) {
                double da = a[x * ny + y] - sum_a / count, db = b[x * ny + y] - sum_b / count;
                aa += da * da;
                bb += db * db;
                ab += da * db;
            }
    return frame_error_ratio(ab, sqrt(aa) * sqrt(bb));
}

static enum status compare_vorticity(double *out, const float *forecast, const float *truth,
                                     const unsigned char *mask, const struct flow *flow)
{
    enum status status = OK;
    float *of_forecast = NULL, *of_truth = NULL;
    TRY_GOTO(ARRAY_NEW(of_forecast, frames_cells(flow)), cleanup);
    TRY_GOTO(ARRAY_NEW(of_truth, frames_cells(flow)), cleanup);
    frames_vorticity(of_forecast, forecast, mask, flow->nx, flow->ny);
    frames_vorticity(of_truth, truth, mask, flow->nx, flow->ny);
    *out = correlation(of_forecast, of_truth, mask, flow->nx, flow->ny);
cleanup:
    array_free(of_forecast);
    array_free(of_truth);
    return status;
}

enum status metrics_compare(double values[METRICS_KINDS], const float *forecast, const float *truth,
                            const unsigned char *mask, const struct flow *flow)
{
    struct frame_error s;
    frame_error_sum(&s, forecast, truth, mask, flow);
    values[METRICS_VELOCITY] = frame_error_velocity(&s);
    values[METRICS_VELOCITY_WAKE] = frame_error_velocity_wake(&s);
    values[METRICS_UX] = frame_error_root(s.error[FRAME_UX], s.truth[FRAME_UX]);
    values[METRICS_UX_WAKE] = frame_error_root(s.error[FRAME_UX], s.departure[FRAME_UX]);
    values[METRICS_UY] = frame_error_root(s.error[FRAME_UY], s.truth[FRAME_UY]);
    values[METRICS_DENSITY] = frame_error_density(&s);
    values[METRICS_ENERGY] = frame_error_ratio(s.frame[FRAME_UX] + s.frame[FRAME_UY],
                                               s.truth[FRAME_UX] + s.truth[FRAME_UY]);
    values[METRICS_ENERGY_WAKE] =
        frame_error_ratio(s.frame_departure[FRAME_UX] + s.frame_departure[FRAME_UY],
                          s.departure[FRAME_UX] + s.departure[FRAME_UY]);
    TRY(compare_vorticity(&values[METRICS_VORTICITY], forecast, truth, mask, flow));
    return OK;
}

static int64_t clamp_cell(double x, int64_t count)
{
    if (!(x > 0.0))
        return 0;
    return x < (double)(count - 1) ? (int64_t)x : count - 1;
}

int64_t metrics_probe(const struct flow *flow, const unsigned char *mask)
{
    int64_t x = clamp_cell(flow->x + 2.0 * flow->length, flow->nx);
    int64_t y = clamp_cell(flow->y, flow->ny);
    for (; x < flow->nx; x++)
        if (!mask[x * flow->ny + y])
            return x * flow->ny + y;
    return -1;
}

double metrics_period(const double *probe, int64_t count, const struct flow *flow)
{
    struct spectrum_peak peak;
    if (count < 8)
        return (double)NAN;
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(probe[i]))
            return (double)NAN;
    if (spectrum_find_peak(&peak, probe, (size_t)count) != OK) {
        error_clear();
        return (double)NAN;
    }
    if (!(peak.frequency > 0.0) || peak.amplitude < 1e-3 * flow->speed)
        return (double)NAN;
    return 1.0 / peak.frequency;
}

double metrics_strouhal(const double *probe, int64_t count, const struct flow *flow)
{
    double period = metrics_period(probe, count, flow) * (double)flow->frame_interval;
    return flow->length / (flow->speed * period);
}
