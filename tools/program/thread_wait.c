/* SPDX-License-Identifier: Apache-2.0 */
#include "thread_wait.h"

#include <stdlib.h>
#include <unistd.h>

void thread_wait_passively(char **argv)
{
#ifdef _OPENMP
    if (getenv("OMP_WAIT_POLICY") == NULL && setenv("OMP_WAIT_POLICY", "passive", 0) == 0)
        (void)execv("/proc/self/exe", argv);
#else
    (void)argv;
#endif
}
