/* SPDX-License-Identifier: Apache-2.0
 *
 * The surface of the body that a bitmap shows: where the bilinear interpolation between the centres
 * of its pixels is half dark, a closed line of hyperbola arcs, one for each cell of four pixels
 * that it passes. Outside the picture everything is light, so a body that touches the picture's
 * border ends there. One body without holes, no more. */
#pragma once

#include "error.h"

#include <stdint.h>

struct bitmap;
struct bitmap_contour;

/* `bitmap` is kept; must outlive. Scaled so that the contour is `size` wide, and moved so that the
 * middle of its bounding box is the origin. ERR_CONFIG when nothing or everything is dark, or the
 * dark pixels make several bodies, have a hole, or touch at a corner only; the message names pixels
 * by column and row from the upper left, counted from 1. */
enum status bitmap_contour_create(struct bitmap_contour **out, const struct bitmap *bitmap,
                                  double size);
void bitmap_contour_destroy(struct bitmap_contour *contour);

/* Arcs it has, and its point at t (0..1 once round, counter-clockwise, each arc an equal part): a
 * curve_point_fn whose context is the contour. */
int64_t bitmap_contour_arcs(const struct bitmap_contour *contour);
void bitmap_contour_point(double point[2], const void *context, double t);
