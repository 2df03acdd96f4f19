/* SPDX-License-Identifier: Apache-2.0
 *
 * Moving pictures: the frames of a picture series as one looping GIF with the colours of its maps.
 * What a frame looks like is picture.h's matter. */
#pragma once

#include "error.h"
#include "picture.h"

/* Writes all frames, each shown for `seconds` (rounded to 0.01 s, at least 0.02), atomically. The
 * picture's zoom 0 means 1 here. ERR_INTERNAL without frames; else as picture_write_png. */
enum status animation_write_gif(const char *path, const struct picture *picture,
                                const struct picture_frames *frames, double seconds);
