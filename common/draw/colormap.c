/* SPDX-License-Identifier: Apache-2.0
 *
 * A map is a curve in CIELAB: a Catmull-Rom spline through control points given as lightness,
 * chroma and hue, walked at constant speed. The distance walked is Delta E (CIE 1976), so equal
 * steps of the value are equal perceived steps. The two arms of the diverging map have the same
 * lightness and chroma and constant hue, hence the same length. */
#include "colormap.h"

#include <math.h>

struct lch {
    double lightness, chroma, hue; /* hue in degrees */
};

enum { CONTROL_POINTS = 9, FINE_STEPS = 2048 };

static const double pi = 3.14159265358979323846;

static const struct lch control[COLORMAP_COUNT][CONTROL_POINTS] = {
    [COLORMAP_SEQUENTIAL] = {{12, 34, 300},
                             {22, 33, 288},
                             {32, 29, 272},
                             {42, 26, 248},
                             {52, 27, 214},
                             {63, 35, 178},
                             {74, 47, 148},
                             {85, 56, 122},
                             {95, 46, 103}},
    [COLORMAP_DIVERGING] = {{32, 34, 272},
                            {48, 42, 272},
                            {63.5, 41, 272},
                            {79, 25, 272},
                            {95, 0, 0},
                            {79, 25, 32},
                            {63.5, 41, 32},
                            {48, 42, 32},
                            {32, 34, 32}},
};

static void control_lab(double *out, enum colormap map, int point)
{
    int i = point < 0 ? 0 : point >= CONTROL_POINTS ? CONTROL_POINTS - 1 : point;
    const struct lch *c = &control[map][i];
    out[0] = c->lightness;
    out[1] = c->chroma * cos(c->hue * pi / 180);
    out[2] = c->chroma * sin(c->hue * pi / 180);
}

static double spline(double p0, double p1, double p2, double p3, double t)
{
    return p1 + 0.5 * t *
                    (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
}

/* The curve at parameter t of [0, 1], not yet at constant speed. The middle of the diverging map is
 * a corner: each arm is mirrored there and has its own end tangent. */
static void curve(double *out, enum colormap map, double t)
{
    double place = t * (CONTROL_POINTS - 1);
    int i = (int)place;
    if (i > CONTROL_POINTS - 2)
        i = CONTROL_POINTS - 2;
    int first = 0, last = CONTROL_POINTS - 1, middle = CONTROL_POINTS / 2;
    if (map == COLORMAP_DIVERGING) {
        first = i < middle ? 0 : middle;
        last = i < middle ? middle : last;
    }
    double p[4][3];
    for (int k = 0; k < 4; k++) {
        int j = i - 1 + k;
        control_lab(p[k], map, j < first ? first : j > last ? last : j);
    }
    for (int c = 0; c < 3; c++)
        out[c] = spline(p[0][c], p[1][c], p[2][c], p[3][c], place - i);
}

static double lab_inverse(double t)
{
    return t > 6.0 / 29 ? t * t * t : 3 * (36.0 / 841) * (t - 4.0 / 29);
}

static unsigned char gamma_byte(double linear)
{
    double x = linear <= 0 ? 0 : linear >= 1 ? 1 : linear;
    double s = x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055;
    return (unsigned char)(s * 255 + 0.5);
}

static struct colormap_rgb lab_to_rgb(const double *lab)
{
    double fy = (lab[0] + 16) / 116;
    double x = 0.95047 * lab_inverse(fy + lab[1] / 500);
    double y = lab_inverse(fy);
    double z = 1.08883 * lab_inverse(fy - lab[2] / 200);
    return (struct colormap_rgb){
        gamma_byte(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
        gamma_byte(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
        gamma_byte(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
    };
}

void colormap_fill(struct colormap_rgb *out, enum colormap map)
{
    double walked[FINE_STEPS + 1] = {0};
    double before[3], here[3];
    curve(before, map, 0);
    for (int i = 1; i <= FINE_STEPS; i++) {
        curve(here, map, (double)i / FINE_STEPS);
        walked[i] = walked[i - 1] +
                    hypot(hypot(here[0] - before[0], here[1] - before[1]), here[2] - before[2]);
        for (int c = 0; c < 3; c++)
            before[c] = here[c];
    }
    int i = 1;
    for (int k = 0; k < COLORMAP_SIZE; k++) {
        double wanted = walked[FINE_STEPS] * k / (COLORMAP_SIZE - 1);
        while (i < FINE_STEPS && walked[i] < wanted)
            i++;
        double part = (wanted - walked[i - 1]) / (walked[i] - walked[i - 1]);
        curve(here, map, (i - 1 + part) / FINE_STEPS);
        out[k] = lab_to_rgb(here);
    }
}

struct colormap_rgb colormap_at(const struct colormap_rgb *table, double position)
{
    if (!(position > 0))
        return table[0];
    if (position >= 1)
        return table[COLORMAP_SIZE - 1];
    return table[(int)(position * (COLORMAP_SIZE - 1) + 0.5)];
}

static double linear(unsigned char byte)
{
    double s = byte / 255.0;
    return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

static double lab_forward(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : t * 841 / 108 + 4.0 / 29;
}

void colormap_lab(double *out, struct colormap_rgb colour)
{
    double r = linear(colour.red), g = linear(colour.green), b = linear(colour.blue);
    double x = lab_forward((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    double y = lab_forward(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    double z = lab_forward((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    out[0] = 116 * y - 16;
    out[1] = 500 * (x - y);
    out[2] = 200 * (y - z);
}
