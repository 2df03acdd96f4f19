/* SPDX-License-Identifier: Apache-2.0
 *
 * How many threads a command starts here, why, and what in the environment speaks about that. */
#include "checkup.h"
#include "checkup_list.h"
#include "launcher.h"
#include "mounts.h"
#include "number_text.h"
#include "processors.h"
#include "session.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static void look_at_quota(struct checkup *checkup, const struct processors *own)
{
    const struct cgroup_limits *limits = &own->limits;
    if (limits->processors <= 0) {
        checkup_row(checkup, "quota", json_make_null(), "none");
        return;
    }
    checkup_row(checkup, "quota", json_make_real(limits->processors),
                "%.4g processors (control group version %d, %s)", limits->processors,
                limits->processors_kind, limits->group);
    if (limits->processors < own->allowed)
        checkup_finding(checkup,
                        "as it should be where that was asked for; else ask for more (Docker: "
                        "--cpus; systemd: CPUQuota=; Kubernetes: limits.cpu)",
                        "the control group's quota is %.4g of the %d processors that the affinity "
                        "allows",
                        limits->processors, own->allowed);
}

/* Ranks of one machine that have a part each are as they should be. */
static void look_at_mask(struct checkup *checkup, const struct processors *own, int ranks)
{
    checkup_row(checkup, "machine", json_make_integer(own->online), "%d processors", own->online);
    checkup_row(checkup, "affinity", json_make_integer(own->allowed), "%d (%s)", own->allowed,
                own->mask[0] != '\0' ? own->mask : "mask unknown");
    if (own->allowed * ranks < own->online)
        checkup_finding(checkup,
                        "as it should be in a batch job; else look at taskset, mpirun --bind-to, "
                        "Docker's --cpuset-cpus",
                        "affinity allows %d of %d processors", own->allowed, own->online);
}

/* Variables that OpenMP run-times read. */
static void look_at_variables(struct checkup *checkup)
{
    static const char *const prefixes[] = {"OMP_", "GOMP_", "KMP_"};
    char key[128];
    for (char **entry = environ; *entry != NULL; entry++)
        for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
            const char *equals = strchr(*entry, '=');
            if (strncmp(*entry, prefixes[i], strlen(prefixes[i])) != 0 || equals == NULL)
                continue;
            (void)snprintf(key, sizeof key, "%.*s", (int)(equals - *entry), *entry);
            checkup_text(checkup, key, equals + 1);
        }
}

/* A whole number in the environment; 0 when there is none. */
static int64_t read_variable(const char *name)
{
    const char *words = getenv(name);
    int64_t value;
    return words != NULL && number_text_integer(&value, words) ? value : 0;
}

static void judge_variables(struct checkup *checkup, const struct processors *own, int threads)
{
    const char *policy = getenv("OMP_WAIT_POLICY");
    int64_t wished = read_variable("OMP_NUM_THREADS"), slurm = read_variable("SLURM_CPUS_PER_TASK");
    if (wished > own->usable)
        checkup_finding(checkup, "unset it, or set it to what there is",
                        "OMP_NUM_THREADS=%lld is more than the %d processors that this process may "
                        "use: threads will wait for each other",
                        (long long)wished, own->usable);
    if (wished > 0 && wished < own->usable)
        checkup_finding(checkup, "unset it, or pass --threads, to use them all",
                        "OMP_NUM_THREADS=%lld leaves %lld processors without work",
                        (long long)wished, (long long)(own->usable - wished));
    if (launcher_thread_limit() < own->usable)
        checkup_finding(checkup, "unset it to use all processors",
                        "OMP_THREAD_LIMIT allows %d threads on %d processors",
                        launcher_thread_limit(), own->usable);
    if (policy != NULL && strcmp(policy, "active") == 0)
        checkup_finding(checkup, "unset it, unless no one else works on this machine",
                        "OMP_WAIT_POLICY=active: threads that wait hold their processor");
    if (slurm > 0 && slurm < threads)
        checkup_finding(checkup, "pass --threads $SLURM_CPUS_PER_TASK",
                        "Slurm gives this task %lld processors, %d threads would be started",
                        (long long)slurm, threads);
}

static void look_at_load(struct checkup *checkup, const struct processors *own)
{
    char line[128];
    double load;
    if (!mounts_read_line(line, sizeof line, "", "/proc/loadavg"))
        return;
    line[strcspn(line, " ")] = '\0';
    if (!number_text_real(&load, line))
        return;
    checkup_row(checkup, "load", json_make_real(load), "%.2f (the last minute)", load);
    if (load > 0.5 * own->online)
        checkup_finding(checkup, "wait, or do not trust what is timed now",
                        "others are at work: %.1f processes on %d processors", load, own->online);
}

enum status checkup_threads_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    struct processors own;
    struct launcher_threads chosen;
    TRY(launcher_threads(&chosen, subject->session->ranks));
    processors_find(&own, "");
    checkup_section(checkup, "threads");
    checkup_row(checkup, "default", json_make_integer(chosen.count), "%d", chosen.count);
    checkup_text(checkup, "because", chosen.reason);
    look_at_mask(checkup, &own, subject->machine_ranks);
    look_at_quota(checkup, &own);
    if (subject->session->ranks != NULL)
        checkup_row(checkup, "shared_by", json_make_integer(chosen.sharing), "%d ranks",
                    chosen.sharing);
    look_at_load(checkup, &own);
#if defined(_OPENMP)
    checkup_row(checkup, "OpenMP", json_make_integer(_OPENMP), "%d", _OPENMP);
#else
    checkup_row(checkup, "OpenMP", json_make_null(), "none");
    checkup_finding(checkup, "build again with -DWITH_OPENMP=ON",
                    "built without OpenMP: a command starts one thread");
#endif
    look_at_variables(checkup);
    judge_variables(checkup, &own, chosen.count);
    return OK;
}
