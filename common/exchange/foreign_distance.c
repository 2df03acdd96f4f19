/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_distance.h"

#include "array.h"

#include <math.h>
#include <string.h>

/* Squared distances of one line: out[q] = min over p of (q - p)^2 + in[p], as the lower envelope of
 * the parabolas rooted at p. `roots` and `borders` have count + 1 places. */
static void transform_line(double *out, const double *in, int64_t *roots, double *borders,
                           int64_t count)
{
    int64_t last = 0;
    roots[0] = 0;
    borders[0] = -HUGE_VAL;
    borders[1] = HUGE_VAL;
    for (int64_t q = 1; q < count; q++) {
        double cross;
        for (;;) {
            double p = (double)roots[last], here = (double)q;
            cross = ((in[q] + here * here) - (in[roots[last]] + p * p)) / (2 * (here - p));
            if (cross > borders[last] || last == 0)
                break;
            last--;
        }
        roots[++last] = q;
        borders[last] = cross;
        borders[last + 1] = HUGE_VAL;
    }
    for (int64_t q = 0, k = 0; q < count; q++) {
        while (borders[k + 1] < (double)q)
            k++;
        double way = (double)(q - roots[k]);
        out[q] = way * way + in[roots[k]];
    }
}

/* distance[nx][ny] to the nearest cell where (mask != 0) is `kind`. */
static enum status transform(double *distance, const unsigned char *mask, int kind, int64_t nx,
                             int64_t ny)
{
    const double far = (double)FOREIGN_DISTANCE_FAR * FOREIGN_DISTANCE_FAR;
    const int64_t longest = nx > ny ? nx : ny;
    enum status status = OK;
    double *in = NULL, *out = NULL, *borders = NULL;
    int64_t *roots = NULL;
    TRY_GOTO(ARRAY_NEW(in, longest), cleanup);
    TRY_GOTO(ARRAY_NEW(out, longest), cleanup);
    TRY_GOTO(ARRAY_NEW(borders, longest + 1), cleanup);
    TRY_GOTO(ARRAY_NEW(roots, longest + 1), cleanup);
    for (int64_t x = 0; x < nx; x++) {
        for (int64_t y = 0; y < ny; y++)
            in[y] = (mask[x * ny + y] != 0) == kind ? 0 : far;
        transform_line(distance + x * ny, in, roots, borders, ny);
    }
    for (int64_t y = 0; y < ny; y++) {
        for (int64_t x = 0; x < nx; x++)
            in[x] = distance[x * ny + y];
        transform_line(out, in, roots, borders, nx);
        for (int64_t x = 0; x < nx; x++)
            distance[x * ny + y] = fmin(sqrt(out[x]), FOREIGN_DISTANCE_FAR);
    }
cleanup:
    array_free(in);
    array_free(out);
    array_free(borders);
    array_free(roots);
    return status;
}

enum status foreign_distance_signed(float *sdf, const unsigned char *mask, int64_t nx, int64_t ny)
{
    enum status status = OK;
    double *outside = NULL, *inside = NULL;
    TRY_GOTO(ARRAY_NEW(outside, nx * ny), cleanup);
    TRY_GOTO(ARRAY_NEW(inside, nx * ny), cleanup);
    TRY_GOTO(transform(outside, mask, 1, nx, ny), cleanup);
    TRY_GOTO(transform(inside, mask, 0, nx, ny), cleanup);
    for (int64_t i = 0; i < nx * ny; i++)
        sdf[i] = (float)(mask[i] != 0 ? 0.5 - inside[i] : outside[i] - 0.5);
cleanup:
    array_free(outside);
    array_free(inside);
    return status;
}
