/* SPDX-License-Identifier: Apache-2.0
 *
 * Physics figures against physics_reference.csv: name, reference, low, high, ours. A value must lie
 * in [low, high], which is the claim, and agree with the committed `ours`, so that a changed
 * figure is a reviewed diff (`-`: only the interval counts, the value is rounding or a clock). */
#pragma once

/* Prints the figure; fails the test when it is unknown, outside, or changed. */
void physics_reference_check(const char *name, double value);
