/* SPDX-License-Identifier: Apache-2.0
 *
 * Every command of the program, in the order in which help shows them. */
#pragma once

#define COMMAND_LIST(X)                                                                            \
    X(simulate)                                                                                    \
    X(generate)                                                                                    \
    X(merge)                                                                                       \
    X(inspect)                                                                                     \
    X(export)                                                                                      \
    X(import)                                                                                      \
    X(train)                                                                                       \
    X(forecast)                                                                                    \
    X(evaluate)                                                                                    \
    X(ablate)                                                                                      \
    X(plot)                                                                                        \
    X(validate)                                                                                    \
    X(bench)                                                                                       \
    X(doctor)                                                                                      \
    X(help)

/* To add one: write command_<name>.c with `const struct command command_<name>`, add X(name) above
 * and the source to CMakeLists.txt. Help, reference page and completion follow. */
