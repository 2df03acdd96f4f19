/* SPDX-License-Identifier: Apache-2.0 */
#include "row_kernel.h"

#include <stddef.h>

extern const struct row_kernels row_float_simd_baseline, row_double_simd_baseline;
#if HAVE_VEC_X86
extern const struct row_kernels row_float_simd_avx2, row_double_simd_avx2;
extern const struct row_kernels row_float_simd_avx512, row_double_simd_avx512;
#endif

static const struct row_kernels *const tables[ROW_NUMBERS][ROW_ISAS] = {
    [ROW_FLOAT][ROW_ISA_BASELINE] = &row_float_simd_baseline,
    [ROW_DOUBLE][ROW_ISA_BASELINE] = &row_double_simd_baseline,
#if HAVE_VEC_X86
    [ROW_FLOAT][ROW_ISA_AVX2] = &row_float_simd_avx2,
    [ROW_DOUBLE][ROW_ISA_AVX2] = &row_double_simd_avx2,
    [ROW_FLOAT][ROW_ISA_AVX512] = &row_float_simd_avx512,
    [ROW_DOUBLE][ROW_ISA_AVX512] = &row_double_simd_avx512,
#endif
};

enum status row_kernel_find(const struct row_kernels **out, enum row_number number,
                            enum row_isa isa)
{
    *out = NULL;
    if (!row_isa_has(isa))
        return FAIL(ERR_UNSUPPORTED, "this processor lacks the instruction set '%s'",
                    row_isa_name(isa));
    *out = tables[number][row_isa_resolve(isa)];
    return OK;
}
