/* SPDX-License-Identifier: Apache-2.0
 *
 * With t since it began and T the rise, the speed is (1 - cos(pi t / T)) / 2; its integral is
 * t / 2 - T sin(pi t / T) / (2 pi), T / 2 at the end of the rise. */
#include "body_course.h"

#include "exact_math.h"

double body_course_speed(const struct body_course *course, double step)
{
    double since = step - course->begin;
    if (since < 0)
        return 0;
    if (since >= course->rise)
        return 1;
    return 0.5 * (1 - exact_math_cos(EXACT_MATH_PI * since / course->rise));
}

double body_course_way(const struct body_course *course, double step)
{
    double since = step - course->begin, rise = course->rise;
    if (since <= 0)
        return 0;
    if (since >= rise)
        return since - rise / 2;
    return 0.5 * (since - rise / EXACT_MATH_PI * exact_math_sin(EXACT_MATH_PI * since / rise));
}

int body_course_moves(const struct body_course *course)
{
    return course->u != 0 || course->v != 0 || course->spin != 0;
}
