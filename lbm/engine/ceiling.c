/* SPDX-License-Identifier: Apache-2.0 */
#include "ceiling.h"

#include "array.h"
#include "ceiling_private.h"
#include "row_isa.h"
#include "stop.h"

#include <stdlib.h>

extern const struct ceiling_kernels ceiling_simd_baseline;
#if HAVE_VEC_X86
extern const struct ceiling_kernels ceiling_simd_avx2, ceiling_simd_avx512;
#endif

static const struct ceiling_kernels *const tables[ROW_ISAS] = {
    [ROW_ISA_BASELINE] = &ceiling_simd_baseline,
#if HAVE_VEC_X86
    [ROW_ISA_AVX2] = &ceiling_simd_avx2,
    [ROW_ISA_AVX512] = &ceiling_simd_avx512,
#endif
};

/* Between two looks at the clock: some 50 microseconds of work, of which the look is nothing. The
 * rounds make up for those of a set that has no multiply-add of its own. */
enum { PIECE = 1 << 17, MULTIPLY_ADDS = 1 << 22 };

struct ceiling {
    const struct ceiling_kernels *kernels;
    float *values;
    int64_t numbers;
    int threads;
};

/* Where the share of thread `t` begins; that of the next one ends it. */
static int64_t share_of(const struct ceiling *c, int t)
{
    return c->numbers * t / c->threads;
}

static void touch(struct ceiling *c)
{
#pragma omp parallel for num_threads(c->threads) schedule(static, 1)
    for (int t = 0; t < c->threads; t++)
        for (int64_t k = share_of(c, t); k < share_of(c, t + 1); k++)
            c->values[k] = 1;
}

enum status ceiling_create(struct ceiling **out, int64_t numbers, int threads)
{
    enum status status = OK;
    struct ceiling *ceiling = calloc(1, sizeof *ceiling);
    TRY_GOTO(ceiling != NULL ? OK : FAIL(ERR_MEMORY, "out of memory"), cleanup);
    ceiling->kernels = tables[row_isa_resolve(ROW_ISA_AUTO)];
    ceiling->numbers = numbers;
    ceiling->threads = threads;
    TRY_GOTO(ARRAY_NEW(ceiling->values, numbers), cleanup);
    touch(ceiling);
    *out = ceiling;
    ceiling = NULL;
cleanup:
    ceiling_destroy(ceiling);
    return status;
}

void ceiling_destroy(struct ceiling *ceiling)
{
    if (ceiling == NULL)
        return;
    array_free(ceiling->values);
    free(ceiling);
}

/* One thread's share, round and round. */
static double stream_share(const struct ceiling *c, int t, double end)
{
    int64_t first = share_of(c, t), last = share_of(c, t + 1), at = first;
    double done = 0;
    do {
        int64_t count = last - at < PIECE ? last - at : PIECE;
        c->kernels->stream(c->values + at, count, 1);
        done += (double)count;
        at = at + count == last ? first : at + count;
    } while (stop_clock() < end);
    return done;
}

double ceiling_stream(struct ceiling *ceiling, double seconds)
{
    double done = 0, end = stop_clock() + seconds;
#pragma omp parallel for num_threads(ceiling->threads) schedule(static, 1) reduction(+ : done)
    for (int t = 0; t < ceiling->threads; t++)
        done += stream_share(ceiling, t, end);
    return done;
}

/* Values go to 2, so none is ever slow for being tiny. */
static double multiply_add_share(const struct ceiling_kernels *kernels, double end)
{
    int64_t rounds = MULTIPLY_ADDS / kernels->multiply_adds;
    volatile float kept;
    double done = 0;
    do {
        kept = kernels->multiply_add(rounds, 0.5F, 1);
        done += (double)(rounds * kernels->multiply_adds);
    } while (stop_clock() < end);
    (void)kept;
    return done;
}

double ceiling_multiply_add(struct ceiling *ceiling, double seconds)
{
    double done = 0, end = stop_clock() + seconds;
#pragma omp parallel for num_threads(ceiling->threads) schedule(static, 1) reduction(+ : done)
    for (int t = 0; t < ceiling->threads; t++)
        done += multiply_add_share(ceiling->kernels, end);
    return done;
}
