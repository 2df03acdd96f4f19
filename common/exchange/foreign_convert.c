/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_convert.h"

#include "array.h"
#include "foreign_distance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SPEED_MOST 0.1 /* cells per canvas step: what our own solver allows */

enum { INTERVAL_MOST = 1 << 24 };

/* The parts of a trajectory's fields. */
struct parts {
    const double *drag, *lift; /* NULL: none */
    const float *sdf, *mask;   /* NULL: none */
    float *frames;
};

static struct parts parts_of(const struct foreign_facts *facts, void *fields)
{
    const int64_t cells = facts->nx * facts->ny;
    struct parts parts = {.frames = fields};
    if ((facts->has & FOREIGN_FACTS_FORCES) != 0) {
        parts.drag = fields;
        parts.lift = parts.drag + facts->frames;
        parts.frames = (float *)((double *)fields + 2 * facts->frames);
    }
    if ((facts->has & FOREIGN_FACTS_SDF) != 0) {
        parts.sdf = parts.frames;
        parts.frames += cells;
    }
    if ((facts->has & FOREIGN_FACTS_MASK) != 0) {
        parts.mask = parts.frames;
        parts.frames += cells;
    }
    return parts;
}

static int fact_index(const char *name)
{
    int i = 0;
    while (strcmp(dataset_layout_facts[i].name, name) != 0)
        i++;
    return i;
}

/* ---- units ---- */

/* The mean of u_x over the first column of all frames, in the file's units. */
static double inflow_speed(const struct foreign_facts *facts, const float *frames)
{
    const int64_t cells = facts->nx * facts->ny;
    double sum = 0;
    for (int64_t t = 0; t < facts->frames; t++)
        for (int64_t y = 0; y < facts->ny; y++)
            sum += frames[(t * FRAME_FIELDS + FRAME_UX) * cells + y];
    return sum / (double)(facts->frames * facts->ny);
}

static double find_speed(const struct foreign_convert_options *options,
                         const struct foreign_facts *facts, const struct foreign_facts_case *one,
                         const float *frames)
{
    double said = one->facts[fact_index("U")];
    if (isfinite(options->speed))
        return options->speed;
    return isfinite(said) ? said : inflow_speed(facts, frames);
}

int64_t foreign_convert_interval(const struct foreign_convert_options *options,
                                 const struct foreign_facts *facts,
                                 const struct foreign_facts_case *one, const void *fields)
{
    if (facts->frame_interval > 0)
        return facts->frame_interval;
    struct parts parts = parts_of(facts, (void *)fields);
    double way = find_speed(options, facts, one, parts.frames) * facts->interval / facts->side;
    double steps = ceil(fabs(way) / SPEED_MOST * (1 - 1e-6));
    return steps >= 1 && steps <= INTERVAL_MOST ? (int64_t)steps : 1;
}

/* A fact of the file in our units. */
static double convert(double value, const struct dataset_layout_fact *fact,
                      const struct foreign_facts *facts, double speed_scale)
{
    if (strcmp(fact->name, "body_x") == 0)
        return (value - facts->x) / facts->side + 0.5;
    if (strcmp(fact->name, "body_y") == 0)
        return (value - facts->y) / facts->side + 0.5;
    if (strcmp(fact->unit, "cells") == 0)
        return value / facts->side;
    if (strcmp(fact->unit, "cells per canvas step") == 0)
        return value * speed_scale;
    if (strcmp(fact->unit, "cells^2 per canvas step") == 0)
        return value * speed_scale / facts->side;
    return value;
}

/* ---- bodies ---- */

static enum status fill_bodies(struct case_record *record, const struct foreign_facts *facts,
                               const struct parts *parts)
{
    const int64_t cells = frames_cells(&record->flow);
    for (int64_t i = 0; i < cells; i++) {
        record->mask[i] =
            parts->sdf != NULL ? parts->sdf[i] < 0 : parts->mask != NULL && parts->mask[i] != 0.0F;
        if (parts->sdf != NULL)
            record->sdf[i] = (float)(parts->sdf[i] / facts->side);
    }
    return parts->sdf != NULL
               ? OK
               : foreign_distance_signed(record->sdf, record->mask, facts->nx, facts->ny);
}

/* Rows with a body somewhere, and the centre of all body cells. */
static int64_t measure_bodies(double centre[2], const struct case_record *record)
{
    const int64_t nx = record->flow.nx, ny = record->flow.ny;
    int64_t rows = 0, count = 0;
    centre[0] = centre[1] = 0;
    for (int64_t y = 0; y < ny; y++) {
        int any = 0;
        for (int64_t x = 0; x < nx; x++) {
            if (!record->mask[x * ny + y])
                continue;
            any = 1;
            count++;
            centre[0] += (double)x + 0.5;
            centre[1] += (double)y + 0.5;
        }
        rows += any;
    }
    for (int i = 0; i < 2 && count > 0; i++)
        centre[i] /= (double)count;
    return rows;
}

/* ---- facts ---- */

static void set_if_missing(double *value, double otherwise)
{
    if (!isfinite(*value))
        *value = otherwise;
}

/* U, D, nu and Re agree: Re = U D / nu. */
static enum status settle_numbers(struct flow *flow, const struct foreign_convert_options *options,
                                  int64_t rows, const struct foreign_facts *facts)
{
    if (isfinite(options->length))
        flow->length = options->length / facts->side;
    set_if_missing(&flow->length, rows > 0 ? (double)rows : (double)flow->ny);
    if (!(flow->speed > 0) || !(flow->length > 0))
        return FAIL(ERR_DATA,
                    "inflow speed %g and length %g must be above 0; say them with --speed and "
                    "--length",
                    flow->speed, flow->length);
    if (isfinite(options->reynolds))
        flow->reynolds = options->reynolds;
    else if (!isfinite(flow->reynolds) && isfinite(flow->viscosity) && flow->viscosity > 0)
        flow->reynolds = flow->speed * flow->length / flow->viscosity;
    if (!isfinite(flow->reynolds) || !(flow->reynolds > 0))
        return FAIL(ERR_USAGE, "it says neither a Reynolds number (/scalars/Re) nor a viscosity "
                               "(/scalars/nu); say it with --reynolds");
    if (isfinite(options->reynolds) || !isfinite(flow->viscosity))
        flow->viscosity = flow->speed * flow->length / flow->reynolds;
    return OK;
}

static enum status fill_facts(struct case_record *record,
                              const struct foreign_convert_options *options,
                              const struct foreign_facts *facts,
                              const struct foreign_facts_case *one, double scale)
{
    struct flow *flow = &record->flow;
    double centre[2];
    int64_t rows = measure_bodies(centre, record);
    for (int i = 0; i < DATASET_LAYOUT_FACTS; i++) {
        double value = convert(one->facts[i], &dataset_layout_facts[i], facts, scale);
        memcpy((char *)flow + dataset_layout_facts[i].offset, &value, sizeof value);
    }
    flow->speed = options->speed * scale; /* found by now */
    TRY(settle_numbers(flow, options, rows, facts));
    set_if_missing(&flow->tau, 0.5 + 3 * (double)flow->refine * flow->viscosity);
    set_if_missing(&flow->blockage, (double)rows / (double)flow->ny);
    set_if_missing(&flow->angle, 0);
    set_if_missing(&flow->x, centre[0]);
    set_if_missing(&flow->y, centre[1]);
    set_if_missing(&flow->size, rows > 0 ? flow->length : 0);
    return OK;
}

/* ---- the record ---- */

static void fill_frames(struct case_record *record, const struct foreign_convert_options *options,
                        const struct foreign_facts *facts, const struct parts *parts, double scale)
{
    static const float rest[FRAME_FIELDS] = {1.0F, 0.0F, 0.0F};
    const double scales[FRAME_FIELDS] = {1 / options->density, scale, scale};
    const int64_t cells = frames_cells(&record->flow);
    for (int64_t t = 0; t < facts->frames; t++) {
        for (int field = 0; field < FRAME_FIELDS; field++) {
            const float *in = parts->frames + (t * FRAME_FIELDS + field) * cells;
            float *out = case_record_frame(record, t) + field * cells;
            for (int64_t i = 0; i < cells; i++)
                out[i] = record->mask[i] ? rest[field] : (float)(in[i] * scales[field]);
        }
        record->drag[t] = parts->drag != NULL ? parts->drag[t] : NAN;
        record->lift[t] = parts->lift != NULL ? parts->lift[t] : NAN;
    }
    record->frames = facts->frames;
}

enum status foreign_convert_record(struct case_record *record,
                                   const struct foreign_convert_options *options,
                                   const struct foreign_facts *facts,
                                   const struct foreign_facts_case *one, void *fields,
                                   int64_t index)
{
    struct foreign_convert_options found = *options;
    const struct parts parts = parts_of(facts, fields);
    const double scale = facts->interval / ((double)options->interval * facts->side);
    case_record_clear(record);
    record->flow = (struct flow){.index = index,
                                 .nx = facts->nx,
                                 .ny = facts->ny,
                                 .refine = facts->refine > 0 ? facts->refine : 1,
                                 .frame_interval = options->interval,
                                 .first_step = one->first_step > 0 ? one->first_step : 0};
    snprintf(record->flow.family, sizeof record->flow.family, "%s",
             one->family[0] != '\0' ? one->family : "imported");
    if (one->reason[0] != '\0') {
        record->status = ERR_DATA;
        snprintf(record->reason, sizeof record->reason, "%s", one->reason);
        record->flow.reynolds = NAN;
        return OK;
    }
    found.speed = find_speed(options, facts, one, parts.frames);
    TRY(fill_bodies(record, facts, &parts));
    TRY(fill_facts(record, &found, facts, one, scale));
    fill_frames(record, options, facts, &parts, scale);
    return OK;
}
