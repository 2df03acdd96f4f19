/* SPDX-License-Identifier: Apache-2.0 */
#include "case_range.h"

#include "exact_math.h"

#include <assert.h>
#include <math.h>

enum { PIECES = CASE_DRAW_FAMILIES + 1 };

enum status case_range_check(const struct case_draw_range *range, const char *what)
{
    if (range->kind == CASE_DRAW_LIST) {
        if (range->list_count < 1 || range->list_count > CASE_DRAW_LIST_SIZE)
            return FAIL(ERR_CONFIG, "the list of %s has %lld values; 1 to %d would do", what,
                        (long long)range->list_count, CASE_DRAW_LIST_SIZE);
        for (int64_t i = 0; i < range->list_count; i++)
            if (!isfinite(range->list[i]))
                return FAIL(ERR_CONFIG, "value %lld of %s, %g, is not finite", (long long)i + 1,
                            what, range->list[i]);
        return OK;
    }
    if (!isfinite(range->low) || (range->kind != CASE_DRAW_FIXED && !isfinite(range->high)))
        return FAIL(ERR_CONFIG, "%s: %g or %g is not finite", what, range->low, range->high);
    if (range->kind != CASE_DRAW_FIXED && !(range->low < range->high))
        return FAIL(ERR_CONFIG, "%s: the range %g..%g is empty; the first must be the smaller",
                    what, range->low, range->high);
    if (range->kind == CASE_DRAW_LOG_UNIFORM && !(range->low > 0))
        return FAIL(ERR_CONFIG, "%s: a log-uniform range must begin above 0, not at %g", what,
                    range->low);
    return OK;
}

static double list_value(const struct case_draw_range *range, double u)
{
    return range->list[(int64_t)(u * (double)range->list_count)];
}

/* In [low, high): rounding must not reach the upper end. */
static double between(enum case_draw_kind kind, double low, double high, double u)
{
    double value = kind == CASE_DRAW_LOG_UNIFORM
                       ? low * exact_math_exp(u * exact_math_log(high / low))
                       : low + u * (high - low);
    return fmin(fmax(value, low), nextafter(high, low));
}

double case_range_value(const struct case_draw_range *range, double u)
{
    switch (range->kind) {
    case CASE_DRAW_FIXED:
        return range->low;
    case CASE_DRAW_LIST:
        return list_value(range, u);
    case CASE_DRAW_UNIFORM:
    case CASE_DRAW_LOG_UNIFORM:
        break;
    }
    return between(range->kind, range->low, range->high, u);
}

int64_t case_range_integer(const struct case_draw_range *range, double u)
{
    double value = case_range_value(range, u);
    if (range->kind == CASE_DRAW_UNIFORM)
        value = floor(between(CASE_DRAW_UNIFORM, ceil(range->low), floor(range->high) + 1, u));
    else
        value = floor(value + 0.5);
    return fabs(value) < 1e15 ? (int64_t)value : -1;
}

void case_range_get_span(struct case_range_span *out, const struct case_draw_range *range)
{
    if (range->kind != CASE_DRAW_LIST) {
        double high = range->kind == CASE_DRAW_FIXED ? range->low : range->high;
        *out = (struct case_range_span){
            range->low, high, range->kind == CASE_DRAW_FIXED ? CASE_RANGE_CLOSED : CASE_RANGE_OPEN};
        return;
    }
    *out = (struct case_range_span){range->list[0], range->list[0], CASE_RANGE_CLOSED};
    for (int64_t i = 1; i < range->list_count; i++) {
        out->low = fmin(out->low, range->list[i]);
        out->high = fmax(out->high, range->list[i]);
    }
}

void case_range_join(struct case_range_span *span, const struct case_range_span *more)
{
    if (more->high > span->high || (more->high == span->high && more->end == CASE_RANGE_CLOSED)) {
        span->high = more->high;
        span->end = more->end;
    }
    span->low = fmin(span->low, more->low);
}

int case_range_is_outside(const struct case_range_span *span, const struct case_range_span *other)
{
    if (span->low > other->high || span->high < other->low)
        return 1;
    return (span->low == other->high && other->end == CASE_RANGE_OPEN) ||
           (span->high == other->low && span->end == CASE_RANGE_OPEN);
}

void case_range_make_whole(struct case_draw_range *range)
{
    int is_uniform = range->kind == CASE_DRAW_UNIFORM;
    range->low = is_uniform ? ceil(range->low) : floor(range->low + 0.5);
    range->high = is_uniform ? floor(range->high) : floor(range->high + 0.5);
    for (int64_t i = 0; range->kind == CASE_DRAW_LIST && i < range->list_count; i++)
        range->list[i] = floor(range->list[i] + 0.5);
}

static int holds(const struct case_draw_range *range, double value)
{
    if (range->kind == CASE_DRAW_FIXED)
        return value == range->low;
    if (range->kind != CASE_DRAW_LIST)
        return value >= range->low && value <= range->high;
    for (int64_t i = 0; i < range->list_count; i++)
        if (range->list[i] == value)
            return 1;
    return 0;
}

int case_range_overlap(const struct case_draw_range *a, const struct case_draw_range *b)
{
    if (a->kind == CASE_DRAW_FIXED)
        return holds(b, a->low);
    if (a->kind != CASE_DRAW_LIST && b->kind != CASE_DRAW_LIST && b->kind != CASE_DRAW_FIXED)
        return a->low <= b->high && b->low <= a->high;
    if (a->kind != CASE_DRAW_LIST)
        return case_range_overlap(b, a);
    for (int64_t i = 0; i < a->list_count; i++)
        if (holds(b, a->list[i]))
            return 1;
    return 0;
}

static int in_gaps(double value, const double gaps[][2], int64_t gap_count)
{
    for (int64_t i = 0; i < gap_count; i++)
        if (value >= gaps[i][0] && value < gaps[i][1])
            return 1;
    return 0;
}

/* A list (or a fixed value) without what is on the other side. */
static enum status filter_list(struct case_draw_range *out, const struct case_draw_range *range,
                               const double gaps[][2], int64_t gap_count, enum case_range_side side)
{
    *out = (struct case_draw_range){.kind = CASE_DRAW_LIST};
    int64_t count = range->kind == CASE_DRAW_FIXED ? 1 : range->list_count;
    for (int64_t i = 0; i < count; i++) {
        double value = range->kind == CASE_DRAW_FIXED ? range->low : range->list[i];
        if (in_gaps(value, gaps, gap_count) == (side == CASE_RANGE_INSIDE_GAPS))
            out->list[out->list_count++] = value;
    }
    if (out->list_count == 0)
        return FAIL(ERR_CONFIG, "no Reynolds number of the list is %s the gaps",
                    side == CASE_RANGE_INSIDE_GAPS ? "inside" : "outside");
    return OK;
}

/* The pieces that may be drawn, ascending. */
static enum status find_pieces(double pieces[PIECES][2], int64_t *out,
                               const struct case_draw_range *range, const double gaps[][2],
                               int64_t gap_count, enum case_range_side side)
{
    assert(gap_count < PIECES);
    int64_t count = 0;
    double low = range->low;
    for (int64_t i = 0; i <= gap_count; i++) {
        double high = i < gap_count ? fmin(gaps[i][0], range->high) : range->high;
        if (side == CASE_RANGE_OUTSIDE_GAPS && low < high) {
            pieces[count][0] = low;
            pieces[count++][1] = high;
        }
        if (i == gap_count)
            break;
        if (side == CASE_RANGE_INSIDE_GAPS) {
            pieces[count][0] = gaps[i][0];
            pieces[count++][1] = gaps[i][1];
        }
        low = fmax(low, gaps[i][1]);
    }
    if (count == 0)
        return FAIL(ERR_CONFIG, "no Reynolds number of %g..%g is %s the gaps", range->low,
                    range->high, side == CASE_RANGE_INSIDE_GAPS ? "inside" : "outside");
    *out = count;
    return OK;
}

static double measure(enum case_draw_kind kind, const double piece[2])
{
    return kind == CASE_DRAW_LOG_UNIFORM ? exact_math_log(piece[1] / piece[0])
                                         : piece[1] - piece[0];
}

static int is_listed(const struct case_draw_range *range)
{
    return range->kind == CASE_DRAW_FIXED || range->kind == CASE_DRAW_LIST;
}

enum status case_range_gapped(double *out, const struct case_draw_range *range,
                              const double gaps[][2], int64_t gap_count, enum case_range_side side,
                              double u)
{
    double pieces[PIECES][2], total = 0;
    int64_t count = 0, i = 0;
    if (is_listed(range)) {
        struct case_draw_range kept;
        TRY(filter_list(&kept, range, gaps, gap_count, side));
        *out = list_value(&kept, u);
        return OK;
    }
    TRY(find_pieces(pieces, &count, range, gaps, gap_count, side));
    for (int64_t k = 0; k < count; k++)
        total += measure(range->kind, pieces[k]);
    double rest = u * total;
    while (i + 1 < count && rest >= measure(range->kind, pieces[i]))
        rest -= measure(range->kind, pieces[i++]);
    *out = between(range->kind, pieces[i][0], pieces[i][1],
                   fmin(rest / measure(range->kind, pieces[i]), 1));
    return OK;
}

enum status case_range_gapped_span(struct case_range_span *out, const struct case_draw_range *range,
                                   const double gaps[][2], int64_t gap_count,
                                   enum case_range_side side)
{
    double pieces[PIECES][2];
    int64_t count = 0;
    if (is_listed(range)) {
        struct case_draw_range kept;
        TRY(filter_list(&kept, range, gaps, gap_count, side));
        case_range_get_span(out, &kept);
        return OK;
    }
    TRY(find_pieces(pieces, &count, range, gaps, gap_count, side));
    *out = (struct case_range_span){pieces[0][0], pieces[count - 1][1], CASE_RANGE_OPEN};
    return OK;
}
