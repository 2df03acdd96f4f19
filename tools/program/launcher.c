/* SPDX-License-Identifier: Apache-2.0 */
#include "launcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
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

/* The processors this process may run on (OpenMP reads the affinity mask and OMP_NUM_THREADS). */
static int own_processors(void)
{
#if defined(_OPENMP)
    return omp_get_max_threads();
#else
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : (int)online;
#endif
}

/* The affinity mask as Linux tells it; "" elsewhere, which is the same for all. */
static void read_mask(char *out, size_t size)
{
    static const char key[] = "Cpus_allowed_list:";
    char line[2048];
    FILE *file = fopen("/proc/self/status", "r");
    out[0] = '\0';
    if (file == NULL)
        return;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, key, sizeof key - 1) == 0)
            snprintf(out, size, "%s", line + sizeof key - 1);
    fclose(file);
}

enum status launcher_threads(int *out, struct ranks *ranks)
{
    char mask[2048];
    int sharing = 1;
    *out = own_processors();
    if (ranks == NULL || getenv("OMP_NUM_THREADS") != NULL)
        return OK;
    read_mask(mask, sizeof mask);
    TRY(ranks_like(&sharing, ranks, mask));
    *out = *out > sharing ? *out / sharing : 1;
    return OK;
}
