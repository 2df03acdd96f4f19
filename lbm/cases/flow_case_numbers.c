/* SPDX-License-Identifier: Apache-2.0
 *
 * A check says which field it is about before it may fail. */
#include "flow_case_numbers.h"

#include "collision.h"

#include <inttypes.h>
#include <math.h>

static const double rounding_slack = 1e-9;

static enum status check_integer(struct flow_case_fault *fault, enum flow_case_fault_field field,
                                 const char *what, int64_t value, int64_t low, int64_t high)
{
    fault->field = field;
    if (value < low || value > high)
        return FAIL(ERR_CONFIG,
                    "%s %" PRId64 " is outside %" PRId64 "..%" PRId64 "; %" PRId64 " would do",
                    what, value, low, high, value < low ? low : high);
    return OK;
}

static enum status check_real(struct flow_case_fault *fault, enum flow_case_fault_field field,
                              const char *what, double value, double low, double high)
{
    fault->field = field;
    if (!(value >= low && value <= high))
        return FAIL(ERR_CONFIG, "%s %g is outside %g..%g; %g would do", what, value, low, high,
                    value > high ? high : low);
    return OK;
}

/* Parameters that one operator alone has stay at their defaults with the others. */
static enum status check_collision(struct flow_case_fault *fault,
                                   const struct flow_case_numerics *numerics)
{
    enum collision_kind collision;
    fault->field = FLOW_CASE_FAULT_COLLISION;
    TRY(collision_find(&collision, numerics->collision));
    TRY(check_real(fault, FLOW_CASE_FAULT_BULK_RATE, "bulk rate", numerics->bulk_rate, 0.01, 1.99));
    TRY(check_real(fault, FLOW_CASE_FAULT_MAGIC, "magic parameter", numerics->magic, 1e-4, 1));
    TRY(check_real(fault, FLOW_CASE_FAULT_SMAGORINSKY, "Smagorinsky constant",
                   numerics->smagorinsky, 0, 0.5));
    fault->field = FLOW_CASE_FAULT_BULK_RATE;
    if (collision != COLLISION_cumulant && numerics->bulk_rate != 1)
        return FAIL(ERR_CONFIG,
                    "collision '%s' has no bulk rate of its own (%g was given); 1 would do, or "
                    "collision 'cumulant'",
                    numerics->collision, numerics->bulk_rate);
    fault->field = FLOW_CASE_FAULT_MAGIC;
    if (collision != COLLISION_trt && numerics->magic != FLOW_CASE_MAGIC)
        return FAIL(ERR_CONFIG,
                    "collision '%s' has no magic parameter (%g was given); %g would do, or "
                    "collision 'trt'",
                    numerics->collision, numerics->magic, FLOW_CASE_MAGIC);
    return OK;
}

static enum status check_edges(struct flow_case_fault *fault,
                               const struct flow_case_numerics *numerics)
{
    TRY(check_real(fault, FLOW_CASE_FAULT_BOTTOM_SPEED, "bottom speed", numerics->bottom_speed, -2,
                   2));
    TRY(check_real(fault, FLOW_CASE_FAULT_TOP_SPEED, "top speed", numerics->top_speed, -2, 2));
    fault->field =
        numerics->bottom_speed != 0 ? FLOW_CASE_FAULT_BOTTOM_SPEED : FLOW_CASE_FAULT_TOP_SPEED;
    int moves = numerics->bottom_speed != 0 || numerics->top_speed != 0;
    if (moves && numerics->edge != FLOW_CASE_EDGE_NO_SLIP)
        return FAIL(ERR_CONFIG,
                    "%s speed %g: only no-slip edges move a fluid; 0 would do, or edge 'no-slip'",
                    numerics->bottom_speed != 0 ? "bottom" : "top",
                    numerics->bottom_speed != 0 ? numerics->bottom_speed : numerics->top_speed);
    return OK;
}

static enum status check_numerics(struct flow_case_fault *fault,
                                  const struct flow_case_numerics *numerics)
{
    TRY(check_integer(fault, FLOW_CASE_FAULT_REFINE, "refine", numerics->refine, 1,
                      FLOW_CASE_REFINE_MAX));
    TRY(check_integer(fault, FLOW_CASE_FAULT_ENTRY, "entry", numerics->entry, 4, 512));
    TRY(check_integer(fault, FLOW_CASE_FAULT_SPONGE, "sponge", numerics->sponge, 12, 512));
    TRY(check_real(fault, FLOW_CASE_FAULT_RAMP, "ramp", numerics->ramp, 2, 100));
    TRY(check_real(fault, FLOW_CASE_FAULT_KICK, "kick", numerics->kick, 0, 0.5));
    TRY(check_real(fault, FLOW_CASE_FAULT_DISCARD, "discard", numerics->discard, 0, 1000));
    TRY(check_integer(fault, FLOW_CASE_FAULT_FRAME_INTERVAL, "frame interval",
                      numerics->frame_interval, 1, 100000));
    TRY(check_collision(fault, numerics));
    TRY(check_edges(fault, numerics));
    TRY(check_integer(fault, FLOW_CASE_FAULT_FRAMES, "number of frames", numerics->frames, 1,
                      1000000));
    return OK;
}

static enum status check_stream(struct flow_case_fault *fault, const struct flow_case *flow_case)
{
    TRY(check_integer(fault, FLOW_CASE_FAULT_NX, "canvas nx", flow_case->nx, 16, 4096));
    TRY(check_integer(fault, FLOW_CASE_FAULT_NY, "canvas ny", flow_case->ny, 16, 4096));
    fault->field = FLOW_CASE_FAULT_SPEED;
    if (!(flow_case->speed >= FLOW_CASE_SPEED_MIN && flow_case->speed <= FLOW_CASE_SPEED_MAX))
        return FAIL(ERR_CONFIG,
                    "inflow speed U = %g is outside %g..%g (above it compressibility spoils the "
                    "flow, below it rounding does); %g would do",
                    flow_case->speed, FLOW_CASE_SPEED_MIN, FLOW_CASE_SPEED_MAX,
                    FLOW_CASE_SPEED_MAX);
    fault->field = FLOW_CASE_FAULT_REYNOLDS;
    if (!(flow_case->reynolds > 0 && isfinite(flow_case->reynolds)))
        return FAIL(ERR_CONFIG, "Reynolds number %g is not a positive number; 20 to 1000 would do",
                    flow_case->reynolds);
    return OK;
}

/* Greatest speed of the table over its mean, which is U. */
static enum status measure_table(double *peak, struct flow_case_fault *fault,
                                 const struct flow_case_numerics *numerics)
{
    int64_t last = numerics->table_count - 1;
    double sum = 0, most = 0;
    TRY(check_integer(fault, FLOW_CASE_FAULT_TABLE, "number of the inflow's speeds",
                      numerics->table_count, 2, FLOW_CASE_TABLE));
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
static enum status check_profile(struct flow_case_fault *fault, const struct flow_case *flow_case)
{
    const struct flow_case_numerics *numerics = &flow_case->numerics;
    double peak = numerics->profile == FLOW_CASE_PROFILE_PARABOLIC ? 1.5 : 1;
    if (numerics->profile == FLOW_CASE_PROFILE_TABLE)
        TRY(measure_table(&peak, fault, numerics));
    fault->field = FLOW_CASE_FAULT_SPEED;
    if (flow_case->speed * peak > FLOW_CASE_PEAK_MAX * (1 + 1e-9))
        return FAIL(ERR_CONFIG,
                    "the inflow is %.4g at its fastest, %.4g times its mean U = %g, above %g; U of "
                    "at most %.4f would do",
                    flow_case->speed * peak, peak, flow_case->speed, FLOW_CASE_PEAK_MAX,
                    floor(FLOW_CASE_PEAK_MAX / peak * 1e4 + rounding_slack) / 1e4);
    return OK;
}

enum status flow_case_numbers_check(struct flow_case_fault *fault,
                                    const struct flow_case *flow_case)
{
    TRY(check_numerics(fault, &flow_case->numerics));
    TRY(check_stream(fault, flow_case));
    TRY(check_profile(fault, flow_case));
    fault->field = FLOW_CASE_FAULT_UNKNOWN;
    return OK;
}
