/* SPDX-License-Identifier: Apache-2.0 */
#include "number_text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The program never calls setlocale, so strtod reads the point as the decimal sign. What strtod
 * takes beyond plain numbers (leading blanks, hexadecimal, "inf", "nan") is refused here. */
static int is_plain_number(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789+-.eE") == strlen(text);
}

int number_text_real(double *out, const char *text)
{
    if (!is_plain_number(text))
        return 0;
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return 0;
    *out = value;
    return 1;
}

int number_text_integer(int64_t *out, const char *text)
{
    if (!is_plain_number(text))
        return 0;
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0)
        return 0;
    *out = value;
    return 1;
}

int number_text_time(double *out, const char *text)
{
    char digits[32];
    size_t length = strlen(text);
    if (length == 0 || length >= sizeof digits)
        return 0;
    memcpy(digits, text, length + 1);
    double unit = 1;
    if (isalpha((unsigned char)digits[length - 1])) {
        switch (digits[length - 1]) {
        case 's':
            break;
        case 'm':
            unit = 60;
            break;
        case 'h':
            unit = 3600;
            break;
        default:
            return 0;
        }
        digits[length - 1] = '\0';
    }
    if (!number_text_real(out, digits))
        return 0;
    *out *= unit;
    return 1;
}

void number_text_write_bytes(char *out, size_t size, double bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    while (bytes >= 999.5 && unit < 5) {
        bytes /= 1000;
        unit++;
    }
    snprintf(out, size, unit == 0 || bytes >= 99.5 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

void number_text_write_time(char *out, size_t size, double seconds)
{
    long long whole = isfinite(seconds) && seconds < 1e15 ? llround(seconds) : 0;
    if (whole < 60)
        snprintf(out, size, "%lld s", whole);
    else if (whole < 3600)
        snprintf(out, size, "%lld min %02lld s", whole / 60, whole % 60);
    else
        snprintf(out, size, "%lld h %02lld min", whole / 3600, whole % 3600 / 60);
}

void number_text_write_count(char *out, size_t size, int64_t count, const char *noun)
{
    snprintf(out, size, "%lld %s%s", (long long)count, noun, count == 1 ? "" : "s");
}
