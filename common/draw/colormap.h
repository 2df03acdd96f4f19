/* SPDX-License-Identifier: Apache-2.0
 *
 * Colour maps for scalar fields: equal steps of the value are equal steps of perceived colour, and
 * lightness alone carries the value, so that a picture can be read in grey. Our own control points
 * in CIELAB (white D65). Does no drawing. */
#pragma once

#include <stdint.h>

enum colormap {
    COLORMAP_SEQUENTIAL, /* dark indigo, blue, teal, green, pale yellow; lightness rises */
    COLORMAP_DIVERGING,  /* blue, near-white, red; lightness is the same at equal distance from the
                            middle, so that in grey only the magnitude is left */
    COLORMAP_COUNT
};

struct colormap_rgb {
    unsigned char red, green, blue; /* sRGB */
};

enum { COLORMAP_SIZE = 1024 };

/* The map at COLORMAP_SIZE even positions: entry i is position i / (COLORMAP_SIZE - 1). */
void colormap_fill(struct colormap_rgb *out, enum colormap map);

/* The entry of such a table at `position`, which is cut to [0, 1]; not a number gives 0. */
struct colormap_rgb colormap_at(const struct colormap_rgb *table, double position);

/* CIELAB of an sRGB colour: out[0] lightness 0 (black) to 100 (white), out[1] green to red, out[2]
 * blue to yellow. Their Euclidean distance is the perceived one (Delta E 1976). */
void colormap_lab(double *out, struct colormap_rgb colour);
