/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_case.h"

#include "geometry.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void flow_case_defaults(struct flow_case *out)
{
    *out = (struct flow_case){
        .nx = 64,
        .ny = 64,
        .reynolds = 100,
        .speed = FLOW_CASE_SPEED_MAX,
        .numerics = {.collision = "cumulant",
                     .wall = FLOW_CASE_WALL_BOUZIDI,
                     .bulk_rate = 1,
                     .magic = FLOW_CASE_MAGIC,
                     .edge = FLOW_CASE_EDGE_SLIP,
                     .refine = 4,
                     .entry = 8,
                     .sponge = 16,
                     .ramp = 2,
                     .kick = 0.05,
                     .discard = 10,
                     .frame_interval = 100,
                     .frames = 30},
    };
}

enum status flow_case_geometry(struct geometry **out, const struct flow_case *flow_case)
{
    if (flow_case->body_count < 0 || flow_case->body_count > FLOW_CASE_BODIES)
        return FAIL(ERR_CONFIG, "%lld bodies; a case takes 0 to %d",
                    (long long)flow_case->body_count, FLOW_CASE_BODIES);
    TRY(geometry_create(out, flow_case->bodies, flow_case->body_count));
    return OK;
}

/* "circle+triangle": each label once, in order of the bodies; "..." in place of what does not fit.
 */
static void join_labels(char out[FLOW_NAME_SIZE], const struct flow_case *flow_case)
{
    char labels[FLOW_CASE_BODIES][BODY_NAME_SIZE];
    size_t used = 0;
    out[0] = '\0';
    for (int64_t i = 0; i < flow_case->body_count; i++) {
        body_label(labels[i], &flow_case->bodies[i]);
        int seen = 0;
        for (int64_t j = 0; j < i; j++)
            seen = seen || strcmp(labels[i], labels[j]) == 0;
        if (seen)
            continue;
        if (used + strlen(labels[i]) + sizeof "+..." > FLOW_NAME_SIZE - 1) {
            snprintf(out + used, FLOW_NAME_SIZE - used, "+...");
            return;
        }
        used += (size_t)snprintf(out + used, FLOW_NAME_SIZE - used, "%s%s", used > 0 ? "+" : "",
                                 labels[i]);
    }
}

static int64_t columns(const struct flow_case *flow_case)
{
    return flow_case->numerics.entry + flow_case->nx + flow_case->numerics.sponge;
}

/* Rounded up; bounded, for describe is also called with values that check would refuse. */
static int64_t whole(double value)
{
    const double most = 1e12;
    return value <= most ? (int64_t)ceil(fmax(value, 0)) : (int64_t)most;
}

int64_t flow_case_ramp_steps(const struct flow_case *flow_case)
{
    return whole(flow_case->numerics.ramp * (double)columns(flow_case) * sqrt(3));
}

static int64_t start_steps(const struct flow_case *flow_case, double length)
{
    const struct flow_case_numerics *numerics = &flow_case->numerics;
    double steps =
        (double)flow_case_ramp_steps(flow_case) + numerics->discard * length / flow_case->speed;
    return whole(steps / (double)numerics->frame_interval) * numerics->frame_interval;
}

enum status flow_case_describe(struct flow *out, const struct flow_case *flow_case)
{
    struct geometry *geometry = NULL;
    TRY(flow_case_geometry(&geometry, flow_case));
    double length = geometry_length(geometry);
    double projection = geometry_projection(geometry);
    geometry_destroy(geometry);
    if (flow_case->body_count == 0)
        length = (double)flow_case->ny;
    const struct body_spec *first = &flow_case->bodies[0];
    double viscosity = flow_case->speed * length / flow_case->reynolds;
    *out = (struct flow){
        .index = flow_case->index,
        .nx = flow_case->nx,
        .ny = flow_case->ny,
        .refine = flow_case->numerics.refine,
        .frame_interval = flow_case->numerics.frame_interval,
        .first_step = start_steps(flow_case, length),
        .reynolds = flow_case->reynolds,
        .speed = flow_case->speed,
        .length = length,
        .viscosity = viscosity,
        .tau = 0.5 + 3 * (double)flow_case->numerics.refine * viscosity,
        .blockage = projection / (double)flow_case->ny,
    };
    if (flow_case->body_count > 0) {
        out->angle = first->angle;
        out->x = first->x;
        out->y = first->y;
        out->size = first->size;
    }
    join_labels(out->family, flow_case);
    return OK;
}

int flow_case_mirrors(const struct flow_case_numerics *numerics)
{
    int64_t last = numerics->table_count - 1;
    int same = numerics->bottom_speed == numerics->top_speed && numerics->force_y == 0;
    for (int64_t k = 0; numerics->profile == FLOW_CASE_PROFILE_TABLE && k <= last; k++)
        same = same && numerics->table[k] == numerics->table[last - k];
    return same;
}

int64_t flow_case_start_steps(const struct flow_case *flow_case)
{
    struct flow flow;
    return flow_case_describe(&flow, flow_case) == OK ? flow.first_step : 0;
}

int64_t flow_case_total_steps(const struct flow_case *flow_case)
{
    return flow_case_start_steps(flow_case) +
           (flow_case->numerics.frames - 1) * flow_case->numerics.frame_interval;
}

int64_t flow_case_lattice_cells(const struct flow_case *flow_case)
{
    int64_t refine = flow_case->numerics.refine;
    return columns(flow_case) * flow_case->ny * refine * refine;
}
