/* SPDX-License-Identifier: Apache-2.0
 *
 * A picture of a body: how dark each pixel of a PNG file is. Seen on white paper, dark is solid: a
 * transparent pixel is white, a colour counts by its luminance (Rec. 709 weights of the values as
 * stored), 16 bits are kept. Where the body's surface runs is bitmap_contour.h's part. */
#pragma once

#include "error.h"

#include <stddef.h>
#include <stdint.h>

enum { BITMAP_SIDE_MAX = 2048, BITMAP_DARKEST = 65535 };

struct bitmap;

/* Reads a file, or its bytes. ERR_CONFIG when there is no such file or the picture has more than
 * BITMAP_SIDE_MAX pixels on a side; ERR_DATA when it is no PNG, cut short or damaged. Whether it
 * shows one body is found when that is created. */
enum status bitmap_read(struct bitmap **out, const char *path);
enum status bitmap_decode(struct bitmap **out, const unsigned char *bytes, size_t size);
void bitmap_destroy(struct bitmap *bitmap);

int64_t bitmap_width(const struct bitmap *bitmap);
int64_t bitmap_height(const struct bitmap *bitmap);

/* How dark pixel (i, j) is, 0..BITMAP_DARKEST; i to the right, j upwards from the lowest row. 0 for
 * places outside the picture. */
int64_t bitmap_darkness(const struct bitmap *bitmap, int64_t i, int64_t j);

/* Small pictures of one body each for body_example: one of BITMAP_EXAMPLES, never destroyed. */
enum { BITMAP_EXAMPLES = 3 };
const struct bitmap *bitmap_example(int64_t index);
