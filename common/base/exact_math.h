/* SPDX-License-Identifier: Apache-2.0
 *
 * sin, cos, exp, log, atan2 and pow from IEEE operations and explicit fused multiply-adds alone, so
 * that their bits do not depend on the C library: everything that reaches a frame uses these.
 * Relative error below 1e-15 (absolute below 1e-15 for sin and cos). Not for speed. Arguments: |x|
 * < 1e6 for sin and cos. */
#pragma once

#define EXACT_MATH_PI 3.14159265358979323846

double exact_math_sin(double x);
double exact_math_cos(double x);
double exact_math_exp(double x);
double exact_math_log(double x); /* x > 0 */
double exact_math_atan2(double y, double x);
double exact_math_pow(double base, double exponent); /* base > 0 */
