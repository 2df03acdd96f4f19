/* SPDX-License-Identifier: Apache-2.0
 *
 * The backends of this build, fastest first: "auto" takes the first that the machine can run. Each
 * entry X(name) is a `const struct backend_ops backend_<name>_ops` in backend_<name>.c. */
#pragma once

#include "backend.h"

#ifdef HAVE_ONEDNN
#define BACKEND_LIST_ONEDNN(X) X(onednn)
#else
#define BACKEND_LIST_ONEDNN(X)
#endif

#define BACKEND_LIST(X)                                                                            \
    BACKEND_LIST_ONEDNN(X)                                                                         \
    X(ref)

#define BACKEND_LIST_DECLARE(name) extern const struct backend_ops backend_##name##_ops;
BACKEND_LIST(BACKEND_LIST_DECLARE)
#undef BACKEND_LIST_DECLARE

/* To add one: write backend_<name>.c with every required slot of struct backend_ops, add its line
 * here (behind a HAVE_ switch when it needs a library) and its source to CMakeLists.txt. The tests
 * in tests/surrogate run over this list. */
