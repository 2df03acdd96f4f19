/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer.h"

#include "array.h"
#include "sponge.h"

#include <math.h>
#include <string.h>

/* Where the two lattices lie, in integers: units of 1 / r_2 source cell. */
struct transfer {
    const struct start_state *from;
    const struct transfer_target *to;
    double *per_tau; /* [from->nx]: r_1 / tau_1 */
};

struct span {
    int64_t begin, end; /* of a target cell, in units of 1 / r_2 source cell */
};

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static int64_t clamp(int64_t value, int64_t count)
{
    return value < 0 ? 0 : value >= count ? count - 1 : value;
}

static int64_t overlap(struct span span, int64_t cell, int64_t size)
{
    int64_t begin = span.begin > cell * size ? span.begin : cell * size;
    int64_t end = span.end < (cell + 1) * size ? span.end : (cell + 1) * size;
    return end - begin;
}

/* Adds `weight` times source cell (x, y): rho - 1, u, strain-like moments. */
static void add_cell(double sum[START_FIELDS], const struct transfer *t, int64_t x, int64_t y,
                     double weight)
{
    int64_t cells = t->from->nx * t->from->ny, cell = x * t->from->ny + y;
    double field[START_FIELDS];
    for (int k = 0; k < START_FIELDS; k++)
        field[k] = (double)t->from->values[k * cells + cell];
    double rho = field[START_RHO], ux = field[START_UX], uy = field[START_UY];
    sum[START_RHO] += weight * (rho - 1);
    sum[START_UX] += weight * ux;
    sum[START_UY] += weight * uy;
    sum[START_PXX] += weight * (field[START_PXX] - rho * ux * ux) * t->per_tau[x];
    sum[START_PXY] += weight * (field[START_PXY] - rho * ux * uy) * t->per_tau[x];
    sum[START_PYY] += weight * (field[START_PYY] - rho * uy * uy) * t->per_tau[x];
}

/* The nearest fluid source cell, in rings about the one beneath the target's centre. */
static void add_nearest(double sum[START_FIELDS], const struct transfer *t, struct span across,
                        struct span along)
{
    const struct start_state *from = t->from;
    int64_t size = 2 * t->to->refine;
    int64_t at_x = clamp(floor_divide(across.begin + across.end, size), from->nx);
    int64_t at_y = clamp(floor_divide(along.begin + along.end, size), from->ny);
    int64_t reach = from->nx > from->ny ? from->nx : from->ny, best_x = -1, best_y = -1;
    double best = INFINITY;
    for (int64_t ring = 0; ring <= reach && (double)(ring * ring) <= best; ring++) {
        for (int64_t x = at_x - ring; x <= at_x + ring; x++) {
            int64_t step = x == at_x - ring || x == at_x + ring || ring == 0 ? 1 : 2 * ring;
            for (int64_t y = at_y - ring; y <= at_y + ring; y += step) {
                if (x < 0 || x >= from->nx || y < 0 || y >= from->ny ||
                    from->solid[x * from->ny + y])
                    continue;
                double distance = (double)((x - at_x) * (x - at_x) + (y - at_y) * (y - at_y));
                if (distance < best) {
                    best = distance;
                    best_x = x;
                    best_y = y;
                }
            }
        }
    }
    if (best_x >= 0)
        add_cell(sum, t, best_x, best_y, 1);
}

static void transfer_cell(double out[START_FIELDS], const struct transfer *t, int64_t x, int64_t y)
{
    const struct start_state *from = t->from;
    const struct transfer_target *to = t->to;
    int64_t r1 = from->refine, r2 = to->refine;
    struct span across = {(x - to->entry) * r1 + from->entry * r2, 0}, along = {y * r1, 0};
    across.end = across.begin + r1;
    along.end = along.begin + r1;
    double sum[START_FIELDS] = {0}, total = 0;
    for (int64_t i = floor_divide(across.begin, r2); i * r2 < across.end; i++) {
        for (int64_t j = floor_divide(along.begin, r2); j * r2 < along.end; j++) {
            int64_t source_x = clamp(i, from->nx), source_y = clamp(j, from->ny);
            if (from->solid[source_x * from->ny + source_y])
                continue;
            double weight = (double)(overlap(across, i, r2) * overlap(along, j, r2));
            add_cell(sum, t, source_x, source_y, weight);
            total += weight;
        }
    }
    if (total == 0) {
        add_nearest(sum, t, across, along);
        total = 1;
    }
    double scale = to->tau[x] / (double)r2 / total;
    double rho = 1 + sum[START_RHO] / total, ux = sum[START_UX] / total, uy = sum[START_UY] / total;
    out[START_RHO] = rho;
    out[START_UX] = ux;
    out[START_UY] = uy;
    out[START_PXX] = rho * ux * ux + scale * sum[START_PXX];
    out[START_PXY] = rho * ux * uy + scale * sum[START_PXY];
    out[START_PYY] = rho * uy * uy + scale * sum[START_PYY];
}

static enum status check(const struct start_state *state, const struct transfer_target *target)
{
    int64_t canvas = target->canvas * state->refine, fluid = 0;
    if (state->refine < 1 || state->nx < 1 || state->ny < 1 || state->entry < 0 ||
        state->nx - state->entry < canvas)
        return FAIL(ERR_DATA,
                    "a start state of %lld x %lld cells, %lld of entry, at refinement %lld does "
                    "not hold a canvas of %lld columns",
                    (long long)state->nx, (long long)state->ny, (long long)state->entry,
                    (long long)state->refine, (long long)target->canvas);
    for (int64_t cell = 0; cell < state->nx * state->ny; cell++)
        fluid += !state->solid[cell];
    return fluid > 0 ? OK : FAIL(ERR_DATA, "a start state without a fluid cell");
}

enum status transfer_state(double *values, const struct start_state *state,
                           const struct transfer_target *target)
{
    static const double rest[START_FIELDS] = {1, 0, 0, 0, 0, 0};
    struct transfer t = {state, target, NULL};
    TRY(check(state, target));
    TRY(ARRAY_NEW(t.per_tau, state->nx));
    int64_t sponge = state->nx - state->entry - target->canvas * state->refine;
    double tau = 0.5 + 3 * (double)state->refine * target->viscosity;
    for (int64_t x = 0; x < state->nx; x++)
        t.per_tau[x] =
            (double)state->refine / sponge_tau(x, state->nx, sponge, tau, (double)state->refine);
    int64_t cells = target->nx * target->ny;
    for (int64_t cell = 0; cell < cells; cell++) {
        double field[START_FIELDS];
        if (target->solid[cell])
            memcpy(field, rest, sizeof field);
        else
            transfer_cell(field, &t, cell / target->ny, cell % target->ny);
        for (int k = 0; k < START_FIELDS; k++)
            values[k * cells + cell] = field[k];
    }
    array_free(t.per_tau);
    return OK;
}
