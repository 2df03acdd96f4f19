/* SPDX-License-Identifier: Apache-2.0
 *
 * What tests know of a body from its outline alone, by brute force: distance to the polyline, and
 * inside or not by the angle that the outline goes round. Shares no code with the distances under
 * test. */
#pragma once

#include "body.h"
#include "philox.h"

#include <math.h>
#include <stdint.h>

/* Uniform in low..high; each call of a test has its own counter. */
static inline double outline_probe_uniform(uint64_t *counter, double low, double high)
{
    return low + (high - low) * philox_uniform(20, PHILOX_STREAM_TEST, (*counter)++);
}

/* A random body of a family: size 4..24 within 40 x 40 cells, any angle. */
static inline void outline_probe_spec(struct body_spec *out, int64_t family, uint64_t *counter)
{
    double choice[3];
    for (int k = 0; k < 3; k++)
        choice[k] = outline_probe_uniform(counter, 0, 1);
    body_example(out, family, choice);
    out->size = outline_probe_uniform(counter, 4, 24);
    out->x = outline_probe_uniform(counter, 0, 40);
    out->y = outline_probe_uniform(counter, 0, 40);
    out->angle = outline_probe_uniform(counter, -400, 400);
}

struct outline_probe_nearest {
    double distance; /* to the polyline, unsigned */
    double x, y;     /* where */
};

static inline double outline_probe_chord(double nearest[2], const double *p, const double *q,
                                         double x, double y)
{
    double dx = q[0] - p[0], dy = q[1] - p[1];
    double t = ((x - p[0]) * dx + (y - p[1]) * dy) / (dx * dx + dy * dy);
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    nearest[0] = p[0] + t * dx;
    nearest[1] = p[1] + t * dy;
    return hypot(x - nearest[0], y - nearest[1]);
}

static inline struct outline_probe_nearest outline_probe_distance(const double *points,
                                                                  int64_t count, double x, double y)
{
    struct outline_probe_nearest best = {INFINITY, 0, 0};
    for (int64_t i = 0; i < count; i++) {
        double at[2];
        double distance =
            outline_probe_chord(at, points + 2 * i, points + 2 * ((i + 1) % count), x, y);
        if (distance < best.distance)
            best = (struct outline_probe_nearest){distance, at[0], at[1]};
    }
    return best;
}

/* Turns of the outline about (x, y): 1 inside (the outline is counter-clockwise), 0 outside. */
static inline int outline_probe_turns(const double *points, int64_t count, double x, double y)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++) {
        const double *p = points + 2 * i, *q = points + 2 * ((i + 1) % count);
        double px = p[0] - x, py = p[1] - y, qx = q[0] - x, qy = q[1] - y;
        sum += atan2(px * qy - py * qx, px * qx + py * qy);
    }
    return (int)lround(sum / (2 * 3.14159265358979323846));
}
