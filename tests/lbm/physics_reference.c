/* SPDX-License-Identifier: Apache-2.0 */
#include "physics_reference.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The solver gives the same bits everywhere; what is derived from them (spectra, least squares)
 * is rounded to five digits in the file. */
static const double change = 2e-5;

void physics_reference_check(const char *name, double value)
{
    char line[512], key[128], reference[128], ours[64];
    double low, high;
    FILE *file = fopen(TEST_SOURCE_DIR "/physics_reference.csv", "r");
    cr_assert_not_null(file);
    int found = 0;
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = sscanf(line, "%127[^,],%127[^,],%lf,%lf,%63s", key, reference, &low, &high, ours) ==
                    5 &&
                strcmp(key, name) == 0;
    fclose(file);
    fprintf(stderr, "%s = %.6g\n", name, value);
    cr_assert(found, "'%s' is not in physics_reference.csv", name);
    cr_assert(value >= low && value <= high, "%s = %.8g, allowed %g .. %g (reference %s)", name,
              value, low, high, reference);
    if (strcmp(ours, "-") != 0)
        cr_assert_float_eq(value, strtod(ours, NULL), change * fabs(value),
                           "%s = %.6g, committed %s", name, value, ours);
}
