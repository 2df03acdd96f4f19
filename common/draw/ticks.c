/* SPDX-License-Identifier: Apache-2.0 */
#include "ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The smallest of 1, 2, 5 x 10^k that is not below range / wanted. */
static double nice_step(double range, int wanted, int *exponent)
{
    double raw = range / wanted;
    *exponent = (int)floor(log10(raw));
    double unit = pow(10, *exponent);
    double part = raw / unit;
    double factor = part <= 1.0001 ? 1 : part <= 2.0001 ? 2 : part <= 5.0001 ? 5 : 10;
    if (factor == 10)
        *exponent += 1;
    return factor * unit;
}

static void write_factor(char *out, int power)
{
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char plain[16];
    snprintf(plain, sizeof plain, "%d", power);
    int used = snprintf(out, TICKS_LABEL_SIZE, "×10");
    for (const char *s = plain; *s != '\0'; s++)
        used += snprintf(out + used, (size_t)(TICKS_LABEL_SIZE - used), "%s",
                         *s == '-' ? "⁻" : digits[*s - '0']);
}

static void write_label(char *out, double value, int decimals)
{
    double unit = pow(10, -decimals);
    double shown = fabs(value) < unit / 2 ? 0 : value; /* never "-0.0" */
    snprintf(out, TICKS_LABEL_SIZE, "%s%.*f", shown < 0 ? "−" : "", decimals, fabs(shown));
}

void ticks_choose(struct ticks *out, double low, double high, int wanted)
{
    memset(out, 0, sizeof *out);
    int exponent;
    double step, first, last;
    do { /* two at least: a scale needs them */
        step = nice_step(high - low, wanted++, &exponent);
        first = ceil(low / step - 1e-6);
        last = floor(high / step + 1e-6);
    } while (last < first + 1);
    int top = (int)floor(log10(fmax(fabs(low), fabs(high))) + 1e-9);
    int power = top >= 4 || top < -2 ? top : 0;
    if (power != 0)
        write_factor(out->factor, power);
    int decimals = power - exponent;
    decimals = decimals < 0 ? 0 : decimals > 12 ? 12 : decimals;
    for (double k = first; k <= last && out->count < TICKS_MAX; k++) {
        int i = out->count++;
        out->values[i] = fmin(fmax(k * step, low), high);
        write_label(out->labels[i], k * step / pow(10, power), decimals);
    }
}
