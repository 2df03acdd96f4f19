/* SPDX-License-Identifier: Apache-2.0 */
#include "number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_sign(const char *text)
{
    return *text == '-' || *text == '+' ? text + 1 : text;
}

static const char *skip_digits(const char *text)
{
    while (*text >= '0' && *text <= '9')
        text++;
    return text;
}

enum number_verdict number_integer(int64_t *out, const char *text)
{
    const char *digits = skip_sign(text);
    const char *end = skip_digits(digits);
    if (end == digits || *end != '\0')
        return NUMBER_MALFORMED;
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno != 0)
        return NUMBER_TOO_LARGE;
    *out = value;
    return NUMBER_GOOD;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit before or behind the point. */
static int is_decimal(const char *text)
{
    const char *at = skip_sign(text);
    const char *end = skip_digits(at);
    int digits = end > at;
    if (*end == '.') {
        at = end + 1;
        end = skip_digits(at);
        digits = digits || end > at;
    }
    if (digits && (*end == 'e' || *end == 'E')) {
        at = skip_sign(end + 1);
        end = skip_digits(at);
        digits = end > at;
    }
    return digits && *end == '\0';
}

/* strtod, and the thread's locale put aside meanwhile. */
static double convert(const char *text)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = plain != (locale_t)0 ? uselocale(plain) : (locale_t)0;
    double value = strtod(text, NULL);
    if (plain != (locale_t)0) {
        (void)uselocale(before);
        freelocale(plain);
    }
    return value;
}

/* Is it zero as written, whatever the exponent? */
static int is_zero(const char *text)
{
    for (; *text != '\0' && *text != 'e' && *text != 'E'; text++)
        if (*text >= '1' && *text <= '9')
            return 0;
    return 1;
}

enum number_verdict number_real(double *out, const char *text)
{
    if (!is_decimal(text))
        return NUMBER_MALFORMED;
    double value = convert(text);
    if (!isfinite(value) || (value == 0 && !is_zero(text)))
        return NUMBER_TOO_LARGE;
    *out = value;
    return NUMBER_GOOD;
}

/* The decimal point of the locale becomes a point; it may have several bytes. */
static void replace_point(char *text)
{
    char *read = (char *)skip_digits(skip_sign(text));
    char *write = read;
    if (*read == '\0' || *read == 'e')
        return;
    *write++ = '.';
    while (*read != '\0' && !(*read >= '0' && *read <= '9'))
        read++;
    while (*read != '\0')
        *write++ = *read++;
    *write = '\0';
}

void number_print(char out[NUMBER_SIZE], double value)
{
    double size = fabs(value);
    int is_middling = size >= 1e-4 && size < 1e15; /* better read without an exponent */
    for (int digits = 1; digits <= 17; digits++) {
        double back = 0;
        (void)snprintf(out, NUMBER_SIZE, "%.*g", digits, value);
        replace_point(out);
        if (is_middling && strchr(out, 'e') != NULL)
            continue;
        if (number_real(&back, out) == NUMBER_GOOD && back == value)
            return;
    }
}
