/* SPDX-License-Identifier: Apache-2.0
 *
 * Every format of `export`, in the order in which help shows them. */
#pragma once

#define EXPORT_FORMAT_LIST(X)                                                                      \
    X(vtkhdf)                                                                                      \
    X(pdebench)                                                                                    \
    X(csv)

/* To add one: write export_<name>.c with `const struct export_format export_<name>`, add X(name)
 * above and the source to CMakeLists.txt. */
