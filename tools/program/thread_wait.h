/* SPDX-License-Identifier: Apache-2.0
 *
 * How threads wait for each other. By default the OpenMP run-time lets them spin; on a machine that
 * is shared they then hold the processor that the one they wait for needs. The policy is read from
 * the environment when the run-time is loaded, before any code of ours, so the program sets it and
 * starts itself once more. Knows nothing of what the threads do. */
#pragma once

/* Unless OMP_WAIT_POLICY is set already: sets it to passive and starts the program anew, which does
 * not return. Does nothing without OpenMP; goes on as it is when that fails. */
void thread_wait_passively(char **argv);
