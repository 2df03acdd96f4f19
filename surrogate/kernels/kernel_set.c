/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_set.h"

#include <stddef.h>

#define SET_DECLARE(suffix)                                                                        \
    extern const struct element_kernels element_simd_##suffix;                                     \
    extern const struct norm_kernels norm_simd_##suffix;                                           \
    extern const struct field_kernels field_simd_##suffix;                                         \
    extern const struct conv_few_kernels conv_few_simd_##suffix;                                   \
    static const struct kernel_set set_##suffix = {#suffix, &element_simd_##suffix,                \
                                                   &norm_simd_##suffix, &field_simd_##suffix,      \
                                                   &conv_few_simd_##suffix};

SET_DECLARE(baseline)
#ifdef HAVE_VEC_X86
SET_DECLARE(avx2)
SET_DECLARE(avx512)
#endif

#ifdef HAVE_VEC_X86
static int has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static int has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}
#endif

const struct kernel_set *kernel_set_at(int index)
{
    if (index < 0)
        return NULL;
#ifdef HAVE_VEC_X86
    if (has_avx512() && index-- == 0)
        return &set_avx512;
    if (has_avx2() && index-- == 0)
        return &set_avx2;
#endif
    return index == 0 ? &set_baseline : NULL;
}

const struct kernel_set *kernel_set_choose(void)
{
    return kernel_set_at(0);
}

const char *kernel_set_name(void)
{
    return kernel_set_choose()->name;
}
