/* SPDX-License-Identifier: Apache-2.0
 *
 * Files in The Well's layout as other people write them, and files that must be refused: made with
 * libhdf5 itself, because common/store can write none of the bad ones. For tests only. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    FOREIGN_SAMPLES_NX = 12,
    FOREIGN_SAMPLES_NY = 8,
    FOREIGN_SAMPLES_FRAMES = 4,
    FOREIGN_SAMPLES_CASES = 2
};

#define FOREIGN_SAMPLES_SIDE 0.5      /* of a cell */
#define FOREIGN_SAMPLES_INTERVAL 0.25 /* between frames */
#define FOREIGN_SAMPLES_SPEED 2.0     /* U: one cell a frame */

struct foreign_samples_kind {
    const char *name;
    const char *refusal; /* what the refusal says; NULL: the file is good */
};

size_t foreign_samples_count(void);
const struct foreign_samples_kind *foreign_samples_at(size_t index);

/* The number of the kind of that name; it must exist. */
size_t foreign_samples_find(const char *name);

/* Writes the file; 0 when libhdf5 refused. */
int foreign_samples_write(const char *path, size_t index);

/* Values of the good files: a field (0 density, 1 and 2 velocity) and the signed distance, in the
 * file's units. */
float foreign_samples_value(int64_t sample, int64_t frame, int field, int64_t x, int64_t y);
float foreign_samples_sdf(int64_t x, int64_t y);
