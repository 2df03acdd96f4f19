/* SPDX-License-Identifier: Apache-2.0 */
#include "training_events.h"

#include "event_file.h"
#include "metrics_lines.h"
#include "path.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SOURCES = 2, NUMBERS = 64, NAME = 96, LINE = 1 << 14 };

static const struct {
    const char *name, *kind; /* of lines that do not say */
} sources[SOURCES] = {{"metrics.jsonl", "training"}, {"timing.jsonl", "timing"}};

struct training_events {
    const char *folder;
    int continued;     /* there were event files before */
    int64_t validated; /* the last validation that metrics.jsonl told of before; -1: none */
    int64_t first;
    struct event_file *file; /* NULL before the first line */
    FILE *streams[SOURCES];  /* NULL before there is anything */
    char line[LINE];
};

static double time_of_day(void)
{
    struct timespec now = {.tv_sec = 0};
    (void)timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static enum status find_validated(void *context, const struct json *line)
{
    struct training_events *events = context;
    const char *kind;
    int64_t step;
    TRY(metrics_lines_kind(&kind, &step, line, "training"));
    if (strcmp(kind, "validation") == 0)
        events->validated = step;
    return OK;
}

enum status training_events_open(struct training_events **out, const char *folder)
{
    enum status status = OK;
    char path[PATH_SIZE];
    struct training_events *made = calloc(1, sizeof *made);
    if (made == NULL)
        return FAIL(ERR_MEMORY, "out of memory");
    made->folder = folder;
    made->validated = -1;
    TRY_GOTO(event_file_find(&made->continued, folder), cleanup);
    TRY_GOTO(path_join(path, sizeof path, folder, "metrics.jsonl"), cleanup);
    if (path_exists(path))
        TRY_GOTO(metrics_lines_read(folder, find_validated, made), cleanup);
    *out = made;
    made = NULL;
cleanup:
    training_events_close(made);
    return status;
}

/* A resumed run may owe the validation of the step it goes on from. */
static int is_new(const struct training_events *events, const char *kind, int64_t step)
{
    if (!events->continued || step > events->first)
        return 1;
    return strcmp(kind, "validation") == 0 && step == events->first && events->validated < step;
}

static enum status take_line(struct training_events *events, const struct json *line,
                             const char *otherwise)
{
    struct event_file_scalar scalars[NUMBERS];
    char names[NUMBERS][NAME];
    const char *kind, *key;
    int64_t step;
    size_t count = 0;
    double value;
    TRY(metrics_lines_kind(&kind, &step, line, otherwise));
    if (!is_new(events, kind, step))
        return OK;
    for (int i = 0; (key = metrics_lines_number(&value, line, i)) != NULL && count < NUMBERS; i++) {
        if (!isfinite(value))
            continue;
        (void)snprintf(names[count], NAME, "%s/%s", kind, key);
        scalars[count] = (struct event_file_scalar){.name = names[count], .value = value};
        count++;
    }
    if (events->file == NULL)
        TRY(event_file_create(&events->file, events->folder, time_of_day(),
                              events->continued ? events->first + 1 : 0));
    return event_file_append(events->file, time_of_day(), step, scalars, count);
}

/* The next whole line, without its end; 0 when there is none yet. */
static int next_line(struct training_events *events, FILE *stream)
{
    long before = ftell(stream);
    clearerr(stream); /* the end of the last time is none any more */
    if (before < 0 || fgets(events->line, LINE, stream) == NULL)
        return 0;
    char *end = strchr(events->line, '\n');
    if (end == NULL) {
        (void)fseek(stream, before, SEEK_SET);
        return 0;
    }
    *end = '\0';
    return 1;
}

static enum status follow_source(struct training_events *events, int which)
{
    char path[PATH_SIZE];
    TRY(path_join(path, sizeof path, events->folder, sources[which].name));
    if (events->streams[which] == NULL)
        events->streams[which] = fopen(path, "r");
    if (events->streams[which] == NULL)
        return errno == ENOENT ? OK : FAIL(ERR_IO, "%s: %s", path, strerror(errno));
    while (next_line(events, events->streams[which])) {
        struct json *line = NULL;
        TRY(json_read(&line, events->line, strlen(events->line), path));
        enum status status = take_line(events, line, sources[which].kind);
        json_destroy(line);
        TRY(status);
    }
    return OK;
}

enum status training_events_follow(struct training_events *events, int64_t first)
{
    events->first = first;
    for (int i = 0; i < SOURCES; i++)
        TRY(follow_source(events, i));
    return OK;
}

void training_events_close(struct training_events *events)
{
    if (events == NULL)
        return;
    for (int i = 0; i < SOURCES; i++)
        if (events->streams[i] != NULL)
            (void)fclose(events->streams[i]);
    event_file_close(events->file);
    free(events);
}
