/* SPDX-License-Identifier: Apache-2.0 */
#include "checkup.h"
#include "checkup_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void add_variable(struct checkup *checkup, const char *name)
{
    const char *value = getenv(name);
    checkup_row(checkup, name, value != NULL ? json_make_text(value) : json_make_null(), "%s",
                value != NULL ? value : "not set");
}

/* The one that decides about characters: the first that says anything. */
static const char *find_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return value;
    }
    return "C";
}

static int is_utf8(const char *locale)
{
    const char *dot = strchr(locale, '.');
    return dot != NULL && (strncasecmp(dot, ".utf-8", 6) == 0 || strncasecmp(dot, ".utf8", 5) == 0);
}

enum status checkup_terminal_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    (void)subject;
    int results = isatty(STDOUT_FILENO), messages = isatty(STDERR_FILENO);
    struct winsize size = {.ws_col = 0};
    checkup_section(checkup, "terminal");
    checkup_row(checkup, "stdout", json_make_boolean(results), "%s",
                results ? "a terminal" : "no terminal");
    checkup_row(checkup, "stderr", json_make_boolean(messages), "%s",
                messages ? "a terminal: progress is a live line"
                         : "no terminal: progress is a line every few seconds");
    if (messages && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        checkup_row(checkup, "columns", json_make_integer(size.ws_col), "%d", size.ws_col);
    add_variable(checkup, "TERM");
    add_variable(checkup, "NO_COLOR");
    checkup_text(checkup, "locale", find_locale());
    if (results && !is_utf8(find_locale()))
        checkup_finding(checkup, "export LC_ALL=C.UTF-8",
                        "the locale is not UTF-8: the terminal may show '±' as something else");
    return OK;
}
