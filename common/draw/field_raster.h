/* SPDX-License-Identifier: Apache-2.0
 *
 * From numbers to pixels: the range of values a colour bar has to cover, and a field sampled to a
 * rectangle of coloured pixels with its bodies in grey. No text, no lines, no library. */
#pragma once

#include "colormap.h"
#include "error.h"

#include <stdint.h>

enum field_raster_sampling {
    FIELD_RASTER_SMOOTH,  /* cubic between cell centres, never beyond the values around */
    FIELD_RASTER_NEAREST, /* every cell one square */
};

enum { FIELD_RASTER_BODY_GREY = 150 };

enum field_raster_bodies {
    FIELD_RASTER_GREY,  /* filled where sdf < 0 */
    FIELD_RASTER_UNSEEN /* left for the caller, who knows their outline */
};

struct field_raster {
    int64_t nx, ny;
    const float *values;              /* [nx][ny]; what is not finite is drawn in light grey */
    const float *sdf;                 /* [nx][ny], negative in bodies; NULL: no body */
    double low, high;                 /* values at the ends of the map, low < high */
    const struct colormap_rgb *table; /* of colormap_fill */
    enum field_raster_sampling sampling;
    enum field_raster_bodies bodies;
};

/* rgb: [height][width][3], the upper left corner first: x to the right, y up. To draw, and only to
 * draw, a field is carried on into bodies from the fluid around them, so that no rim of the values
 * held in bodies shows. ERR_MEMORY. */
enum status field_raster_fill(unsigned char *rgb, int64_t width, int64_t height,
                              const struct field_raster *field);

/* The least and the greatest of `count` fields' finite values outside bodies after dropping the
 * share `trim` (0 to 0.4) of them at each end. sdfs: `count` pointers, each may be NULL. Fields
 * that are NULL count as empty; with nothing at all: 0, 0. */
void field_raster_range(double *low, double *high, const float *const *fields,
                        const float *const *sdfs, int64_t count, int64_t cells, double trim);
