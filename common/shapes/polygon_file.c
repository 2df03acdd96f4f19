/* SPDX-License-Identifier: Apache-2.0
 *
 * A line is cut into words at commas, semicolons and blanks. Two words that are numbers are a
 * vertex. What ends the ring, a blank line or the first vertex once more, may be followed by no
 * other vertex. */
#include "polygon_file.h"

#include "array.h"
#include "atomic_file.h"
#include "body.h"
#include "number.h"
#include "polygon.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { FILE_BYTES_MAX = 64 << 20, WORD_SIZE = 64, WORDS_MAX = 8 };

struct line {
    const char *begin, *end; /* without its end */
    int64_t number;
    int64_t words;
    char word[WORDS_MAX][WORD_SIZE];
};

struct reading {
    double *points; /* [BODY_VERTICES][2] */
    int64_t count;
    int64_t first_line; /* of the first vertex */
    int64_t names_line; /* of the line of names, 0: none yet */
    int64_t blank_line; /* of the first blank line behind a vertex */
    int64_t close_line; /* of the vertex that repeats the first */
};

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Takes the next line off the text; 0 at its end. */
static int next_line(struct line *line, const char **text, const char *end)
{
    if (*text >= end)
        return 0;
    const char *stop = memchr(*text, '\n', (size_t)(end - *text));
    line->begin = *text;
    line->end = stop != NULL ? stop : end;
    *text = stop != NULL ? stop + 1 : end;
    line->number++;
    while (line->begin < line->end && is_blank(*line->begin))
        line->begin++;
    while (line->end > line->begin && is_blank(line->end[-1]))
        line->end--;
    return 1;
}

/* One separator, and blanks about it; a blank alone separates too. */
static const char *skip_separator(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    if (at < end && (*at == ',' || *at == ';'))
        at++;
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* Words too long to be numbers are cut, which leaves them none; those beyond WORDS_MAX count. */
static void cut_words(struct line *line)
{
    const char *at = line->begin;
    int ends_open = 1; /* does another word follow, if an empty one? */
    for (line->words = 0; ends_open; line->words++) {
        const char *begin = at;
        while (at < line->end && !is_blank(*at) && *at != ',' && *at != ';')
            at++;
        if (line->words < WORDS_MAX) {
            size_t length = (size_t)(at - begin);
            length = length < WORD_SIZE - 1 ? length : WORD_SIZE - 1;
            memcpy(line->word[line->words], begin, length);
            line->word[line->words][length] = '\0';
        }
        ends_open = at < line->end;
        at = skip_separator(at, line->end);
    }
}

/* As a number begins, or one of those that are none. */
static int looks_numeric(const char *word)
{
    return (*word != '\0' && strchr("+-.0123456789", *word) != NULL) ||
           strcasecmp(word, "nan") == 0 || strcasecmp(word, "inf") == 0 ||
           strcasecmp(word, "infinity") == 0;
}

static enum status read_word(double *out, const struct line *line, int axis)
{
    const char *word = line->word[axis], *name = axis == 0 ? "x" : "y";
    switch (number_real(out, word)) {
    case NUMBER_GOOD:
        return OK;
    case NUMBER_TOO_LARGE:
        return FAIL(ERR_DATA, "line %" PRId64 ": %s is '%s', beyond the range of numbers",
                    line->number, name, word);
    default:
        return FAIL(ERR_DATA,
                    "line %" PRId64 ": %s is '%s', not a number with a decimal point as in 12.5",
                    line->number, name, word);
    }
}

static enum status read_vertex(double point[2], const struct line *line)
{
    if (line->words != 2)
        return FAIL(ERR_DATA,
                    "line %" PRId64 ": %" PRId64 " value%s in the line; x and y are needed",
                    line->number, line->words, line->words == 1 ? "" : "s");
    for (int axis = 0; axis < 2; axis++)
        TRY(read_word(&point[axis], line, axis));
    return OK;
}

/* Is the line one of names, which may stand before the first vertex once? */
static int is_names(struct reading *reading, const struct line *line)
{
    if (reading->count > 0 || reading->names_line > 0)
        return 0;
    for (int64_t k = 0; k < line->words && k < WORDS_MAX; k++)
        if (looks_numeric(line->word[k]))
            return 0;
    reading->names_line = line->number;
    return 1;
}

static enum status check_one_ring(const struct reading *reading, const struct line *line)
{
    if (reading->close_line > 0)
        return FAIL(ERR_CONFIG,
                    "line %" PRId64 ": another vertex, but line %" PRId64
                    " closes the ring; a polygon "
                    "has one, and no holes",
                    line->number, reading->close_line);
    if (reading->blank_line > 0)
        return FAIL(ERR_CONFIG,
                    "line %" PRId64 ": another vertex behind the blank line %" PRId64
                    ", which ends the "
                    "ring; a polygon has one, and no holes",
                    line->number, reading->blank_line);
    if (reading->count >= BODY_VERTICES)
        return FAIL(ERR_CONFIG, "line %" PRId64 ": more than %d vertices", line->number,
                    BODY_VERTICES);
    return OK;
}

static enum status take_line(struct reading *reading, struct line *line)
{
    double point[2];
    if (line->begin == line->end) {
        if (reading->count > 0 && reading->blank_line == 0)
            reading->blank_line = line->number;
        return OK;
    }
    if (*line->begin == '#')
        return OK;
    cut_words(line);
    if (is_names(reading, line))
        return OK;
    TRY(read_vertex(point, line));
    TRY(check_one_ring(reading, line));
    double *points = reading->points;
    if (reading->count > 2 && point[0] == points[0] && point[1] == points[1]) {
        reading->close_line = line->number;
        return OK;
    }
    if (reading->count == 0)
        reading->first_line = line->number;
    memcpy(points + 2 * reading->count++, point, sizeof point);
    return OK;
}

static enum status take_lines(struct reading *reading, const char *text, size_t size)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* of UTF-8 */
    const char *at = text, *end = text + size;
    struct line line = {.number = 0};
    const char *zero = memchr(text, '\0', size);
    if (zero != NULL)
        return FAIL(ERR_DATA, "it is no text: byte %zu is zero", (size_t)(zero - text) + 1);
    if (size >= sizeof mark - 1 && memcmp(text, mark, sizeof mark - 1) == 0)
        at += sizeof mark - 1;
    while (next_line(&line, &at, end))
        TRY(take_line(reading, &line));
    if (reading->count == 0)
        return FAIL(ERR_DATA, "there is no vertex in it; x,y is needed in each line");
    return OK;
}

/* What polygon_create refuses, in terms of this file. */
static enum status check_polygon(const struct reading *reading)
{
    struct polygon *polygon = NULL;
    enum status status = polygon_create(&polygon, reading->points, reading->count);
    polygon_destroy(polygon);
    if (status == ERR_CONFIG)
        error_prefix(status, "vertex 1 is in line %" PRId64, reading->first_line);
    return status;
}

enum status polygon_file_parse(double **points, int64_t *count, const char *text, size_t size)
{
    enum status status = OK;
    struct reading reading = {0};
    TRY(ARRAY_NEW(reading.points, 2 * BODY_VERTICES));
    TRY_GOTO(take_lines(&reading, text, size), cleanup);
    TRY_GOTO(check_polygon(&reading), cleanup);
    *points = reading.points;
    *count = reading.count;
    reading.points = NULL;
cleanup:
    array_free(reading.points);
    return status;
}

enum status polygon_file_read(double **points, int64_t *count, const char *path)
{
    unsigned char *text = NULL;
    size_t size;
    enum status status = atomic_file_read(&text, &size, path, FILE_BYTES_MAX);
    if (status != OK)
        return status == ERR_DATA ? ERR_CONFIG : status;
    status = polygon_file_parse(points, count, (const char *)text, size);
    array_free(text);
    return status == OK ? OK : error_prefix(status, "%s", path);
}
