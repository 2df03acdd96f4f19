/* SPDX-License-Identifier: Apache-2.0 */
#include "build_info.h"
#include "checkup.h"
#include "checkup_list.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

enum status checkup_program_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    (void)subject;
    char system[1024] = "unknown";
    struct utsname names;
    if (uname(&names) == 0)
        (void)snprintf(system, sizeof system, "%s %s %s", names.sysname, names.release,
                       names.machine);
    checkup_section(checkup, "program");
    checkup_text(checkup, "version", build_info_version());
    checkup_text(checkup, "commit", build_info_commit());
    checkup_text(checkup, "compiler", build_info_compiler());
    checkup_text(checkup, "system", system);
    return OK;
}
