/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_scratch.h"

#include "path.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { WORDS = 64 };

enum status bench_scratch_create(char *out, const struct session *session)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || *parent == '\0')
        parent = "/tmp";
    parent = arguments_text(session->arguments, "folder", parent);
    TRY(path_join(out, PATH_SIZE, parent, "wakecast-bench.XXXXXX"));
    if (mkdtemp(out) == NULL)
        return FAIL(ERR_IO, "no folder for scratch files can be made in '%s': %s", parent,
                    strerror(errno));
    return OK;
}

enum status bench_scratch_remove(const char *folder, enum status status)
{
    char message[ERROR_MESSAGE_SIZE];
    if (status == OK)
        return path_remove(folder);
    snprintf(message, sizeof message, "%s", error_message());
    (void)path_remove(folder);
    return FAIL(status, "%s", message);
}

static int spawn(pid_t *out, char *const *words)
{
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0)
        return failed;
    failed = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (failed == 0)
        failed = posix_spawn(out, "/proc/self/exe", &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

enum status bench_scratch_run(const char *const *words)
{
    char *all[WORDS] = {"wakecast"};
    pid_t child;
    int ended = 0, count = 1;
    for (; words[count - 1] != NULL && count < WORDS - 1; count++)
        all[count] = (char *)words[count - 1]; /* posix_spawn does not change them */
    int failed = spawn(&child, all);
    if (failed != 0)
        return FAIL(ERR_INTERNAL, "the program could not be started anew: %s", strerror(failed));
    while (waitpid(child, &ended, 0) < 0)
        if (errno != EINTR)
            return FAIL(ERR_INTERNAL, "the program's end is not to be had: %s", strerror(errno));
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
        return OK;
    if (WIFSIGNALED(ended) || WEXITSTATUS(ended) >= 128)
        return FAIL(ERR_STOPPED, "'wakecast %s' was stopped", words[0]);
    return FAIL((enum status)WEXITSTATUS(ended), "'wakecast %s' ended with exit code %d", words[0],
                WEXITSTATUS(ended));
}
