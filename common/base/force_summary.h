/* SPDX-License-Identifier: Apache-2.0
 *
 * What the force series of one case says: mean drag, lift and Strouhal number over its second half,
 * where the start-up has died away. */
#pragma once

#include "error.h"
#include "frames.h"

#include <stdint.h>

enum { FORCE_SUMMARY_LEAST_STEPS = 16 };

struct force_summary {
    double drag_mean, drag_deviation;
    double lift_mean, lift_deviation; /* of a sine: amplitude / sqrt(2) */
    double drag_error, lift_error;    /* standard errors of the means: by batch means, but at least
                                         half of what separates the means of both halves (a drift),
                                         and what a period that is not whole may add */
    double lift_most;                 /* largest |Cl| */
    double strouhal;           /* f D / U of the lift; not a number when it does not oscillate */
    double strouhal_deviation; /* between single periods */
    double strouhal_error;     /* standard error of the mean */
    double strouhal_spectral;  /* by the spectrum's peak, and its error (spectrum.h) */
    double strouhal_spectral_error;
    double periods; /* within the second half */
};

/* forces: [steps][2], Cd and Cl of every solver step. ERR_NUMERIC with
 * fewer than FORCE_SUMMARY_LEAST_STEPS. */
enum status force_summary_make(struct force_summary *out, const struct flow *flow,
                               const double *forces, int64_t steps);
