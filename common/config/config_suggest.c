/* SPDX-License-Identifier: Apache-2.0
 *
 * Damerau-Levenshtein distance in its restricted form (optimal string alignment): the least number
 * of insertions, deletions, replacements and exchanges of neighbours. Counted in halves, so that a
 * change of case or of '-' and '_' is half a fault. */
#include "config_suggest.h"

#include "config.h"

#include <limits.h>
#include <string.h>

enum { LONGEST = 128, FAULT = 2 };

static char fold(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '-' ? '_' : c;
}

static int replacement(char a, char b)
{
    if (a == b)
        return 0;
    return fold(a) == fold(b) ? FAULT / 2 : FAULT;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* rows[0] = row i of the table from rows[1] = row i - 1 and rows[2] = row i - 2; its least entry.
 */
static int next_row(int *rows[3], size_t i, const char *a, const char *b, size_t b_length)
{
    int lowest = (int)i * FAULT;
    rows[0][0] = lowest;
    for (size_t j = 1; j <= b_length; j++) {
        int best = least(rows[1][j] + FAULT, rows[0][j - 1] + FAULT);
        best = least(best, rows[1][j - 1] + replacement(a[i - 1], b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            best = least(best, rows[2][j - 2] + FAULT);
        rows[0][j] = best;
        lowest = least(lowest, best);
    }
    return lowest;
}

/* Do the lengths alone keep the words further apart? */
static int are_beyond(size_t a_length, size_t b_length, int bound)
{
    size_t difference = a_length > b_length ? a_length - b_length : b_length - a_length;
    return a_length > LONGEST || b_length > LONGEST || (int)difference * FAULT > bound;
}

int config_suggest_distance(const char *a, size_t a_length, const char *b, size_t b_length,
                            int bound)
{
    int storage[3][LONGEST + 1];
    int *rows[3] = {storage[0], storage[1], storage[2]};
    int before = 0, lowest = 0;
    if (are_beyond(a_length, b_length, bound))
        return INT_MAX;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = (int)j * FAULT;
    for (size_t i = 1; i <= a_length; i++) {
        int *spare = rows[2];
        rows[2] = rows[1];
        rows[1] = rows[0];
        rows[0] = spare;
        before = lowest;
        lowest = next_row(rows, i, a, b, b_length);
        if (least(before, lowest) > bound) /* rows only grow from the two before them */
            return INT_MAX;
    }
    return rows[0][b_length] <= bound ? rows[0][b_length] : INT_MAX;
}

int config_suggest_limit(size_t length)
{
    size_t faults = length / 3;
    return FAULT * (faults < 1 ? 1 : faults > 3 ? 3 : (int)faults);
}

const char *config_suggest(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    int best = config_suggest_limit(strlen(word)) + 1;
    for (size_t i = 0; i < count; i++) {
        int distance = config_suggest_distance(word, strlen(word), candidates[i],
                                               strlen(candidates[i]), best - 1);
        if (distance < best) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}
