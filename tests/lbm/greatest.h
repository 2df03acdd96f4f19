/* SPDX-License-Identifier: Apache-2.0
 *
 * The greatest of several errors, for tests. fmax passes over what is not a number; this does not.
 */
#pragma once

#include <math.h>

/* *greatest becomes `error` if that is greater or no number; it stays no number once it was one. */
static inline void greatest_note(double *greatest, double error)
{
    if (!(error <= *greatest) && !isnan(*greatest))
        *greatest = error;
}
