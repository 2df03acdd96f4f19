/* SPDX-License-Identifier: Apache-2.0
 *
 * SIGINT, SIGTERM and SIGUSR1 (what batch systems send before the limit) ask the program to save
 * and end; a second one ends it at once. Holds the program's mutable flags. SIGPIPE and SIGXFSZ
 * are ignored, so that a broken pipe or a full quota comes back as an error of the write. */
#pragma once

#include "error.h"

#include <signal.h>

enum status stop_signal_install(void);

/* For struct stop: the number of the signal received, 0 for none. */
const volatile sig_atomic_t *stop_signal_flag(void);

/* Another rank of the job has got that signal (0: none has), and all have ended for it. Not the
 * same as receiving it: this rank's own may still be on its way, and would be the second. */
void stop_signal_note(int number);
/* The signal received or noted, 0 for none: what the exit code tells. */
int stop_signal_number(void);
