/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules by which a case is refused. Each message says what is wrong and what would do. */
#include "flow_case.h"

#include "collision.h"
#include "flow_case_gap.h"
#include "flow_case_motion.h"
#include "flow_case_numbers.h"
#include "geometry.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ADVICE = 64 };

static const double rounding_slack = 1e-9;   /* cells: a body placed exactly at a limit passes */
static const double viscosity_max = 1.0 / 6; /* where the sponge ends, canvas units */

/* Rounded to a digit away from the limit, so that a value given as one that would do does. */
static double round_down(double value)
{
    return floor(value * 10 + rounding_slack) / 10;
}

static double round_up(double value)
{
    return ceil(value * 10 - rounding_slack) / 10;
}

/* One edge of the canvas and the free cells before it. `towards` is 1 where moving up the axis
 * makes room, else -1. */
struct edge_rule {
    const char *name;
    double room;
    const char *axis;
    double centre;
    int towards;
};

static enum status check_edge(int64_t index, const struct body_spec *spec,
                              const struct edge_rule *edge)
{
    double missing = FLOW_CASE_CLEARANCE - edge->room;
    if (!(missing > rounding_slack))
        return OK;
    char label[BODY_NAME_SIZE];
    body_label(label, spec);
    double centre = edge->centre + edge->towards * missing;
    centre = edge->towards > 0 ? round_up(centre) : round_down(centre);
    const char *bound = edge->towards > 0 ? "least" : "most";
    if (edge->room <= 0)
        return FAIL(ERR_CONFIG, "body %" PRId64 " (%s) touches %s; %s of at %s %.1f would do",
                    index + 1, label, edge->name, edge->axis, bound, centre);
    return FAIL(ERR_CONFIG,
                "body %" PRId64 " (%s) comes within %.3g cells of %s, %d are needed; %s of at %s "
                "%.1f would do",
                index + 1, label, edge->room, edge->name, FLOW_CASE_CLEARANCE, edge->axis, bound,
                centre);
}

static enum status check_extent(int64_t index, double nx, const double box[4])
{
    double most = nx - 2 * FLOW_CASE_CLEARANCE;
    if (box[1] - box[0] > most + rounding_slack)
        return FAIL(ERR_CONFIG,
                    "body %" PRId64 " is %.4g cells long downstream; at most %g would do on a "
                    "canvas of %g",
                    index + 1, box[1] - box[0], most, nx);
    return OK;
}

static enum status check_places(struct flow_case_fault *fault, const struct flow_case *flow_case,
                                const struct geometry *geometry)
{
    double nx = (double)flow_case->nx, ny = (double)flow_case->ny, box[4];
    for (int64_t i = 0; i < geometry_count(geometry); i++) {
        const struct body_spec *spec = &flow_case->bodies[i];
        body_bounds(box, geometry_body(geometry, i));
        *fault = (struct flow_case_fault){REFUSAL_ENDS, FLOW_CASE_FAULT_SIZE, i};
        TRY(check_extent(i, nx, box));
        int ring = flow_case->numerics.edge == FLOW_CASE_EDGE_PERIODIC;
        const struct edge_rule edges[] = {
            {ring ? "the lower edge, where the flow is periodic" : "the lower wall", box[2], "y",
             spec->y, 1},
            {ring ? "the upper edge, where the flow is periodic" : "the upper wall", ny - box[3],
             "y", spec->y, -1},
            {"the entry, upstream of the canvas", box[0], "x", spec->x, 1},
            {"the sponge, downstream of the canvas", nx - box[1], "x", spec->x, -1},
        };
        for (int k = 0; k < 4; k++) {
            int across = edges[k].axis[0] == 'y';
            fault->rule = across ? REFUSAL_WALL : REFUSAL_ENDS;
            fault->field = across ? FLOW_CASE_FAULT_Y : FLOW_CASE_FAULT_X;
            TRY(check_edge(i, spec, &edges[k]));
        }
    }
    return OK;
}

/* ", or refine of at least 3": what a finer lattice alone would do; "" when none does. */
static const char *or_refine(char out[ADVICE], double least)
{
    out[0] = '\0';
    if (least <= FLOW_CASE_REFINE_MAX)
        snprintf(out, ADVICE, ", or refine of at least %.0f", ceil(least - rounding_slack));
    return out;
}

static enum status check_sizes(struct flow_case_fault *fault, const struct flow_case *flow_case,
                               const struct geometry *geometry)
{
    char advice[ADVICE];
    double refine = (double)flow_case->numerics.refine;
    for (int64_t i = 0; i < geometry_count(geometry); i++) {
        double cells = body_projection(geometry_body(geometry, i)) * refine;
        double factor = FLOW_CASE_SOLVER_CELLS / cells;
        *fault = (struct flow_case_fault){REFUSAL_SIZE, FLOW_CASE_FAULT_SIZE, i};
        if (cells < FLOW_CASE_SOLVER_CELLS - rounding_slack)
            return FAIL(ERR_CONFIG,
                        "body %" PRId64 " is %.3g solver cells across the stream, too few to be a "
                        "body; a size of at least %.1f would do%s",
                        i + 1, cells, round_up(flow_case->bodies[i].size * factor),
                        or_refine(advice, refine * factor));
    }
    return OK;
}

/* What the bodies cover across the stream when each is `factor` times as large where it is. */
static double covered(const struct flow_case *flow_case, const struct geometry *geometry,
                      double factor)
{
    double low[FLOW_CASE_BODIES], high[FLOW_CASE_BODIES], sum = 0, reached = -HUGE_VAL, box[4];
    int64_t count = geometry_count(geometry);
    for (int64_t i = 0; i < count; i++) {
        double y = flow_case->bodies[i].y;
        body_bounds(box, geometry_body(geometry, i));
        int64_t place = i; /* in order of their lower ends */
        for (; place > 0 && low[place - 1] > y + factor * (box[2] - y); place--) {
            low[place] = low[place - 1];
            high[place] = high[place - 1];
        }
        low[place] = y + factor * (box[2] - y);
        high[place] = y + factor * (box[3] - y);
    }
    for (int64_t i = 0; i < count; i++) {
        sum += fmax(high[i] - fmax(low[i], reached), 0);
        reached = fmax(reached, high[i]);
    }
    return sum;
}

/* The largest factor, in hundredths, that all sizes may be multiplied by to cover `most`. */
static double find_factor(const struct flow_case *flow_case, const struct geometry *geometry,
                          double most)
{
    int low = 0, high = 100;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (covered(flow_case, geometry, middle / 100.0) <= most)
            low = middle;
        else
            high = middle;
    }
    return low / 100.0;
}

static enum status check_blockage(const struct flow_case *flow_case,
                                  const struct geometry *geometry)
{
    double ny = (double)flow_case->ny, projection = geometry_projection(geometry);
    double blockage = projection / ny;
    if (!(blockage > FLOW_CASE_BLOCKAGE_MAX + rounding_slack / ny))
        return OK;
    double factor = FLOW_CASE_BLOCKAGE_MAX / blockage;
    if (flow_case->body_count == 1)
        return FAIL(ERR_CONFIG, "blockage %.3g is above %g; a size of at most %.1f would do",
                    blockage, FLOW_CASE_BLOCKAGE_MAX,
                    round_down(flow_case->bodies[0].size * factor));
    return FAIL(ERR_CONFIG,
                "blockage %.3g is above %g: the bodies together cover %.4g of %g cells across the "
                "stream; sizes of at most %.2f times these would do",
                blockage, FLOW_CASE_BLOCKAGE_MAX, projection, ny,
                find_factor(flow_case, geometry, FLOW_CASE_BLOCKAGE_MAX * ny));
}

static enum status check_viscosity(struct flow_case_fault *fault, const struct flow_case *flow_case)
{
    struct flow flow;
    enum collision_kind collision;
    TRY(flow_case_describe(&flow, flow_case));
    TRY(collision_find(&collision, flow_case->numerics.collision));
    double least = collision_tau_min(collision), scale = flow.speed * flow.length;
    *fault = (struct flow_case_fault){REFUSAL_TAU, FLOW_CASE_FAULT_REYNOLDS, 0};
    if (!(flow.tau >= least - 1e-12)) {
        char advice[ADVICE];
        double most = scale * 3 * (double)flow.refine / (least - 0.5);
        return FAIL(ERR_CONFIG,
                    "tau %.6g is below %g, the least for collision '%s'; a Reynolds number of at "
                    "most %.1f would do%s%s",
                    flow.tau, least, collision_name(collision), round_down(most),
                    or_refine(advice, (least - 0.5) / (3 * flow.viscosity)),
                    collision == COLLISION_cumulant ? "" : ", or collision 'cumulant'");
    }
    fault->rule = REFUSAL_VISCOSITY;
    if (!(flow.viscosity <= viscosity_max + 1e-12))
        return FAIL(ERR_CONFIG,
                    "viscosity %.4g is above %.4g, that of the sponge (tau %.4g); a Reynolds "
                    "number of at least %.1f would do",
                    flow.viscosity, viscosity_max, flow.tau, round_up(scale / viscosity_max));
    return OK;
}

/* A force is held by a density that rises against it: by 3 f for each cell. */
static enum status check_force(char axis, double force, double cells, const struct flow *flow)
{
    double unit = 3 * flow->speed * flow->speed / flow->length * cells;
    if (!(fabs(force) * unit <= FLOW_CASE_HEAD_MAX * (1 + 1e-9)))
        return FAIL(
            ERR_CONFIG,
            "the force along %c, %g, would pile up %.3g of the density over %g cells, above "
            "%g; at most %.4f U^2 / D would do",
            axis, force, fabs(force) * unit, cells, FLOW_CASE_HEAD_MAX,
            floor(FLOW_CASE_HEAD_MAX / unit * 1e4 + rounding_slack) / 1e4);
    return OK;
}

static enum status check_forces(struct flow_case_fault *fault, const struct flow_case *flow_case)
{
    const struct flow_case_numerics *numerics = &flow_case->numerics;
    struct flow flow;
    TRY(flow_case_describe(&flow, flow_case));
    double columns = (double)(numerics->entry + flow_case->nx + numerics->sponge);
    *fault = (struct flow_case_fault){REFUSAL_SETTINGS, FLOW_CASE_FAULT_FORCE_X, 0};
    TRY(check_force('x', numerics->force_x, columns, &flow));
    fault->field = FLOW_CASE_FAULT_FORCE_Y;
    return check_force('y', numerics->force_y, (double)flow_case->ny, &flow);
}

/* The first body that cannot be made. */
static int64_t find_bad_body(const struct flow_case *flow_case)
{
    int64_t k = 0;
    struct body *body = NULL;
    for (; k < flow_case->body_count - 1; k++) {
        if (body_create(&body, &flow_case->bodies[k]) != OK)
            break;
        body_destroy(body);
    }
    return k;
}

static enum status make_bodies(struct geometry **out, struct flow_case_fault *fault,
                               const struct flow_case *flow_case)
{
    int counted = flow_case->body_count >= 0 && flow_case->body_count <= FLOW_CASE_BODIES;
    *fault = (struct flow_case_fault){REFUSAL_BODY, FLOW_CASE_FAULT_BODIES, 0};
    enum status status = flow_case_geometry(out, flow_case);
    if (status != ERR_CONFIG || !counted)
        return status;
    fault->field = FLOW_CASE_FAULT_SHAPE;
    fault->body = find_bad_body(flow_case);
    return flow_case_geometry(out, flow_case); /* once more, for its message */
}

enum status flow_case_check_fault(struct flow_case_fault *fault, const struct flow_case *flow_case,
                                  enum flow_case_advice advice)
{
    enum status status = OK;
    struct geometry *geometry = NULL;
    *fault = (struct flow_case_fault){REFUSAL_SETTINGS, FLOW_CASE_FAULT_UNKNOWN, 0};
    TRY(flow_case_numbers_check(fault, flow_case));
    TRY(make_bodies(&geometry, fault, flow_case));
    *fault = (struct flow_case_fault){REFUSAL_BLOCKAGE, FLOW_CASE_FAULT_SIZE, 0};
    TRY_GOTO(check_blockage(flow_case, geometry), cleanup);
    TRY_GOTO(check_sizes(fault, flow_case, geometry), cleanup);
    TRY_GOTO(check_places(fault, flow_case, geometry), cleanup);
    TRY_GOTO(flow_case_gap_check(fault, flow_case, geometry, advice), cleanup);
    TRY_GOTO(check_viscosity(fault, flow_case), cleanup);
    TRY_GOTO(flow_case_motion_check(fault, flow_case, geometry), cleanup);
    TRY_GOTO(check_forces(fault, flow_case), cleanup);
cleanup:
    geometry_destroy(geometry);
    return status;
}

enum status flow_case_check(const struct flow_case *flow_case)
{
    struct flow_case_fault unused;
    return flow_case_check_fault(&unused, flow_case, FLOW_CASE_ADVICE_FULL);
}
