/* SPDX-License-Identifier: Apache-2.0
 *
 * NACA four-digit section MPTT (Jacobs, Ward and Pinkerton 1933): with the chord as unit, m = M /
 * 100, p = P / 10, t = TT / 100 and x from the nose along the chord,
 *
 *     thickness  h = 5 t (0.2969 sqrt x - 0.1260 x - 0.3516 x^2 + 0.2843 x^3 - 0.1036 x^4)
 *     camber     c = m / p^2 (2 p x - x^2)                       for x < p
 *                c = m / (1 - p)^2 (1 - 2 p + 2 p x - x^2)       behind
 *     surfaces   (x -+ h sin a, c +- h cos a),  tan a = dc / dx
 *
 * The last factor, 0.1036 in place of 0.1015, closes the trailing edge. The chord is `size`, the
 * nose upstream; the middle of the chord is the origin. */
#include "curve.h"
#include "shape.h"

#include "exact_math.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { PIECES = 32, THICKEST = 40 };

struct section {
    double size;
    double m, p, t;
};

static double half_thickness(const struct section *section, double x, double root)
{
    double series = -0.1260 + x * (-0.3516 + x * (0.2843 - x * 0.1036));
    return 5 * section->t * (0.2969 * root + x * series);
}

/* The camber line's height and slope. */
static void camber(double out[2], const struct section *section, double x)
{
    double m = section->m, p = section->p;
    out[0] = out[1] = 0;
    if (m > 0) {
        double scale = x < p ? m / (p * p) : m / ((1 - p) * (1 - p));
        out[0] = scale * ((x < p ? 0 : 1 - 2 * p) + 2 * p * x - x * x);
        out[1] = scale * 2 * (p - x);
    }
}

/* From the trailing edge over the upper side to the nose at t = 1/2 and back below. x = sin^2 makes
 * the square root smooth. */
static void section_point(double point[2], const void *context, double t)
{
    const struct section *section = context;
    double root = fabs(exact_math_cos(EXACT_MATH_PI * t)), x = root * root, line[2];
    double h = half_thickness(section, x, root) * (t < 0.5 ? 1 : -1);
    camber(line, section, x);
    double secant = sqrt(1 + line[1] * line[1]);
    point[0] = section->size * (x - h * line[1] / secant - 0.5);
    point[1] = section->size * (line[0] + h / secant);
}

static enum status check_profile(int64_t profile)
{
    int64_t thickness = profile % 100, place = profile / 100 % 10, height = profile / 1000;
    if (profile < 1 || profile > 9999)
        return FAIL(ERR_CONFIG, "profile %" PRId64 " is no four digits, 1..9999; 12 is NACA 0012",
                    profile);
    if (thickness < 1 || thickness > THICKEST)
        return FAIL(ERR_CONFIG,
                    "profile %04" PRId64 " is %" PRId64 " %% of its chord thick; 1 to %d, the last "
                    "two digits, would do",
                    profile, thickness, THICKEST);
    if ((place == 0) != (height == 0))
        return FAIL(ERR_CONFIG,
                    "profile %04" PRId64 ": the height of its camber, %" PRId64 ", and the place "
                    "of it, %" PRId64 ", go together; %04" PRId64 " or %04" PRId64 " would do",
                    profile, height, place, thickness, 2400 + thickness);
    return OK;
}

static enum status naca_create(struct shape **out, const struct body_spec *spec)
{
    TRY(check_profile(spec->profile));
    int camber = spec->profile / 1000, place = spec->profile / 100 % 10;
    struct section section = {.size = spec->size,
                              .m = camber / 100.0,
                              .p = place / 10.0,
                              .t = spec->profile % 100 / 100.0};
    TRY(curve_create(out, &shape_naca_ops, section_point, &section, PIECES, spec->size));
    return OK;
}

/* Symmetric ones and such as are in use. */
static void naca_example(struct body_spec *spec, const double choice[3])
{
    int64_t thickness = 8 + (int64_t)(choice[0] * 17);
    int64_t height = (int64_t)(choice[1] * 7), place = 2 + (int64_t)(choice[2] * 5);
    spec->profile = height == 0 ? thickness : 1000 * height + 100 * place + thickness;
}

static void naca_label(char out[BODY_NAME_SIZE], const struct body_spec *spec)
{
    snprintf(out, BODY_NAME_SIZE, "naca-%04" PRId64, spec->profile);
}

const struct shape_ops shape_naca_ops = {
    .name = "naca",
    .accuracy = 1e-4,
    .create = naca_create,
    .destroy = curve_destroy,
    .distance = cornered_distance,
    .support = cornered_support,
    .outline = curve_outline,
    .example = naca_example,
    .label = naca_label,
};
