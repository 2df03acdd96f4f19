/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules by which a case is refused. Each message says what is wrong and what would do. */
#include "flow_case.h"

#include "collision.h"
#include "flow_case_gap.h"
#include "flow_case_motion.h"
#include "geometry.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ADVICE = 64 };

static const double rounding_slack = 1e-9;   /* cells: a body placed exactly at a limit passes */
static const double viscosity_max = 1.0 / 6; /* where the sponge ends, canvas units */

static enum status check_integer(const char *what, int64_t value, int64_t low, int64_t high)
{
    if (value < low || value > high)
        return FAIL(ERR_CONFIG,
                    "%s %" PRId64 " is outside %" PRId64 "..%" PRId64 "; %" PRId64 " would do",
                    what, value, low, high, value < low ? low : high);
    return OK;
}

static enum status check_real(const char *what, double value, double low, double high)
{
    if (!(value >= low && value <= high))
        return FAIL(ERR_CONFIG, "%s %g is outside %g..%g; %g would do", what, value, low, high,
                    value > high ? high : low);
    return OK;
}

/* Parameters that one operator alone has stay at their defaults with the others. */
static enum status check_collision(const struct flow_case_numerics *numerics)
{
    enum collision_kind collision;
    TRY(collision_find(&collision, numerics->collision));
    TRY(check_real("bulk rate", numerics->bulk_rate, 0.01, 1.99));
    TRY(check_real("magic parameter", numerics->magic, 1e-4, 1));
    TRY(check_real("Smagorinsky constant", numerics->smagorinsky, 0, 0.5));
    if (collision != COLLISION_cumulant && numerics->bulk_rate != 1)
        return FAIL(ERR_CONFIG,
                    "collision '%s' has no bulk rate of its own (%g was given); 1 would do, or "
                    "collision 'cumulant'",
                    numerics->collision, numerics->bulk_rate);
    if (collision != COLLISION_trt && numerics->magic != FLOW_CASE_MAGIC)
        return FAIL(ERR_CONFIG,
                    "collision '%s' has no magic parameter (%g was given); %g would do, or "
                    "collision 'trt'",
                    numerics->collision, numerics->magic, FLOW_CASE_MAGIC);
    return OK;
}

static enum status check_edges(const struct flow_case_numerics *numerics)
{
    TRY(check_real("bottom speed", numerics->bottom_speed, -2, 2));
    TRY(check_real("top speed", numerics->top_speed, -2, 2));
    int moves = numerics->bottom_speed != 0 || numerics->top_speed != 0;
    if (moves && numerics->edge != FLOW_CASE_EDGE_NO_SLIP)
        return FAIL(ERR_CONFIG,
                    "%s speed %g: only no-slip edges move a fluid; 0 would do, or edge 'no-slip'",
                    numerics->bottom_speed != 0 ? "bottom" : "top",
                    numerics->bottom_speed != 0 ? numerics->bottom_speed : numerics->top_speed);
    return OK;
}

static enum status check_numerics(const struct flow_case_numerics *numerics)
{
    TRY(check_integer("refine", numerics->refine, 1, FLOW_CASE_REFINE_MAX));
    TRY(check_integer("entry", numerics->entry, 4, 512));
    TRY(check_integer("sponge", numerics->sponge, 12, 512));
    TRY(check_real("ramp", numerics->ramp, 2, 100));
    TRY(check_real("kick", numerics->kick, 0, 0.5));
    TRY(check_real("discard", numerics->discard, 0, 1000));
    TRY(check_integer("frame interval", numerics->frame_interval, 1, 100000));
    TRY(check_collision(numerics));
    TRY(check_edges(numerics));
    TRY(check_integer("number of frames", numerics->frames, 1, 1000000));
    return OK;
}

static enum status check_stream(const struct flow_case *flow_case)
{
    TRY(check_integer("canvas nx", flow_case->nx, 16, 4096));
    TRY(check_integer("canvas ny", flow_case->ny, 16, 4096));
    if (!(flow_case->speed >= FLOW_CASE_SPEED_MIN && flow_case->speed <= FLOW_CASE_SPEED_MAX))
        return FAIL(ERR_CONFIG,
                    "inflow speed U = %g is outside %g..%g (above it compressibility spoils the "
                    "flow, below it rounding does); %g would do",
                    flow_case->speed, FLOW_CASE_SPEED_MIN, FLOW_CASE_SPEED_MAX,
                    FLOW_CASE_SPEED_MAX);
    if (!(flow_case->reynolds > 0 && isfinite(flow_case->reynolds)))
        return FAIL(ERR_CONFIG, "Reynolds number %g is not a positive number; 20 to 1000 would do",
                    flow_case->reynolds);
    return OK;
}

/* Greatest speed of the table over its mean, which is U. */
static enum status measure_table(double *peak, const struct flow_case_numerics *numerics)
{
    int64_t last = numerics->table_count - 1;
    double sum = 0, most = 0;
    TRY(check_integer("number of the inflow's speeds", numerics->table_count, 2, FLOW_CASE_TABLE));
    for (int64_t k = 0; k <= last; k++) {
        double speed = numerics->table[k];
        if (!(speed >= 0 && isfinite(speed)))
            return FAIL(ERR_CONFIG,
                        "speed %" PRId64 " of the inflow is %g: it may not flow back; 0 or more "
                        "would do",
                        k + 1, speed);
        sum += k == 0 || k == last ? speed / 2 : speed;
        most = fmax(most, speed);
    }
    if (!(sum > 0))
        return FAIL(ERR_CONFIG, "every speed of the inflow is 0; one above 0 would do");
    *peak = most * (double)last / sum;
    return OK;
}

/* What U is multiplied by at the fastest place of the inflow. */
static enum status check_profile(const struct flow_case *flow_case)
{
    const struct flow_case_numerics *numerics = &flow_case->numerics;
    double peak = numerics->profile == FLOW_CASE_PROFILE_PARABOLIC ? 1.5 : 1;
    if (numerics->profile == FLOW_CASE_PROFILE_TABLE)
        TRY(measure_table(&peak, numerics));
    if (flow_case->speed * peak > FLOW_CASE_PEAK_MAX * (1 + 1e-9))
        return FAIL(ERR_CONFIG,
                    "the inflow is %.4g at its fastest, %.4g times its mean U = %g, above %g; U of "
                    "at most %.4f would do",
                    flow_case->speed * peak, peak, flow_case->speed, FLOW_CASE_PEAK_MAX,
                    floor(FLOW_CASE_PEAK_MAX / peak * 1e4 + rounding_slack) / 1e4);
    return OK;
}

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

static enum status check_places(enum refusal *broken, const struct flow_case *flow_case,
                                const struct geometry *geometry)
{
    double nx = (double)flow_case->nx, ny = (double)flow_case->ny, box[4];
    for (int64_t i = 0; i < geometry_count(geometry); i++) {
        const struct body_spec *spec = &flow_case->bodies[i];
        body_bounds(box, geometry_body(geometry, i));
        *broken = REFUSAL_ENDS;
        TRY(check_extent(i, nx, box));
        const struct edge_rule edges[] = {
            {"the lower wall", box[2], "y", spec->y, 1},
            {"the upper wall", ny - box[3], "y", spec->y, -1},
            {"the entry, upstream of the canvas", box[0], "x", spec->x, 1},
            {"the sponge, downstream of the canvas", nx - box[1], "x", spec->x, -1},
        };
        for (int k = 0; k < 4; k++) {
            *broken = edges[k].axis[0] == 'y' ? REFUSAL_WALL : REFUSAL_ENDS;
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

static enum status check_sizes(const struct flow_case *flow_case, const struct geometry *geometry)
{
    char advice[ADVICE];
    double refine = (double)flow_case->numerics.refine;
    for (int64_t i = 0; i < geometry_count(geometry); i++) {
        double cells = body_projection(geometry_body(geometry, i)) * refine;
        double factor = FLOW_CASE_SOLVER_CELLS / cells;
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

static enum status check_viscosity(enum refusal *broken, const struct flow_case *flow_case)
{
    struct flow flow;
    enum collision_kind collision;
    TRY(flow_case_describe(&flow, flow_case));
    TRY(collision_find(&collision, flow_case->numerics.collision));
    double least = collision_tau_min(collision), scale = flow.speed * flow.length;
    *broken = REFUSAL_TAU;
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
    *broken = REFUSAL_VISCOSITY;
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

static enum status check_forces(const struct flow_case *flow_case)
{
    const struct flow_case_numerics *numerics = &flow_case->numerics;
    struct flow flow;
    TRY(flow_case_describe(&flow, flow_case));
    double columns = (double)(numerics->entry + flow_case->nx + numerics->sponge);
    TRY(check_force('x', numerics->force_x, columns, &flow));
    return check_force('y', numerics->force_y, (double)flow_case->ny, &flow);
}

static enum status check(enum refusal *broken, const struct flow_case *flow_case,
                         enum flow_case_gap_advice advice)
{
    enum status status = OK;
    struct geometry *geometry = NULL;
    *broken = REFUSAL_SETTINGS;
    TRY(check_numerics(&flow_case->numerics));
    TRY(check_stream(flow_case));
    TRY(check_profile(flow_case));
    *broken = REFUSAL_BODY;
    TRY(flow_case_geometry(&geometry, flow_case));
    *broken = REFUSAL_BLOCKAGE;
    TRY_GOTO(check_blockage(flow_case, geometry), cleanup);
    *broken = REFUSAL_SIZE;
    TRY_GOTO(check_sizes(flow_case, geometry), cleanup);
    TRY_GOTO(check_places(broken, flow_case, geometry), cleanup);
    *broken = REFUSAL_GAP;
    TRY_GOTO(flow_case_gap_check(flow_case, geometry, advice), cleanup);
    TRY_GOTO(check_viscosity(broken, flow_case), cleanup);
    TRY_GOTO(flow_case_motion_check(broken, flow_case, geometry), cleanup);
    *broken = REFUSAL_SETTINGS;
    TRY_GOTO(check_forces(flow_case), cleanup);
cleanup:
    geometry_destroy(geometry);
    return status;
}

enum status flow_case_check_rule(enum refusal *broken, const struct flow_case *flow_case)
{
    return check(broken, flow_case, FLOW_CASE_GAP_BRIEF);
}

enum status flow_case_check(const struct flow_case *flow_case)
{
    enum refusal unused;
    return check(&unused, flow_case, FLOW_CASE_GAP_FULL);
}
