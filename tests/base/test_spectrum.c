/* SPDX-License-Identifier: Apache-2.0 */
#include "spectrum.h"

#include "exact_math.h"
#include "philox.h"

#include <criterion/criterion.h>
#include <math.h>

enum { MOST = 5000 };
static double signal[MOST];

static void fill(size_t count, double frequency, double amplitude, double phase, double mean)
{
    for (size_t i = 0; i < count; i++)
        signal[i] = mean + amplitude * sin(2 * EXACT_MATH_PI * frequency * (double)i + phase);
}

Test(spectrum, peak_is_right_to_five_thousandths_of_a_bin)
{
    static const size_t counts[] = {64, 100, 127, 1000, 1023, 4999};
    double worst = 0;
    double worst_amplitude = 0;
    for (size_t c = 0; c < 6; c++) {
        for (uint64_t k = 0; k < 40; k++) {
            struct spectrum_peak peak;
            double bins = 3 + 17 * philox_uniform(1, PHILOX_STREAM_TEST, k);
            double phase = 7 * philox_uniform(2, PHILOX_STREAM_TEST, k);
            fill(counts[c], bins / (double)counts[c], 0.3, phase, 1.4);
            cr_assert_eq(spectrum_find_peak(&peak, signal, counts[c]), OK);
            worst = fmax(worst, fabs(peak.frequency * (double)counts[c] - bins));
            worst_amplitude = fmax(worst_amplitude, fabs(peak.amplitude / 0.3 - 1));
            cr_assert_gt(peak.share, 0.9);
        }
    }
    cr_log_info("worst frequency %.4f bins, worst amplitude %.4f", worst, worst_amplitude);
    cr_assert_lt(worst, 0.005);
    cr_assert_lt(worst_amplitude, 1e-3);
}

Test(spectrum, a_constant_has_no_frequency)
{
    struct spectrum_peak peak;
    fill(100, 0, 0, 0, 3.3);
    cr_assert_eq(spectrum_find_peak(&peak, signal, 100), OK);
    cr_assert_eq(peak.frequency, 0);
    cr_assert_eq(peak.amplitude, 0);
    cr_assert_eq(peak.share, 0);
}

Test(spectrum, share_tells_an_oscillation_with_harmonics_from_noise)
{
    struct spectrum_peak peak;
    fill(1000, 0.02, 1, 0, 0);
    for (size_t i = 0; i < 1000; i++)
        signal[i] += 0.4 * sin(2 * EXACT_MATH_PI * 0.06 * (double)i);
    cr_assert_eq(spectrum_find_peak(&peak, signal, 1000), OK);
    cr_assert_float_eq(peak.frequency, 0.02, 1e-5);
    cr_assert_gt(peak.share, 0.99);
    for (size_t i = 0; i < 1000; i++)
        signal[i] = philox_normal(3, PHILOX_STREAM_TEST, i);
    cr_assert_eq(spectrum_find_peak(&peak, signal, 1000), OK);
    cr_assert_lt(peak.share, 0.5);
}

Test(spectrum, power_sums_to_the_mean_square)
{
    static const size_t counts[] = {8, 9, 64, 97, 1000};
    for (size_t c = 0; c < 5; c++) {
        double power[MOST / 2 + 1];
        double sum = 0;
        double square = 0;
        for (size_t i = 0; i < counts[c]; i++) {
            signal[i] = 5 + philox_normal(4, PHILOX_STREAM_TEST, i);
            square += signal[i] * signal[i] / (double)counts[c];
        }
        cr_assert_eq(spectrum_power(power, signal, counts[c]), OK);
        for (size_t k = 0; k <= counts[c] / 2; k++)
            sum += power[k];
        cr_assert_float_eq(sum / square, 1, 1e-6);
    }
    double power[33];
    fill(64, 5. / 64, 2, 0.3, 1);
    cr_assert_eq(spectrum_power(power, signal, 64), OK);
    cr_assert_float_eq(power[0], 1, 1e-12);
    cr_assert_float_eq(power[5], 2, 1e-6); /* amplitude^2 / 2 */
    cr_assert_lt(power[6], 1e-10);
}

Test(spectrum, too_few_samples_and_samples_that_are_no_numbers_are_refused)
{
    struct spectrum_peak peak;
    double power[60];
    fill(100, 0.1, 1, 0, 0);
    cr_assert_eq(spectrum_find_peak(&peak, signal, 7), ERR_NUMERIC);
    cr_assert_eq(spectrum_power(power, signal, 7), ERR_NUMERIC);
    signal[50] = NAN;
    cr_assert_eq(spectrum_find_peak(&peak, signal, 100), ERR_NUMERIC);
    cr_assert_eq(spectrum_power(power, signal, 100), ERR_NUMERIC);
    cr_assert_eq(spectrum_find_peak(&peak, signal, 50), OK);
}

Test(spectrum, crossings_give_the_mean_frequency_and_its_spread)
{
    double deviation = -1;
    fill(1000, 0.0171, 0.2, 1, 7);
    cr_assert_float_eq(spectrum_crossing_frequency(&deviation, signal, 1000), 0.0171, 2e-5);
    cr_assert_lt(deviation, 2e-5);
    for (size_t i = 0; i < 1000; i++) /* every other period twice as long */
        signal[i] = (i % 60) < 20 ? sin(2 * EXACT_MATH_PI * (double)(i % 60) / 20)
                                  : sin(2 * EXACT_MATH_PI * (double)(i % 60 - 20) / 40);
    double mean = spectrum_crossing_frequency(&deviation, signal, 1000);
    cr_assert_float_eq(mean, 1. / 30, 1e-3);
    cr_assert_float_eq(deviation, (1. / 20 - 1. / 40) / 2, 2e-3);
    const double ramp[] = {-1, 1, 2};
    cr_assert_eq(spectrum_crossing_frequency(NULL, ramp, 3), 0, "one crossing is no period");
    cr_assert_eq(spectrum_crossing_frequency(&deviation, signal, 0), 0);
    cr_assert_eq(deviation, 0);
}

/* A sine whose frequency rises by 2 % from the first half to the second: both ways say the mean,
 * and that it is uncertain. */
Test(spectrum, both_frequencies_come_with_their_error)
{
    static double wave[4000];
    struct spectrum_frequency steady, drifting;
    double phase = 0;
    for (size_t i = 0; i < 4000; i++)
        wave[i] = 3 + sin(2 * acos(-1) * 0.00613 * (double)i);
    cr_assert_eq(spectrum_measure(&steady, wave, 4000), OK);
    cr_assert_float_eq(steady.crossing, 0.00613, 1e-6);
    cr_assert_float_eq(steady.peak, 0.00613, 0.005 / 4000);
    cr_assert_leq(fabs(steady.peak - 0.00613), steady.peak_error);
    cr_assert_lt(steady.crossing_error, 1e-6);
    for (size_t i = 0; i < 4000; i++) {
        wave[i] = sin(phase);
        phase += 2 * acos(-1) * (i < 2000 ? 0.00607 : 0.00619);
    }
    cr_assert_eq(spectrum_measure(&drifting, wave, 4000), OK);
    cr_assert_float_eq(drifting.peak_error, 6e-5, 1e-5);
    cr_assert_gt(drifting.crossing_error, 5e-6);
    cr_assert_float_eq(drifting.crossing, 0.00613, 3 * drifting.crossing_error);
    cr_assert_eq(spectrum_measure(&drifting, wave, 15), ERR_NUMERIC);
}
