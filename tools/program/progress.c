/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include "log.h"
#include "number_text.h"
#include "stop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double LIVE_SECONDS = 0.2;
static const double LINE_SECONDS = 5;

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

void progress_update(struct progress *progress, double done, const char *note)
{
    double now = stop_clock();
    double wait = progress->terminal ? LIVE_SECONDS : LINE_SECONDS;
    if (log_level() < LOG_INFO || now - progress->shown < wait)
        return;
    progress->shown = now;
    if (done > progress->total)
        done = progress->total; /* which may be an estimate */
    double rate = progress_rate(progress, done);
    char left[48] = "";
    if (rate > 0 && done > progress->first) {
        number_text_write_time(left, 32, (progress->total - done) / progress->unit_scale / rate);
        size_t used = strlen(left);
        snprintf(left + used, sizeof left - used, " left");
    }
    double share = progress->total > 0 ? 100 * done / progress->total : 0;
    fprintf(stderr, "%s%s: %3.0f %%%s%s, %.*f %s%s%s%s", progress->terminal ? "\r\033[K" : "",
            progress->task, share, note != NULL ? ", " : "", note != NULL ? note : "",
            rate < 10 ? 2 : 0, rate, progress->unit, left[0] != '\0' ? ", " : "", left,
            progress->terminal ? "" : "\n");
    fflush(stderr);
    progress->open = progress->terminal;
}

void progress_end(struct progress *progress)
{
    if (progress->open)
        fputs("\r\033[K", stderr);
    progress->open = 0;
}
