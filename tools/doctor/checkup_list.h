/* SPDX-License-Identifier: Apache-2.0
 *
 * What `wakecast doctor` looks at, in the order in which it shows it. Each X(name) is
 *     enum status checkup_<name>_look(struct checkup *, const struct checkup_subject *);
 * in checkup_<name>.c. It fails when it cannot do its work, never for what it finds. */
#pragma once

#define CHECKUP_LIST(X)                                                                            \
    X(program)                                                                                     \
    X(processor)                                                                                   \
    X(threads)                                                                                     \
    X(memory)                                                                                      \
    X(libraries)                                                                                   \
    X(gpu)                                                                                         \
    X(mpi)                                                                                         \
    X(disk)                                                                                        \
    X(terminal)

#define CHECKUP_DECLARE(name)                                                                      \
    enum status checkup_##name##_look(struct checkup *checkup,                                     \
                                      const struct checkup_subject *subject);
CHECKUP_LIST(CHECKUP_DECLARE)

/* To add one: write checkup_<name>.c, which begins with checkup_section, and add X(name) above and
 * the source to CMakeLists.txt. */
