/* SPDX-License-Identifier: Apache-2.0
 *
 * How a body moves without being asked by the fluid: it rests, rises by a half cosine to its full
 * velocity and spin, and keeps them. Where it is follows from the step alone, so nothing of it need
 * be remembered. Any units of length; angles in radians, counter-clockwise. What a moving body does
 * to a lattice is lattice_motion.h's part. */
#pragma once

struct body_course {
    double u, v;  /* of its place, lengths a step */
    double spin;  /* about its place, radians a step */
    double begin; /* step at which it begins to move */
    double rise;  /* steps until it is at full speed; 0: at once */
};

/* What velocity and spin are multiplied by at `step`: 0 to 1. */
double body_course_speed(const struct body_course *course, double step);

/* Steps at full speed that lead as far as the body has come at `step`: the integral of its speed.
 */
double body_course_way(const struct body_course *course, double step);

/* Does it move at all? */
int body_course_moves(const struct body_course *course);
