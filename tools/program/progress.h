/* SPDX-License-Identifier: Apache-2.0
 *
 * How far a long task is: share, rate, time left, on stderr. A line that is written over on a
 * terminal and never wider than it; elsewhere one line every five seconds, in a long task every
 * hundredth of its time so far, a minute at most; nothing below LOG_INFO. Callers serialise. */
#pragma once

struct progress {
    const char *task;    /* "generate" */
    const char *unit;    /* of the rate: "MLUPS", "samples/s" */
    double unit_scale;   /* work units per rate unit: 1e6 for MLUPS */
    double total;        /* work in all, in work units; may be an estimate */
    double first;        /* work done when it began (a resumed run) */
    double began, shown; /* stop_clock */
    int terminal;        /* stderr is one */
    int open;            /* a live line stands on the terminal */
};

/* `task` and `unit` are kept. */
void progress_begin(struct progress *progress, const char *task, const char *unit,
                    double unit_scale, double total, double first);

/* `done` of total work units; `note` (may be NULL) is a few words such as "12 of 50 cases". */
void progress_update(struct progress *progress, double done, const char *note);

/* Takes the live line away. */
void progress_end(struct progress *progress);

/* Work per second since it began, in rate units. */
double progress_rate(const struct progress *progress, double done);
