/* SPDX-License-Identifier: Apache-2.0 */
#include "launcher.h"

#include "processors.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(_OPENMP)
#include <omp.h>
#endif

/* Set for every rank by Open MPI's mpirun, by PMIx (srun --mpi=pmix, newer mpirun) and by PMI
 * (MPICH's mpirun, srun --mpi=pmi2). SLURM_PROCID is no sign: batch scripts have it too. */
static const char *const signs[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"};

enum ranks_launch launcher_detect(void)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (getenv(signs[i]) != NULL)
            return RANKS_LAUNCHED;
    return RANKS_ALONE;
}

int launcher_thread_limit(void)
{
#if defined(_OPENMP)
    return omp_get_thread_limit();
#else
    return INT_MAX;
#endif
}

/* What OMP_NUM_THREADS says; 0 where it is not set or means nothing here. */
static int wished_threads(void)
{
#if defined(_OPENMP)
    return getenv("OMP_NUM_THREADS") != NULL ? omp_get_max_threads() : 0;
#else
    return 0;
#endif
}

/* What the ranks compare: the mask, and the quota with the folder of the group that has it. */
static void describe(char *out, size_t size, const struct processors *own)
{
    (void)snprintf(out, size, "%s %g %s", own->mask, own->limits.processors, own->limits.group);
}

enum status launcher_threads(struct launcher_threads *out, struct ranks *ranks)
{
    char text[PROCESSORS_MASK_SIZE + PATH_SIZE + 64];
    struct processors own;
    int limit = launcher_thread_limit(), wished = wished_threads();
    processors_find(&own, "");
    describe(text, sizeof text, &own);
    *out = (struct launcher_threads){.sharing = 1};
    TRY(ranks_like(&out->sharing, ranks, text));
    if (wished > 0) {
        out->count = wished;
        out->reason = "OMP_NUM_THREADS says so";
    } else {
        out->count = own.usable > out->sharing ? own.usable / out->sharing : 1;
        out->reason = own.usable < own.allowed   ? "the quota of the control group"
                      : own.allowed < own.online ? "the processors of the affinity mask"
                                                 : "all processors";
    }
    if (out->count > limit) {
        out->count = limit;
        out->reason = "OMP_THREAD_LIMIT allows no more";
    }
    return OK;
}
