/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign_worker.h"

#include "array.h"
#include "foreign_check.h"
#include "foreign_layout.h"
#include "foreign_wire.h"
#include "h5file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORDS = 3, OUTPUT = 1 };

/* Sanitizers map terabytes and open files when they report. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMIT_MEMORY 0
#else
#define LIMIT_MEMORY 1
#endif

struct job {
    const char *path;
    int64_t memory, seconds;
    const unsigned char *bytes; /* the file, mapped */
    size_t size;
};

/* ---- limits ---- */

static enum status set_limit(int what, rlim_t soft, rlim_t hard)
{
    const struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    if (setrlimit(what, &limit) != 0)
        return FAIL(ERR_INTERNAL, "a limit cannot be set: %s", strerror(errno));
    return OK;
}

/* `seconds` of computing from now on. */
static enum status limit_time(const struct job *job)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0)
        return FAIL(ERR_INTERNAL, "the time used is not known: %s", strerror(errno));
    rlim_t spent = (rlim_t)used.ru_utime.tv_sec + (rlim_t)used.ru_stime.tv_sec + 1;
    return set_limit(RLIMIT_CPU, spent + (rlim_t)job->seconds, RLIM_INFINITY);
}

/* Bytes of address space in use. */
static int64_t mapped_bytes(void)
{
    char text[64] = "";
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t size = file >= 0 ? read(file, text, sizeof text - 1) : -1;
    if (file >= 0)
        close(file);
    return size > 0 ? strtoll(text, NULL, 10) * (int64_t)sysconf(_SC_PAGESIZE) : 0;
}

static enum status limit_process(const struct job *job)
{
    TRY(set_limit(RLIMIT_CORE, 0, 0));
    TRY(set_limit(RLIMIT_FSIZE, 0, 0));
    TRY(limit_time(job));
#if LIMIT_MEMORY
    rlim_t room = (rlim_t)(mapped_bytes() + job->memory);
    TRY(set_limit(RLIMIT_AS, room, room));
    TRY(set_limit(RLIMIT_NOFILE, 0, 0));
#else
    (void)mapped_bytes;
#endif
    return OK;
}

/* ---- the file ---- */

static enum status map_file(struct job *job)
{
    struct stat facts;
    int file = open(job->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return FAIL(ERR_DATA, "it cannot be opened: %s", strerror(errno));
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size <= 0) {
        close(file);
        return FAIL(ERR_DATA, "it is empty or no plain file");
    }
    void *bytes = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    int error = errno;
    close(file);
    if (bytes == MAP_FAILED)
        return FAIL(ERR_MEMORY, "it cannot be mapped: %s", strerror(error));
    job->bytes = bytes;
    job->size = (size_t)facts.st_size;
    return OK;
}

static enum status send_cases(const struct job *job, const struct foreign_layout *layout)
{
    enum status status = OK;
    struct foreign_facts_case one;
    const size_t size = (size_t)foreign_facts_bytes(&layout->facts);
    unsigned char *fields = NULL;
    TRY_GOTO(ARRAY_NEW(fields, size), cleanup);
    for (int64_t i = 0; i < layout->facts.trajectories; i++) {
        TRY_GOTO(limit_time(job), cleanup);
        TRY_GOTO(foreign_layout_read(&one, fields, layout, i), cleanup);
        TRY_GOTO(foreign_wire_put(OUTPUT, FOREIGN_WIRE_CASE, &one, sizeof one), cleanup);
        TRY_GOTO(foreign_wire_put(OUTPUT, FOREIGN_WIRE_FIELDS, fields, size), cleanup);
    }
    TRY_GOTO(foreign_wire_put(OUTPUT, FOREIGN_WIRE_END, NULL, 0), cleanup);
cleanup:
    array_free(fields);
    return status;
}

static enum status read_file(struct job *job)
{
    enum status status = OK;
    struct h5file *file = NULL;
    struct foreign_check check = {.count = 0};
    struct foreign_layout layout;
    TRY_GOTO(map_file(job), cleanup);
    TRY_GOTO(limit_process(job), cleanup);
    TRY_GOTO(h5file_open(&file, job->bytes, job->size), cleanup);
    TRY_GOTO(foreign_check_file(&check, file, (int64_t)job->size, job->memory), cleanup);
    TRY_GOTO(foreign_layout_open(&layout, file, &check), cleanup);
    TRY_GOTO(foreign_wire_put(OUTPUT, FOREIGN_WIRE_FACTS, &layout.facts, sizeof layout.facts),
             cleanup);
    TRY_GOTO(send_cases(job, &layout), cleanup);
cleanup:
    foreign_check_fini(&check);
    h5file_close(file);
    return status;
}

int foreign_worker_run(int count, const char *const *words)
{
    if (count != WORDS)
        return ERR_USAGE;
    struct job job = {.path = words[2],
                      .memory = strtoll(words[0], NULL, 10),
                      .seconds = strtoll(words[1], NULL, 10)};
    h5file_init();
    enum status status = read_file(&job);
    if (status == OK)
        return 0;
    struct foreign_wire_fault fault = {.status = status};
    snprintf(fault.text, sizeof fault.text, "%.1000s", error_message());
    (void)foreign_wire_put(OUTPUT, FOREIGN_WIRE_FAULT, &fault, sizeof fault);
    return (int)status;
}
