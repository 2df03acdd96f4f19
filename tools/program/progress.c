/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include "log.h"
#include "number_text.h"
#include "stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const double LIVE_SECONDS = 0.2;
static const double LINE_SECONDS = 5, LINE_SECONDS_MOST = 60;

void progress_begin(struct progress *progress, const char *task, const char *unit,
                    double unit_scale, double total, double first)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    int plain =
        (no_color != NULL && no_color[0] != '\0') || (term != NULL && strcmp(term, "dumb") == 0);
    *progress = (struct progress){.task = task,
                                  .unit = unit,
                                  .unit_scale = unit_scale,
                                  .total = total,
                                  .first = first,
                                  .began = stop_clock(),
                                  .shown = stop_clock(),
                                  .terminal = isatty(STDERR_FILENO) && !plain};
}

double progress_rate(const struct progress *progress, double done)
{
    double seconds = stop_clock() - progress->began;
    return seconds > 0 ? (done - progress->first) / progress->unit_scale / seconds : 0;
}

/* Off a terminal a line stays: after some minutes one every so often will do. */
static double seconds_between(const struct progress *progress, double now)
{
    double rare = (now - progress->began) / 100;
    if (progress->terminal)
        return LIVE_SECONDS;
    rare = rare < LINE_SECONDS_MOST ? rare : LINE_SECONDS_MOST;
    return rare > LINE_SECONDS ? rare : LINE_SECONDS;
}

/* A live line that is wider than the terminal could not be written over: the note, items behind
 * commas, gives way from its end. Returns how much of it stays; `others` is the rest's length. */
static int fit_note(const char *note, int others)
{
    struct winsize size = {.ws_col = 0};
    int length = (int)strlen(note);
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ||
        length + others < size.ws_col)
        return length;
    int room = size.ws_col - 1 - others;
    while (room > 0 && note[room] != ',')
        room--;
    return room > 0 ? room : 0;
}

/* "train:  45 %", the note, "33 samples/s, 2 min 10 s left". */
static void show(const struct progress *progress, const char *head, const char *note,
                 const char *tail)
{
    char line[512];
    int length = (int)strlen(note);
    if (progress->terminal)
        length = fit_note(note, (int)(strlen(head) + strlen(tail)));
    snprintf(line, sizeof line, "%s%.*s%s", head, length, note, tail);
    if (progress->terminal)
        log_live_line(line);
    else
        fprintf(stderr, "%s\n", line);
}

void progress_update(struct progress *progress, double done, const char *note)
{
    char left[48] = "", head[160], middle[200] = "", tail[96];
    double now = stop_clock();
    if (log_level() < LOG_INFO || now - progress->shown < seconds_between(progress, now))
        return;
    progress->shown = now;
    if (done > progress->total)
        done = progress->total; /* which may be an estimate */
    double rate = progress_rate(progress, done);
    if (rate > 0 && done > progress->first) {
        number_text_write_time(left, 32, (progress->total - done) / progress->unit_scale / rate);
        size_t used = strlen(left);
        snprintf(left + used, sizeof left - used, " left");
    }
    double share = progress->total > 0 ? 100 * done / progress->total : 0;
    snprintf(head, sizeof head, "%s: %3.0f %%", progress->task, share);
    if (note != NULL)
        snprintf(middle, sizeof middle, ", %s", note);
    snprintf(tail, sizeof tail, ", %.*f %s%s%s", rate < 10 ? 2 : 0, rate, progress->unit,
             left[0] != '\0' ? ", " : "", left);
    show(progress, head, middle, tail);
    progress->open = progress->terminal;
}

void progress_end(struct progress *progress)
{
    if (progress->open)
        log_live_line(NULL);
    progress->open = 0;
}
