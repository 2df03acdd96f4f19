/* SPDX-License-Identifier: Apache-2.0
 *
 * A batch (one field of one frame) is summed in two passes, mean first, and then joined to the
 * rest (Chan, Golub and LeVeque 1979): no cancellation, however far the mean is from 0. */
#include "field_statistics.h"

#include <math.h>
#include <stddef.h>

const char *field_statistics_name(enum field_statistics_row row)
{
    static const char *const names[FIELD_STATISTICS_ROWS] = {"density", "ux", "uy", "Cd", "Cl"};
    return names[row];
}

void field_statistics_merge(struct field_statistics *out, const struct field_statistics *other)
{
    out->not_finite += other->not_finite;
    if (other->count == 0)
        return;
    double share = (double)other->count / (double)(out->count + other->count);
    double step = other->mean - out->mean;
    out->least = out->count > 0 ? fmin(out->least, other->least) : other->least;
    out->most = out->count > 0 ? fmax(out->most, other->most) : other->most;
    out->squares += other->squares + step * step * (double)out->count * share;
    out->mean = out->count > 0 ? out->mean + step * share : other->mean;
    out->count += other->count;
}

static void widen(struct field_statistics *batch, double value)
{
    batch->least = fmin(batch->least, value);
    batch->most = fmax(batch->most, value);
    batch->mean += value;
    batch->count++;
}

void field_statistics_add(struct field_statistics *out, const float *values,
                          const unsigned char *mask, int64_t count)
{
    struct field_statistics batch = {.least = HUGE_VAL, .most = -HUGE_VAL};
    for (int64_t i = 0; i < count; i++) {
        if (mask != NULL && mask[i])
            continue;
        if (isfinite(values[i]))
            widen(&batch, values[i]);
        else
            batch.not_finite++;
    }
    if (batch.count > 0)
        batch.mean /= (double)batch.count;
    for (int64_t i = 0; i < count; i++) {
        double step = values[i] - batch.mean;
        if ((mask == NULL || !mask[i]) && isfinite(values[i]))
            batch.squares += step * step;
    }
    field_statistics_merge(out, &batch);
}

void field_statistics_add_doubles(struct field_statistics *out, const double *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        struct field_statistics one = {.not_finite = 1};
        if (isfinite(values[i]))
            one = (struct field_statistics){
                .count = 1, .mean = values[i], .least = values[i], .most = values[i]};
        field_statistics_merge(out, &one);
    }
}

void field_statistics_add_case(struct field_statistics *rows, const struct case_record *record)
{
    int64_t cells = frames_cells(&record->flow);
    for (int64_t t = 0; t < record->frames; t++)
        for (int field = 0; field < FRAME_FIELDS; field++)
            field_statistics_add(&rows[field], case_record_frame(record, t) + field * cells,
                                 record->mask, cells);
    field_statistics_add_doubles(&rows[FIELD_STATISTICS_DRAG], record->drag, record->frames);
    field_statistics_add_doubles(&rows[FIELD_STATISTICS_LIFT], record->lift, record->frames);
}

double field_statistics_deviation(const struct field_statistics *statistics)
{
    return statistics->count > 0 ? sqrt(statistics->squares / (double)statistics->count)
                                 : (double)NAN;
}

double field_statistics_rms(const struct field_statistics *statistics)
{
    if (statistics->count == 0)
        return (double)NAN;
    double variance = statistics->squares / (double)statistics->count;
    return sqrt(statistics->mean * statistics->mean + variance);
}
