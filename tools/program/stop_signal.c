/* SPDX-License-Identifier: Apache-2.0 */
#include "stop_signal.h"

#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t received;
static int noted;

static void take_signal(int number)
{
    if (received != 0)
        _exit(128 + number);
    received = number;
}

enum status stop_signal_install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    action.sa_handler = take_signal;
    const int asking[] = {SIGINT, SIGTERM, SIGUSR1};
    const int ignored[] = {SIGPIPE, SIGXFSZ};
    int failed = 0;
    for (int i = 0; i < 3; i++)
        failed |= sigaction(asking[i], &action, NULL);
    action.sa_handler = SIG_IGN;
    for (int i = 0; i < 2; i++)
        failed |= sigaction(ignored[i], &action, NULL);
    return failed ? FAIL(ERR_INTERNAL, "signal handlers could not be installed") : OK;
}

const volatile sig_atomic_t *stop_signal_flag(void)
{
    return &received;
}

void stop_signal_note(int number)
{
    noted = number;
}

int stop_signal_number(void)
{
    return received != 0 ? (int)received : noted;
}
