/* SPDX-License-Identifier: Apache-2.0
 *
 * A polite request to end: a signal, a time limit or a count reached. Long loops ask between steps,
 * save, and return ERR_STOPPED. The flag a signal handler sets belongs to `tools`; below it only
 * this structure is seen. */
#pragma once

#include <signal.h>

enum stop_reason { STOP_NONE, STOP_SIGNAL, STOP_TIME };

struct stop {
    const volatile sig_atomic_t
        *signal;     /* number of the signal received, 0 for none; NULL: never */
    double deadline; /* seconds on stop_clock; 0: none */
};

/* NULL means never asked to stop. */
enum stop_reason stop_requested(const struct stop *stop);

/* Monotonic seconds; for rates, time left and deadlines. */
double stop_clock(void);
