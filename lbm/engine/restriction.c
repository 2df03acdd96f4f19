/* SPDX-License-Identifier: Apache-2.0 */
#include "restriction.h"

#include "array.h"
#include "frames.h"

#include <stdlib.h>
#include <string.h>

struct restriction {
    int64_t nx, ny, refine, entry;
    const unsigned char *mask;
    double *row; /* [3][ny refine] of one lattice row */
    double *sum; /* [3][ny] */
    double *count;
};

enum status restriction_create(struct restriction **out, int64_t nx, int64_t ny, int64_t refine,
                               int64_t entry, const unsigned char *mask)
{
    enum status status = OK;
    struct restriction *r = calloc(1, sizeof *r);
    TRY_GOTO(r != NULL ? OK : FAIL(ERR_MEMORY, "no memory for a restriction"), cleanup);
    r->nx = nx;
    r->ny = ny;
    r->refine = refine;
    r->entry = entry;
    r->mask = mask;
    TRY_GOTO(ARRAY_NEW(r->row, FRAME_FIELDS * ny * refine), cleanup);
    TRY_GOTO(ARRAY_NEW(r->sum, FRAME_FIELDS * ny), cleanup);
    TRY_GOTO(ARRAY_NEW(r->count, ny), cleanup);
    *out = r;
    r = NULL;
cleanup:
    restriction_destroy(r);
    return status;
}

void restriction_destroy(struct restriction *restriction)
{
    if (restriction == NULL)
        return;
    array_free(restriction->row);
    array_free(restriction->sum);
    array_free(restriction->count);
    free(restriction);
}

/* Adds one lattice row to the canvas column it belongs to. */
static void add_row(struct restriction *r, const struct lattice *lattice, int64_t x)
{
    int64_t fine = r->ny * r->refine;
    const unsigned char *solid = lattice_solid(lattice) + x * fine;
    lattice_row(r->row, r->row + fine, r->row + 2 * fine, lattice, x);
    for (int64_t y = 0; y < fine; y++) {
        if (solid[y])
            continue;
        int64_t cell = y / r->refine;
        r->sum[cell] += r->row[y] - 1;
        for (int field = 1; field < FRAME_FIELDS; field++)
            r->sum[field * r->ny + cell] += r->row[field * fine + y];
        r->count[cell] += 1;
    }
}

void restriction_apply(float *frame, struct restriction *r, const struct lattice *lattice)
{
    int64_t cells = r->nx * r->ny;
    for (int64_t x = 0; x < r->nx; x++) {
        memset(r->sum, 0, (size_t)(FRAME_FIELDS * r->ny) * sizeof *r->sum);
        memset(r->count, 0, (size_t)r->ny * sizeof *r->count);
        for (int64_t k = 0; k < r->refine; k++)
            add_row(r, lattice, r->entry + x * r->refine + k);
        for (int64_t y = 0; y < r->ny; y++) {
            int64_t cell = x * r->ny + y;
            int fluid = r->count[y] > 0 && !r->mask[cell];
            for (int field = 0; field < FRAME_FIELDS; field++) {
                double mean = fluid ? r->sum[field * r->ny + y] / r->count[y] : 0;
                frame[field * cells + cell] = (float)(field == FRAME_RHO ? 1 + mean : mean);
            }
        }
    }
}
