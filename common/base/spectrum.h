/* SPDX-License-Identifier: Apache-2.0
 *
 * Frequencies of a real signal sampled at equal steps (KISS FFT): the dominant frequency by the
 * peak of the Hann-windowed power spectrum with parabolic interpolation of its logarithm, and by
 * interpolated upward zero crossings of the mean-free signal.
 *
 * KISS FFT works in single precision here: in powers, what lies more than about 12 decades below
 * the largest is noise. The peak's frequency and amplitude do not suffer: they are evaluated in
 * double precision. Their own error, for a steady sine over three or more periods, is below 0.005
 * of a bin (1 / count), the amplitude's below 1e-3. */
#pragma once

#include "error.h"

#include <stddef.h>

struct spectrum_peak {
    double frequency; /* cycles per sample step; 0 when there is no oscillation */
    double amplitude; /* of the oscillation, in the signal's units */
    double
        share; /* of the mean-free power that lies within the peak (three bins) and its harmonics */
};

/* At least 8 samples (ERR_NUMERIC otherwise, or when a sample is not finite). A constant signal has
 * frequency 0. */
enum status spectrum_find_peak(struct spectrum_peak *out, const double *signal, size_t count);

/* Power per frequency bin k / count, k = 0 .. count / 2; `power` has count / 2 + 1 entries, whose
 * sum is the mean square of the signal. Same failures as above. The time grows with the largest
 * prime factor of `count`. */
enum status spectrum_power(double *power, const double *signal, size_t count);

/* Mean frequency between the first and the last upward zero crossing of the mean-free signal, and
 * the standard deviation of the single periods' frequencies in `deviation` (may be NULL). Between
 * two crossings the signal lies a quarter of its deviation below its mean at least once: wiggles
 * around zero are no periods. 0 with fewer than two crossings. */
double spectrum_crossing_frequency(double *deviation, const double *signal, size_t count);

/* The frequency of an oscillation both ways, each with its standard error. */
struct spectrum_frequency {
    double crossing;       /* spectrum_crossing_frequency; 0 when there is none */
    double deviation;      /* of single periods' frequencies */
    double crossing_error; /* deviation / sqrt(whole periods - 1); 1 / (2 count), half a bin, with
                              fewer than two, of which no spread is known */
    double peak;           /* spectrum_find_peak's frequency */
    double peak_error;     /* half the difference between the peaks of the first and the second
                              half, and at least what a peak's place is known to: 0.005 / count;
                              1 / (2 count), half a bin, with fewer than 6 periods */
    double periods;        /* crossing count */
};

/* Failures as spectrum_find_peak, which is asked of both halves too: at least 16 samples. */
enum status spectrum_measure(struct spectrum_frequency *out, const double *signal, size_t count);
