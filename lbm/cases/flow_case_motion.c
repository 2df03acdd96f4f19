/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules are looked at from time to time only: as no point of a body is faster than `fastest`,
 * what has room to spare now has some for a while ("conservative advancement", Mirtich 1996). */
#include "flow_case_motion.h"

#include "array.h"
#include "exact_math.h"
#include "geometry.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ADVICE = 96, RULE = 96 };

static const double least_stride = 0.2; /* cells between two looks: what the rules are exact to */
static const double rounding_slack = 1e-9;

static int is_round(const struct body_spec *spec)
{
    return strcmp(spec->family, "circle") == 0;
}

static int moves(const struct flow_case *c, int64_t k)
{
    const struct flow_case_motion *m = &c->motions[k];
    return m->u != 0 || m->v != 0 || m->spin != 0;
}

static int travels(const struct flow_case *c, int64_t k)
{
    const struct flow_case_motion *m = &c->motions[k];
    return m->u != 0 || m->v != 0 || (m->spin != 0 && !is_round(&c->bodies[k]));
}

enum flow_case_motion_kind flow_case_motion_kind(const struct flow_case *flow_case)
{
    enum flow_case_motion_kind kind = FLOW_CASE_MOTION_NONE;
    for (int64_t k = 0; k < flow_case->body_count; k++) {
        if (travels(flow_case, k))
            return FLOW_CASE_MOTION_TRAVEL;
        if (flow_case->motions[k].spin != 0)
            kind = FLOW_CASE_MOTION_TURN;
    }
    return kind;
}

void flow_case_motion_courses(struct body_course out[FLOW_CASE_BODIES],
                              const struct flow_case *flow_case, const struct flow *flow)
{
    double time = flow->length / flow->speed; /* D / U in steps */
    for (int64_t k = 0; k < flow_case->body_count; k++) {
        const struct flow_case_motion *m = &flow_case->motions[k];
        out[k] = (struct body_course){.u = m->u * flow->speed,
                                      .v = m->v * flow->speed,
                                      .spin = 2 * m->spin / time,
                                      .begin = (double)flow->first_step + m->begin * time,
                                      .rise = m->rise * time};
        if (out[k].begin < 0) { /* with the stream */
            out[k].begin = 0;
            out[k].rise = (double)flow_case_ramp_steps(flow_case);
        }
    }
}

static void pose_of(double pose[GEOMETRY_POSE], const struct body_spec *spec,
                    const struct body_course *course, double step)
{
    double way = body_course_way(course, step);
    pose[0] = spec->x + course->u * way;
    pose[1] = spec->y + course->v * way;
    pose[2] = fmod(spec->angle + course->spin * way * (180 / EXACT_MATH_PI), 360);
}

void flow_case_motion_place(struct flow_case *out, const struct flow_case *flow_case,
                            const struct flow *flow, double step)
{
    struct body_course courses[FLOW_CASE_BODIES] = {{0}};
    double pose[GEOMETRY_POSE];
    *out = *flow_case;
    flow_case_motion_courses(courses, flow_case, flow);
    for (int64_t k = 0; k < out->body_count; k++) {
        pose_of(pose, &flow_case->bodies[k], &courses[k], step);
        out->bodies[k].x = pose[0];
        out->bodies[k].y = pose[1];
        out->bodies[k].angle = pose[2];
    }
}

/* ---- speeds ---- */

static enum status measure_reach(double *reach, const struct body *body)
{
    const struct body_spec *spec = body_get_spec(body);
    double *points = NULL;
    int64_t count;
    TRY(body_outline(&points, &count, body, 0.01));
    *reach = 0;
    for (int64_t i = 0; i < count; i++)
        *reach = fmax(*reach, hypot(points[2 * i] - spec->x, points[2 * i + 1] - spec->y));
    array_free(points);
    return OK;
}

static enum status check_value(struct flow_case_fault *fault, enum flow_case_fault_field field,
                               const char *what, double value, double low, double high)
{
    fault->field = field;
    if (!(value >= low && value <= high))
        return FAIL(ERR_CONFIG, "body %" PRId64 ": %s %g is outside %g..%g; %g would do",
                    fault->body + 1, what, value, low, high, value > high ? high : low);
    return OK;
}

/* What velocity and spin may be multiplied by, in hundredths. */
static double share_of(double limit, double speed)
{
    return floor(100 * limit / speed + rounding_slack) / 100;
}

/* Which field makes a body move. */
static enum flow_case_fault_field motion_field(const struct flow_case_motion *motion)
{
    return motion->u != 0   ? FLOW_CASE_FAULT_VELOCITY_X
           : motion->v != 0 ? FLOW_CASE_FAULT_VELOCITY_Y
                            : FLOW_CASE_FAULT_SPIN;
}

/* A circle that spins where it is may be faster: nothing is covered or uncovered. */
static enum status check_speed(double *speed, struct flow_case_fault *fault,
                               const struct flow_case *c, const struct geometry *geometry,
                               int64_t k)
{
    const struct flow_case_motion *m = &c->motions[k];
    fault->field = motion_field(m);
    double reach, length = geometry_length(geometry);
    TRY(measure_reach(&reach, geometry_body(geometry, k)));
    *speed = c->speed * (hypot(m->u, m->v) + 2 * fabs(m->spin) / length * reach);
    if (!travels(c, k)) {
        double most = FLOW_CASE_WALL_SPEED_MAX * length / (c->speed * c->bodies[k].size);
        if (!(fabs(m->spin) <= most + 1e-12))
            return FAIL(ERR_CONFIG,
                        "body %" PRId64 " has a spin of %g, which moves its surface at %.3g, above "
                        "%g; at most %.2f either way would do, or a lower inflow speed",
                        k + 1, m->spin, *speed, FLOW_CASE_WALL_SPEED_MAX,
                        floor(most * 100 + rounding_slack) / 100);
    } else if (!(*speed <= FLOW_CASE_SPEED_MAX * (1 + 1e-9))) {
        return FAIL(ERR_CONFIG,
                    "body %" PRId64 " moves its surface at up to %.3g, above %g; %.2f times its "
                    "velocity and spin would do, or a lower inflow speed",
                    k + 1, *speed, FLOW_CASE_SPEED_MAX, share_of(FLOW_CASE_SPEED_MAX, *speed));
    }
    return OK;
}

/* `fastest`: of any point of a body whose outline moves. */
static enum status check_speeds(double *fastest, struct flow_case_fault *fault,
                                const struct flow_case *c, const struct geometry *geometry)
{
    *fastest = 0;
    for (int64_t k = 0; k < c->body_count; k++) {
        const struct flow_case_motion *m = &c->motions[k];
        double speed;
        fault->body = k;
        if (!moves(c, k))
            continue;
        TRY(check_value(fault, FLOW_CASE_FAULT_VELOCITY_X, "velocity along x", m->u, -1, 1));
        TRY(check_value(fault, FLOW_CASE_FAULT_VELOCITY_Y, "velocity along y", m->v, -1, 1));
        TRY(check_value(fault, FLOW_CASE_FAULT_SPIN, "spin", m->spin, -200, 200));
        TRY(check_value(fault, FLOW_CASE_FAULT_BEGIN, "begin", m->begin, FLOW_CASE_WITH_STREAM,
                        100000));
        if (m->begin > FLOW_CASE_WITH_STREAM)
            TRY(check_value(fault, FLOW_CASE_FAULT_RISE, "rise", m->rise, FLOW_CASE_RISE_MIN,
                            1000));
        TRY(check_speed(&speed, fault, c, geometry, k));
        if (travels(c, k))
            *fastest = fmax(*fastest, speed);
    }
    return OK;
}

/* ---- places ---- */

/* The rule that has least room: what is left, in cells of motion; and its words. */
struct rule {
    enum refusal refusal;
    int64_t body; /* one that breaks it */
    double room;
    char words[RULE];
};

static void take_rule(struct rule *least, enum refusal refusal, int64_t body, double room,
                      const char *words)
{
    if (room >= least->room)
        return;
    least->refusal = refusal;
    least->body = body;
    least->room = room;
    snprintf(least->words, RULE, "%s", words);
}

static void look_at_edges(struct rule *least, const struct flow_case *c,
                          const struct geometry *geometry)
{
    int ring = c->numerics.edge == FLOW_CASE_EDGE_PERIODIC;
    const char *const names[] = {"the entry", "the sponge",
                                 ring ? "the lower, periodic edge" : "the lower wall",
                                 ring ? "the upper, periodic edge" : "the upper wall"};
    for (int64_t k = 0; k < geometry_count(geometry); k++) {
        double box[4];
        body_bounds(box, geometry_body(geometry, k));
        const double rooms[] = {box[0], (double)c->nx - box[1], box[2], (double)c->ny - box[3]};
        for (int side = 0; side < 4; side++) {
            char words[RULE];
            snprintf(words, sizeof words, "body %" PRId64 " comes within %d cells of %s", k + 1,
                     (int)FLOW_CASE_CLEARANCE, names[side]);
            take_rule(least, side < 2 ? REFUSAL_ENDS : REFUSAL_WALL, k,
                      rooms[side] - FLOW_CASE_CLEARANCE, words);
        }
    }
}

static int64_t first_that_moves(const struct flow_case *c)
{
    int64_t k = 0;
    while (k < c->body_count - 1 && !moves(c, k))
        k++;
    return k;
}

/* Two bodies may go towards each other, and a projection grows at both its ends. */
static enum status look(struct rule *least, const struct flow_case *c,
                        const struct geometry *geometry)
{
    double gap;
    int64_t pair[2] = {0, 0};
    char words[RULE];
    *least = (struct rule){.room = INFINITY};
    look_at_edges(least, c, geometry);
    TRY(geometry_gap(&gap, pair, geometry));
    snprintf(words, sizeof words, "bodies %" PRId64 " and %" PRId64 " come within %d cells",
             pair[0] + 1, pair[1] + 1, (int)FLOW_CASE_CLEARANCE);
    take_rule(least, REFUSAL_GAP, moves(c, pair[0]) ? pair[0] : pair[1],
              (gap - FLOW_CASE_CLEARANCE) / 2, words);
    double covered = geometry_projection(geometry), most = FLOW_CASE_BLOCKAGE_MAX * (double)c->ny;
    snprintf(words, sizeof words, "the blockage goes above %g", FLOW_CASE_BLOCKAGE_MAX);
    take_rule(least, REFUSAL_BLOCKAGE, first_that_moves(c),
              (most - covered) / (2 * (double)c->body_count), words);
    return OK;
}

/* The first step at which a rule is broken, and in `rule` which; below 0: none is. */
static enum status walk(double *step, struct rule *rule, const struct flow_case *c, double fastest)
{
    enum status status = OK;
    struct flow flow;
    struct geometry *geometry = NULL;
    struct body_course courses[FLOW_CASE_BODIES];
    double poses[FLOW_CASE_BODIES][GEOMETRY_POSE], end = (double)flow_case_total_steps(c);
    *step = 0;
    TRY_GOTO(flow_case_describe(&flow, c), cleanup);
    TRY_GOTO(flow_case_geometry(&geometry, c), cleanup);
    flow_case_motion_courses(courses, c, &flow);
    for (;;) {
        for (int64_t k = 0; k < c->body_count; k++)
            pose_of(poses[k], &c->bodies[k], &courses[k], *step);
        TRY_GOTO(geometry_place(geometry, &poses[0][0]), cleanup);
        TRY_GOTO(look(rule, c, geometry), cleanup);
        if (rule->room < -rounding_slack || *step >= end)
            break;
        *step = fmin(*step + fmax(rule->room, least_stride) / fastest, end);
    }
    if (rule->room >= -rounding_slack)
        *step = -1;
cleanup:
    geometry_destroy(geometry);
    return status;
}

/* Does the case with these changes keep the rules? */
static int would_do(const struct flow_case *c, double factor, double fastest)
{
    struct flow_case changed = *c;
    struct rule rule;
    double step;
    for (int64_t k = 0; k < c->body_count; k++) {
        changed.motions[k].u *= factor;
        changed.motions[k].v *= factor;
        changed.motions[k].spin *= factor;
    }
    return walk(&step, &rule, &changed, fastest * factor) == OK && step < 0;
}

static int would_do_later(const struct flow_case *c, double fastest)
{
    struct flow_case changed = *c;
    for (int64_t k = 0; k < c->body_count; k++) {
        changed.motions[k].begin = fmax(changed.motions[k].begin, 0);
        changed.motions[k].rise = fmax(changed.motions[k].rise, FLOW_CASE_RISE_MIN);
    }
    return would_do(&changed, 1, fastest);
}

/* The most frames up to `frames` that would do; 1 when none do. */
static int64_t find_frames(const struct flow_case *c, int64_t frames, double fastest)
{
    struct flow_case shorter = *c;
    for (shorter.numerics.frames = frames; shorter.numerics.frames > 1; shorter.numerics.frames--)
        if (would_do(&shorter, 1, fastest))
            break;
    return shorter.numerics.frames;
}

static void advise(char out[ADVICE], const struct flow_case *c, double step, double fastest)
{
    double since = step - (double)flow_case_start_steps(c);
    int64_t frames = (int64_t)ceil(since / (double)c->numerics.frame_interval);
    int low = 0, high = 100; /* hundredths */
    frames = since > 0 ? find_frames(c, frames, fastest) : 1;
    if (frames > 1) {
        snprintf(out, ADVICE, "%" PRId64 " frames would do", frames);
        return;
    }
    if (would_do_later(c, fastest)) {
        snprintf(out, ADVICE, "a begin of 0, at the first frame, would do");
        return;
    }
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (would_do(c, middle / 100.0, fastest))
            low = middle;
        else
            high = middle;
    }
    if (low > 0)
        snprintf(out, ADVICE, "%.2f times the velocities and spins would do", low / 100.0);
    else
        snprintf(out, ADVICE, "bodies at rest would do");
}

enum status flow_case_motion_check(struct flow_case_fault *fault, const struct flow_case *flow_case,
                                   const struct geometry *geometry)
{
    struct rule rule;
    char advice[ADVICE];
    double fastest, step;
    *fault = (struct flow_case_fault){REFUSAL_SETTINGS, FLOW_CASE_FAULT_UNKNOWN, 0};
    TRY(check_speeds(&fastest, fault, flow_case, geometry));
    if (flow_case_motion_kind(flow_case) != FLOW_CASE_MOTION_TRAVEL)
        return OK;
    TRY(walk(&step, &rule, flow_case, fastest));
    if (step < 0)
        return OK;
    *fault = (struct flow_case_fault){rule.refusal, motion_field(&flow_case->motions[rule.body]),
                                      rule.body};
    advise(advice, flow_case, step, fastest);
    double frames = (step - (double)flow_case_start_steps(flow_case)) /
                    (double)flow_case->numerics.frame_interval;
    return FAIL(ERR_CONFIG, "as bodies move, %s, %.4g frames %s the first; %s", rule.words,
                fabs(frames), frames < 0 ? "before" : "after", advice);
}
