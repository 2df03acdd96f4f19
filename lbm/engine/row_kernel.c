/* SPDX-License-Identifier: Apache-2.0 */
#include "row_kernel.h"

#include <stddef.h>

extern const struct row_kernels row_float_simd_baseline, row_double_simd_baseline;
#if HAVE_VEC_X86
extern const struct row_kernels row_float_simd_avx2, row_double_simd_avx2;
extern const struct row_kernels row_float_simd_avx512, row_double_simd_avx512;
#endif

static const struct row_kernels *table_of(enum row_number number, enum row_isa isa)
{
    if (isa == ROW_ISA_BASELINE)
        return number == ROW_FLOAT ? &row_float_simd_baseline : &row_double_simd_baseline;
#if HAVE_VEC_X86
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == ROW_ISA_AVX2 && avx2)
        return number == ROW_FLOAT ? &row_float_simd_avx2 : &row_double_simd_avx2;
    int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                 __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    if (isa == ROW_ISA_AVX512 && avx512)
        return number == ROW_FLOAT ? &row_float_simd_avx512 : &row_double_simd_avx512;
#endif
    return NULL;
}

enum status row_kernel_find(const struct row_kernels **out, enum row_number number,
                            enum row_isa isa)
{
    static const char *const names[ROW_ISAS] = {"auto", "baseline", "avx2", "avx512"};
    *out = NULL;
    if (isa == ROW_ISA_AUTO)
        for (int best = ROW_ISAS - 1; best > ROW_ISA_AUTO && *out == NULL; best--)
            *out = table_of(number, (enum row_isa)best);
    else
        *out = table_of(number, isa);
    if (*out == NULL)
        return FAIL(ERR_UNSUPPORTED, "this processor lacks the instruction set '%s'", names[isa]);
    return OK;
}
