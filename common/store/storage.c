/* SPDX-License-Identifier: Apache-2.0 */
#include "storage.h"

#include <math.h>
#include <string.h>

enum { BITS = 12 };

static const char *const names[STORAGE_COUNT] = {"plain", "gzip", "rounded"};

const char *storage_name(enum storage storage)
{
    return names[storage];
}

enum status storage_find(enum storage *out, const char *name)
{
    for (int i = 0; i < STORAGE_COUNT; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum storage)i;
            return OK;
        }
    return FAIL(ERR_DATA, "'%s' is no way to store frames; there are plain, gzip and rounded",
                name);
}

double storage_error(enum storage storage)
{
    return storage == STORAGE_ROUNDED ? ldexp(0.5, -BITS) : 0;
}

/* log2 of the quantum. */
static int quantum_exponent(double scale)
{
    int exponent;
    (void)frexp(scale, &exponent); /* scale = m 2^exponent, 1/2 <= m < 1 */
    return exponent - 1 - BITS;
}

/* Exact in every step but rint, which rounds halves to even; no value becomes -0, whose sign would
 * cost bytes. */
static void round_plane(float *out, const float *values, int64_t count, double scale)
{
    const int exponent = quantum_exponent(scale);
    const double quantum = ldexp(1, exponent), inverse = ldexp(1, -exponent);
    for (int64_t i = 0; i < count; i++)
        out[i] = (float)(rint((double)values[i] * inverse) * quantum + 0.0);
}

void storage_round(float *out, const float *values, int64_t frames, const struct flow *flow)
{
    const int64_t cells = frames_cells(flow);
    const double scales[FRAME_FIELDS] = {3 * flow->speed * flow->speed, flow->speed, flow->speed};
    for (int64_t plane = 0; plane < frames * FRAME_FIELDS; plane++)
        round_plane(out + plane * cells, values + plane * cells, cells,
                    scales[plane % FRAME_FIELDS]);
}
