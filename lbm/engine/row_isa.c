/* SPDX-License-Identifier: Apache-2.0 */
#include "row_isa.h"

int row_isa_has(enum row_isa isa)
{
    if (isa == ROW_ISA_AUTO || isa == ROW_ISA_BASELINE)
        return 1;
#if HAVE_VEC_X86
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == ROW_ISA_AVX2)
        return avx2;
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
#else
    return 0;
#endif
}

enum row_isa row_isa_resolve(enum row_isa isa)
{
    enum row_isa best = (enum row_isa)(ROW_ISAS - 1);
    if (isa != ROW_ISA_AUTO)
        return isa;
    while (!row_isa_has(best))
        best--;
    return best;
}

const char *row_isa_name(enum row_isa isa)
{
    static const char *const names[ROW_ISAS] = {"auto", "baseline", "avx2", "avx512"};
    return names[isa];
}
