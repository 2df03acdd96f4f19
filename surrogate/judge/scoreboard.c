/* SPDX-License-Identifier: Apache-2.0 */
#include "scoreboard.h"

#include <math.h>

static const char *const keys[SCOREBOARD_WINDOWS] = {"call", "period", "rollout"};
static const char *const words[SCOREBOARD_WINDOWS] = {"one call", "one shedding period",
                                                      "the whole rollout"};

const char *scoreboard_window_key(enum scoreboard_window window)
{
    return keys[window];
}

const char *scoreboard_window_words(enum scoreboard_window window)
{
    return words[window];
}

static int is_absent(const struct evaluation *evaluation, int64_t entry)
{
    return evaluation_absence(evaluation, entry)[0] != '\0';
}

/* Whether the entry had diverged by `step` of the rollout. */
static int diverged_by(const struct evaluation *evaluation, int64_t entry, int64_t rollout,
                       int64_t step)
{
    int64_t diverged = evaluation_outcome_at(evaluation, entry, rollout)->diverged;
    return diverged != 0 && diverged <= step;
}

/* The last step of a window in one rollout; 0: undefined there. */
static int64_t window_end(const struct evaluation *evaluation, int64_t rollout,
                          enum scoreboard_window window)
{
    const struct evaluation_options *options = evaluation_get_options(evaluation);
    if (window == SCOREBOARD_CALL)
        return options->call;
    if (window == SCOREBOARD_ROLLOUT)
        return options->horizon;
    double period = evaluation_rollout_at(evaluation, rollout)->period;
    if (!(period >= 1.0 && period < (double)options->horizon + 0.5))
        return 0;
    return (int64_t)(period + 0.5);
}

/* The mean over steps first ... last of one rollout. */
static double mean_of_steps(const struct evaluation *evaluation, int64_t entry, int64_t rollout,
                            int64_t first, int64_t last, enum metrics_kind metric)
{
    double sum = 0.0;
    for (int64_t step = first; step <= last; step++)
        sum += evaluation_value(evaluation, entry, rollout, step, metric);
    return sum / (double)(last - first + 1);
}

/* Collects one value a rollout. */
struct collector {
    double sum, squares, least, most;
    int64_t defined, diverged;
};

static void collect(struct collector *all, double value)
{
    if (!isfinite(value))
        return;
    all->least = all->defined == 0 || value < all->least ? value : all->least;
    all->most = all->defined == 0 || value > all->most ? value : all->most;
    all->sum += value;
    all->squares += value * value;
    all->defined++;
}

static struct scoreboard_spread finish(const struct collector *all)
{
    const double none = (double)NAN;
    struct scoreboard_spread spread = {none,         none, none, none, all->defined + all->diverged,
                                       all->diverged};
    if (all->diverged > 0 || all->defined == 0)
        return spread;
    double n = (double)all->defined, variance;
    spread.mean = all->sum / n;
    variance = all->squares / n - spread.mean * spread.mean;
    spread.deviation = sqrt(variance > 0.0 ? variance : 0.0);
    spread.least = all->least;
    spread.most = all->most;
    return spread;
}

struct scoreboard_spread scoreboard_at_step(const struct evaluation *evaluation, int64_t entry,
                                            int64_t step, enum metrics_kind metric)
{
    struct collector all = {0};
    if (!is_absent(evaluation, entry))
        for (int64_t r = 0; r < evaluation_rollouts(evaluation); r++) {
            if (diverged_by(evaluation, entry, r, step))
                all.diverged++;
            else
                collect(&all, evaluation_value(evaluation, entry, r, step, metric));
        }
    return finish(&all);
}

struct scoreboard_spread scoreboard_over_window(const struct evaluation *evaluation, int64_t entry,
                                                enum scoreboard_window window,
                                                enum metrics_kind metric)
{
    struct collector all = {0};
    if (!is_absent(evaluation, entry))
        for (int64_t r = 0; r < evaluation_rollouts(evaluation); r++) {
            int64_t last = window_end(evaluation, r, window);
            if (last == 0)
                continue;
            if (diverged_by(evaluation, entry, r, last))
                all.diverged++;
            else
                collect(&all, mean_of_steps(evaluation, entry, r, 1, last, metric));
        }
    return finish(&all);
}

double scoreboard_cost(const struct evaluation *evaluation, int64_t entry)
{
    int64_t count = evaluation_rollouts(evaluation);
    if (is_absent(evaluation, entry) || count == 0)
        return (double)NAN;
    double sum = 0.0;
    for (int64_t r = 0; r < count; r++)
        sum += evaluation_outcome_at(evaluation, entry, r)->cost;
    return sum / (double)count;
}

int64_t scoreboard_diverged(const struct evaluation *evaluation, int64_t entry)
{
    int64_t count = 0;
    if (!is_absent(evaluation, entry))
        for (int64_t r = 0; r < evaluation_rollouts(evaluation); r++)
            count += evaluation_outcome_at(evaluation, entry, r)->diverged != 0;
    return count;
}

void scoreboard_strouhal(double *forecast, double *truth, int64_t *count,
                         const struct evaluation *evaluation, int64_t entry)
{
    double sums[2] = {0.0, 0.0};
    int64_t defined = 0;
    if (!is_absent(evaluation, entry))
        for (int64_t r = 0; r < evaluation_rollouts(evaluation); r++) {
            double f = evaluation_outcome_at(evaluation, entry, r)->strouhal;
            double v = evaluation_rollout_at(evaluation, r)->horizon_strouhal;
            if (!isfinite(f) || !isfinite(v))
                continue;
            sums[0] += f;
            sums[1] += v;
            defined++;
        }
    *forecast = defined > 0 ? sums[0] / (double)defined : (double)NAN;
    *truth = defined > 0 ? sums[1] / (double)defined : (double)NAN;
    *count = defined;
}
