/* SPDX-License-Identifier: Apache-2.0
 *
 * Other processes of this machine, by their number. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first bytes of /proc/PROCESS/NAME with a zero behind them, and their number: 0 when it cannot
 * be read. */
size_t process_read(char *out, size_t size, int64_t process, const char *name);

/* When it began, in clock ticks since the machine did; 0 when that is unknown. Two processes that
 * had one number after each other differ in it. */
int64_t process_start(int64_t process);

/* Whether it can still write. One that ended and that nobody has waited for (a container's first
 * process may never do so) cannot. */
bool process_is_alive(int64_t process);
