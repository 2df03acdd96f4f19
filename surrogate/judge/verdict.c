/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One entry's two numbers. */
struct standing {
    double error, cost;
};

static struct standing standing_of(const struct evaluation *evaluation, int64_t entry,
                                   enum scoreboard_window window)
{
    struct standing standing = {
        scoreboard_over_window(evaluation, entry, window, METRICS_VELOCITY).mean,
        scoreboard_cost(evaluation, entry),
    };
    return standing;
}

static enum evaluation_role role_of(const struct evaluation *evaluation, int64_t entry)
{
    return evaluation_get_options(evaluation)->entries[entry].role;
}

static const char *name_of(const struct evaluation *evaluation, int64_t entry)
{
    return evaluation_get_options(evaluation)->entries[entry].forecaster->name;
}

static void add_text(struct verdict *verdict, const char *format, ...) ERROR_PRINTF_LIKE(2, 3);

static void add_text(struct verdict *verdict, const char *format, ...)
{
    size_t used = strlen(verdict->text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(verdict->text + used, sizeof verdict->text - used, format, arguments);
    va_end(arguments);
}

/* The entry of a role with the least error, of those that cost no more than `limit`. */
static int64_t find_most_accurate(const struct evaluation *evaluation, enum evaluation_role role,
                                  enum scoreboard_window window, double limit)
{
    int64_t best = VERDICT_NONE;
    double least = (double)INFINITY;
    for (int64_t e = 0; e < evaluation_get_options(evaluation)->count; e++) {
        struct standing s = standing_of(evaluation, e, window);
        if (role_of(evaluation, e) == role && s.cost <= limit && s.error < least) {
            least = s.error;
            best = e;
        }
    }
    return best;
}

static int64_t find_cheapest_rival(const struct evaluation *evaluation,
                                   enum scoreboard_window window, double error)
{
    int64_t best = VERDICT_NONE;
    double least = (double)INFINITY;
    for (int64_t e = 0; e < evaluation_get_options(evaluation)->count; e++) {
        struct standing s = standing_of(evaluation, e, window);
        if (role_of(evaluation, e) == EVALUATION_RIVAL && s.error <= error && s.cost < least) {
            least = s.cost;
            best = e;
        }
    }
    return best;
}

/* "3.2 times" from a ratio at least 1. */
static void add_times(struct verdict *verdict, double times)
{
    add_text(verdict, times < 10.0 ? "%.1f times" : "%.0f times", times);
}

static void tell_baseline(struct verdict *verdict, const struct evaluation *evaluation)
{
    if (verdict->baseline == VERDICT_NONE)
        return;
    add_text(verdict, " It %s %s (%.1f %%).",
             verdict->error < verdict->baseline_error ? "beats" : "does not beat",
             name_of(evaluation, verdict->baseline), 100.0 * verdict->baseline_error);
}

static int has_rival(const struct verdict *verdict, const struct evaluation *evaluation)
{
    return find_most_accurate(evaluation, EVALUATION_RIVAL, verdict->window, (double)INFINITY) !=
           VERDICT_NONE;
}

static void tell_equal_accuracy(struct verdict *verdict, const struct evaluation *evaluation)
{
    int64_t rival = verdict->equal_accuracy;
    if (rival == VERDICT_NONE) {
        int64_t best =
            find_most_accurate(evaluation, EVALUATION_RIVAL, verdict->window, (double)INFINITY);
        if (best == VERDICT_NONE)
            add_text(verdict, " No rival could be judged.");
        else
            add_text(verdict,
                     " At equal accuracy: none; it is more accurate than every rival tried, the "
                     "best of which, %s, has %.1f %%.",
                     name_of(evaluation, best),
                     100.0 * standing_of(evaluation, best, verdict->window).error);
        return;
    }
    struct standing s = standing_of(evaluation, rival, verdict->window);
    add_text(verdict, " At equal accuracy: %s (%.1f %%) is ", name_of(evaluation, rival),
             100.0 * s.error);
    add_times(verdict, verdict->speed_up < 1.0 ? 1.0 / verdict->speed_up : verdict->speed_up);
    if (verdict->speed_up < 1.0)
        add_text(verdict, " cheaper and %s: use it.",
                 s.error < verdict->error ? "more accurate" : "as accurate");
    else
        add_text(verdict, " dearer: %s saves that much.", name_of(evaluation, verdict->candidate));
}

static void tell_equal_cost(struct verdict *verdict, const struct evaluation *evaluation)
{
    int64_t rival = verdict->equal_cost;
    if (rival == VERDICT_NONE && !has_rival(verdict, evaluation))
        return;
    if (rival == VERDICT_NONE) {
        add_text(verdict, " At equal cost: no rival is as cheap.");
        return;
    }
    double error = standing_of(evaluation, rival, verdict->window).error;
    add_text(verdict, " At equal cost: %s has %.1f %%, %s.", name_of(evaluation, rival),
             100.0 * error,
             error < verdict->error   ? "so the solver wins"
             : error > verdict->error ? "so the solver loses"
                                      : "a draw");
}

static void tell_truth(struct verdict *verdict)
{
    if (!isfinite(verdict->truth_speed_up))
        return;
    if (fabs(log(verdict->truth_speed_up)) < log(1.05)) { /* "1.0 times" says nothing */
        add_text(verdict, " The truth's solver costs as much.");
        return;
    }
    add_text(verdict, " The truth's solver is ");
    if (verdict->truth_speed_up < 1.0) {
        add_times(verdict, 1.0 / verdict->truth_speed_up);
        add_text(verdict, " cheaper.");
    } else {
        add_times(verdict, verdict->truth_speed_up);
        add_text(verdict, " dearer.");
    }
}

static void tell_lost(struct verdict *verdict, const struct evaluation *evaluation)
{
    const char *name = name_of(evaluation, verdict->candidate);
    struct scoreboard_spread spread =
        scoreboard_over_window(evaluation, verdict->candidate, verdict->window, METRICS_VELOCITY);
    const char *absence = evaluation_absence(evaluation, verdict->candidate);
    if (absence[0] != '\0')
        add_text(verdict, "%s took no part: %.600s", name, absence);
    else if (spread.diverged > 0)
        add_text(verdict,
                 "%s diverged in %lld of %lld rollouts over %s: it has no accuracy to "
                 "compare.",
                 name, (long long)spread.diverged, (long long)spread.count,
                 scoreboard_window_words(verdict->window));
    else
        add_text(verdict, "Over %s nothing is defined: no rollout has one within its frames.",
                 scoreboard_window_words(verdict->window));
}

void verdict_reach(struct verdict *out, const struct evaluation *evaluation, int64_t candidate,
                   enum scoreboard_window window)
{
    const double none = (double)NAN;
    struct standing mine = standing_of(evaluation, candidate, window);
    double truth_cost = evaluation_get_options(evaluation)->truth_cost;
    *out = (struct verdict){window,       candidate, mine.error,   mine.cost, VERDICT_NONE, none,
                            VERDICT_NONE, none,      VERDICT_NONE, none,      none,         ""};
    if (!isfinite(mine.error)) {
        tell_lost(out, evaluation);
        return;
    }
    out->baseline = find_most_accurate(evaluation, EVALUATION_BASELINE, window, (double)INFINITY);
    if (out->baseline != VERDICT_NONE)
        out->baseline_error = standing_of(evaluation, out->baseline, window).error;
    out->equal_accuracy = find_cheapest_rival(evaluation, window, mine.error);
    if (out->equal_accuracy != VERDICT_NONE)
        out->speed_up = standing_of(evaluation, out->equal_accuracy, window).cost / mine.cost;
    out->equal_cost = find_most_accurate(evaluation, EVALUATION_RIVAL, window, mine.cost);
    if (out->equal_cost != VERDICT_NONE)
        out->error_ratio = standing_of(evaluation, out->equal_cost, window).error / mine.error;
    out->truth_speed_up = truth_cost > 0.0 ? truth_cost / mine.cost : none;
    add_text(out, "Over %s %s has a velocity error of %.1f %%.", scoreboard_window_words(window),
             name_of(evaluation, candidate), 100.0 * mine.error);
    tell_baseline(out, evaluation);
    tell_equal_accuracy(out, evaluation);
    tell_equal_cost(out, evaluation);
    tell_truth(out);
}
