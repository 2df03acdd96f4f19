/* SPDX-License-Identifier: Apache-2.0
 *
 * The fast transform (single precision) only finds which bin is the largest and how the power is
 * shared out; the peak itself is then evaluated by direct sums in double precision at three
 * neighbouring frequencies, through whose logarithms the parabola is laid. */
#include "spectrum.h"

#include "array.h"
#include "exact_math.h"

#include <assert.h>
#include <kiss_fft.h>
#include <limits.h>
#include <math.h>
#include <string.h>

enum { LEAST_SAMPLES = 8 };

static enum status check(const double *signal, size_t count)
{
    if (count < LEAST_SAMPLES || count > INT_MAX / 2)
        return FAIL(ERR_NUMERIC, "a spectrum needs %d to %d samples, not %zu", LEAST_SAMPLES,
                    INT_MAX / 2, count);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(signal[i]))
            return FAIL(ERR_NUMERIC, "sample %zu is not a finite number", i);
    return OK;
}

/* power[k] = |sum_i signal[i] exp(-2 pi i k / size)|^2 for k = 0 .. size / 2, the samples beyond
 * `count` being zero; scaled by the largest sample before single precision is entered. */
static enum status transform(double *power, const double *signal, size_t count, size_t size)
{
    enum status status = OK;
    kiss_fft_cpx *in = NULL;
    kiss_fft_cpx *out = NULL;
    kiss_fft_cfg plan = NULL;
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(signal[i]));
    double scale = largest > 0 ? largest : 1;
    TRY_GOTO(ARRAY_NEW(in, size), cleanup);
    TRY_GOTO(ARRAY_NEW(out, size), cleanup);
    plan = kiss_fft_alloc((int)size, 0, NULL, NULL);
    if (plan == NULL)
        TRY_GOTO(FAIL(ERR_MEMORY, "out of memory for a transform of %zu samples", size), cleanup);
    for (size_t i = 0; i < count; i++)
        in[i].r = (float)(signal[i] / scale);
    kiss_fft(plan, in, out);
    for (size_t k = 0; k <= size / 2; k++)
        power[k] = scale * scale * ((double)out[k].r * out[k].r + (double)out[k].i * out[k].i);
cleanup:
    kiss_fft_free(plan);
    array_free(in);
    array_free(out);
    return status;
}

static double mean_of(const double *signal, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += signal[i];
    return sum / (double)count;
}

enum status spectrum_power(double *power, const double *signal, size_t count)
{
    enum status status = OK;
    double *centred = NULL;
    TRY(check(signal, count));
    TRY(ARRAY_NEW(centred, count));
    double mean = mean_of(signal, count);
    for (size_t i = 0; i < count; i++)
        centred[i] = signal[i] - mean;
    TRY_GOTO(transform(power, centred, count, count), cleanup);
    for (size_t k = 1; k <= count / 2; k++)
        power[k] *= (2 * k == count ? 1 : 2) / ((double)count * (double)count);
    power[0] = mean * mean;
cleanup:
    array_free(centred);
    return status;
}

static double hann(size_t i, size_t count)
{
    return 0.5 - 0.5 * exact_math_cos(2 * EXACT_MATH_PI * ((double)i + 0.5) / (double)count);
}

/* Hann-windowed signal without its (windowed) mean; the size of what was left, 0 for a constant. */
static double window_signal(double *out, const double *signal, size_t count)
{
    double weights = 0;
    double sum = 0;
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        weights += hann(i, count);
        sum += hann(i, count) * signal[i];
        largest = fmax(largest, fabs(signal[i]));
    }
    double rest = 0;
    for (size_t i = 0; i < count; i++) {
        double departure = signal[i] - sum / weights;
        rest = fmax(rest, fabs(departure));
        out[i] = hann(i, count) * departure;
    }
    return rest > 1e-13 * largest ? rest : 0; /* below it: rounding of the mean */
}

/* Magnitude of the windowed signal's transform at a frequency in cycles per sample. */
static double magnitude_at(const double *windowed, size_t count, double frequency)
{
    double real = 0;
    double imaginary = 0;
    for (size_t i = 0; i < count; i++) {
        double turns = frequency * (double)i;
        double angle = 2 * EXACT_MATH_PI * (turns - floor(turns));
        real += windowed[i] * exact_math_cos(angle);
        imaginary -= windowed[i] * exact_math_sin(angle);
    }
    return sqrt(real * real + imaginary * imaginary);
}

/* Vertex of the parabola through the logarithms at position - step, position, position + step, in
 * bins of 1 / size. */
static double vertex(const double *windowed, size_t count, double position, double step,
                     size_t size)
{
    double value[3];
    for (int i = 0; i < 3; i++) {
        double frequency = (position + step * (i - 1)) / (double)size;
        value[i] = exact_math_log(fmax(magnitude_at(windowed, count, frequency), 1e-300));
    }
    double curvature = value[0] - 2 * value[1] + value[2];
    double slope = 0.5 * (value[2] - value[0]);
    double shift = curvature < 0 ? -slope / curvature : 0;
    return position + step * fmin(fmax(shift, -1), 1);
}

/* From the largest bin k; the second, narrower parabola removes the error of the first. The
 * window's mean is 1/2, so a sine of amplitude 1 has a peak of count / 4. */
static void refine_peak(struct spectrum_peak *out, const double *windowed, size_t count, size_t k,
                        size_t size)
{
    double position = vertex(windowed, count, (double)k, 1, size);
    position = vertex(windowed, count, position, 0.125, size);
    out->frequency = position / (double)size;
    out->amplitude = magnitude_at(windowed, count, out->frequency) * 4 / (double)count;
}

static double share_of_harmonics(const double *power, size_t bins, double position)
{
    double total = 0;
    double inside = 0;
    for (size_t k = 1; k < bins; k++) {
        double order = fmax(1, floor((double)k / position + 0.5));
        total += power[k];
        if (fabs((double)k - floor(order * position + 0.5)) <= 1)
            inside += power[k];
    }
    return total > 0 ? inside / total : 0;
}

enum status spectrum_find_peak(struct spectrum_peak *out, const double *signal, size_t count)
{
    enum status status = OK;
    double *windowed = NULL;
    double *power = NULL;
    *out = (struct spectrum_peak){0};
    TRY(check(signal, count));
    size_t size = (size_t)kiss_fft_next_fast_size((int)count);
    size_t bins = size / 2 + 1;
    size_t k = 1;
    TRY_GOTO(ARRAY_NEW(windowed, count), cleanup);
    TRY_GOTO(ARRAY_NEW(power, bins), cleanup);
    if (window_signal(windowed, signal, count) == 0)
        goto cleanup;
    TRY_GOTO(transform(power, windowed, count, size), cleanup);
    for (size_t i = 2; i < bins; i++)
        if (power[i] > power[k])
            k = i;
    refine_peak(out, windowed, count, k, size);
    out->share = share_of_harmonics(power, bins, out->frequency * (double)size);
cleanup:
    array_free(power);
    array_free(windowed);
    return status;
}

/* Where the mean-free signal rises through zero between samples i and i + 1; negative if it does
 * not. */
static double crossing(const double *signal, size_t i, double mean)
{
    double before = signal[i] - mean;
    double after = signal[i + 1] - mean;
    return before < 0 && after >= 0 ? (double)i + before / (before - after) : -1;
}

static double deviation_of(const double *signal, size_t count, double mean)
{
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += (signal[i] - mean) * (signal[i] - mean);
    return count > 0 ? sqrt(squares / (double)count) : 0;
}

/* After a crossing the signal must go this far below its mean, in deviations, before the next one
 * counts: a sine goes to 1.4, noise around zero does not. */
static const double depth = 0.25;

struct crossings {
    double first, last, periods;
    double sum, squares; /* of the single periods' frequencies */
};

static void add_crossing(struct crossings *c, double at)
{
    if (c->first < 0) {
        c->first = at;
    } else {
        double frequency = 1 / (at - c->last);
        c->periods += 1;
        c->sum += frequency;
        c->squares += frequency * frequency;
    }
    c->last = at;
}

static struct crossings find_crossings(const double *signal, size_t count)
{
    struct crossings c = {.first = -1, .last = -1};
    double mean = count > 0 ? mean_of(signal, count) : 0;
    double low = mean - depth * deviation_of(signal, count, mean);
    int was_low = count > 0 && signal[0] < mean;
    for (size_t i = 0; i + 1 < count; i++) {
        double at = crossing(signal, i, mean);
        was_low = was_low || signal[i] < low;
        if (at < 0 || !was_low)
            continue;
        add_crossing(&c, at);
        was_low = 0;
    }
    return c;
}

static double frequency_of(const struct crossings *c)
{
    return c->periods > 0 ? c->periods / (c->last - c->first) : 0;
}

static double spread_of(const struct crossings *c)
{
    double n = c->periods;
    return n > 0 ? sqrt(fmax(0, c->squares / n - c->sum * c->sum / (n * n))) : 0;
}

double spectrum_crossing_frequency(double *deviation, const double *signal, size_t count)
{
    const struct crossings c = find_crossings(signal, count);
    if (deviation != NULL)
        *deviation = spread_of(&c);
    return frequency_of(&c);
}

static const double peak_place = 0.005; /* of a bin: the error of a steady sine's peak */
static const double least_periods = 6;  /* of which each half has three */

enum status spectrum_measure(struct spectrum_frequency *out, const double *signal, size_t count)
{
    struct spectrum_peak whole, first, second;
    size_t half = count / 2;
    TRY(spectrum_find_peak(&whole, signal, count));
    TRY(spectrum_find_peak(&first, signal, half));
    TRY(spectrum_find_peak(&second, signal + (count - half), half));
    const struct crossings c = find_crossings(signal, count);
    out->crossing = frequency_of(&c);
    out->deviation = spread_of(&c);
    out->periods = out->crossing * (double)count;
    out->crossing_error =
        c.periods < 2 ? 0.5 / (double)count : out->deviation / sqrt(c.periods - 1);
    out->peak = whole.frequency;
    out->peak_error =
        fmax(0.5 * fabs(first.frequency - second.frequency), peak_place / (double)count);
    if (out->periods < least_periods)
        out->peak_error = 0.5 / (double)count;
    return OK;
}
