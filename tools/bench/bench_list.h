/* SPDX-License-Identifier: Apache-2.0
 *
 * Every benchmark of `wakecast bench`, in the order in which it lists them. */
#pragma once

#define BENCH_LIST(X)                                                                              \
    X(generate)                                                                                    \
    X(io)                                                                                          \
    X(lbm)                                                                                         \
    X(train)                                                                                       \
    X(forecast)

/* To add one: write bench_<name>.c with `const struct bench bench_<name>` (bench.h), add X(name)
 * above and the source to CMakeLists.txt. */
