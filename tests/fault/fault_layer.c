/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests alone, never part of the product: loaded before libc (LD_PRELOAD), it counts the file
 * operations of a program below one folder and lets one of them end badly.
 *
 *   FAULT_FOLDER  absolute path; operations elsewhere are neither counted nor touched. Paths that
 *                 are not absolute count as elsewhere.
 *   FAULT_AT      number of an operation, from 1: the fault befalls it, or the next that can suffer
 *                 that fault; none without it
 *   FAULT_ACTION  the fault, one of `actions` below
 *   FAULT_TRACE   a file, to which each operation adds a line "NUMBER MARK KIND PATH"; the mark is
 *                 '!' where something was done to it, else '.'
 *
 * What goes through a FILE is counted where libc reaches the disk: fopen, fflush, fclose. Only
 * calls that POSIX lets a signal interrupt come back with EINTR. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 256, PATH = 1024 };

/* What can happen to an operation. */
enum trait {
    ANY = 1,
    GROWS = 2,         /* may need room on the disk */
    INTERRUPTIBLE = 4, /* by a signal */
    DIVISIBLE = 8      /* may do a part */
};

enum how { PASS, DIE_BEFORE, DIE_AFTER, DIE_WITHIN, PART, REFUSE };

static const struct action {
    const char *name;
    int traits; /* it befalls operations that have one of them */
    enum how how;
    int cause;  /* errno */
    int signal; /* raised before the operation */
    int stays;  /* and all that follow */
} actions[] = {{"kill-before", ANY, DIE_BEFORE, 0, 0, 0},
               {"kill-after", ANY, DIE_AFTER, 0, 0, 0},
               {"kill-within", DIVISIBLE, DIE_WITHIN, 0, 0, 0},
               {"terminate", ANY, PASS, 0, SIGTERM, 0},
               {"interrupt", ANY, PASS, 0, SIGINT, 0},
               {"short", DIVISIBLE, PART, 0, 0, 0},
               {"eintr", INTERRUPTIBLE, REFUSE, EINTR, 0, 0},
               {"enospc", GROWS, REFUSE, ENOSPC, 0, 0},
               {"eio", ANY, REFUSE, EIO, 0, 0},
               {"full", GROWS, REFUSE, ENOSPC, 0, 1},
               {"gone", ANY, REFUSE, EIO, 0, 1}};

enum { ACTIONS = sizeof actions / sizeof actions[0] };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *folder;
static const struct action *action;
static long due, operations;
static int met; /* the fault was */
static int trace = -1;
static char paths[FILES][PATH]; /* of the open files that are watched, relative to the folder */

static void begin(void)
{
    const char *at = getenv("FAULT_AT");
    const char *name = getenv("FAULT_ACTION");
    const char *file = getenv("FAULT_TRACE");
    folder = getenv("FAULT_FOLDER");
    due = at != NULL ? strtol(at, NULL, 10) : 0;
    for (int i = 0; i < ACTIONS; i++)
        if (name != NULL && strcmp(name, actions[i].name) == 0)
            action = &actions[i];
    if (file != NULL)
        trace = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                             0666);
    if (due > 0 && action == NULL) {
        fputs("fault_layer: FAULT_ACTION is none of those it knows\n", stderr);
        _exit(70);
    }
}

/* ---- which files are watched ---- */

/* `path` relative to the folder, NULL when it is elsewhere. */
static const char *below(const char *path)
{
    pthread_once(&once, begin);
    size_t length = folder != NULL ? strlen(folder) : 0;
    if (length == 0 || strncmp(path, folder, length) != 0)
        return NULL;
    if (strcmp(path + length, "") == 0 || strcmp(path + length, "/") == 0)
        return ".";
    return path[length] == '/' ? path + length + 1 : NULL;
}

static const char *watched(int file)
{
    return file >= 0 && file < FILES && paths[file][0] != '\0' ? paths[file] : NULL;
}

static const char *below_at(char out[PATH], int at, const char *path)
{
    const char *parent = watched(at);
    if (path[0] == '/' || parent == NULL)
        return below(path);
    snprintf(out, PATH, "%s%s%.400s", strcmp(parent, ".") == 0 ? "" : parent,
             strcmp(parent, ".") == 0 ? "" : "/", path);
    return out;
}

static int watch(int file, const char *path)
{
    if (file >= 0 && file < FILES)
        snprintf(paths[file], PATH, "%s", path);
    return file;
}

static void forget(int file)
{
    if (file >= 0 && file < FILES)
        paths[file][0] = '\0';
}

/* ---- what happens ---- */

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static void note(int hit, const char *kind, const char *path)
{
    char line[2 * PATH];
    int length =
        snprintf(line, sizeof line, "%ld %c %s %s\n", operations, hit ? '!' : '.', kind, path);
    if (trace >= 0 && syscall(SYS_write, trace, line, (size_t)length) != length)
        _exit(71);
}

/* Counts an operation and says what becomes of it; REFUSE has set errno. */
static enum how count(const char *kind, const char *path, int traits)
{
    enum how how = PASS;
    pthread_mutex_lock(&lock);
    operations++;
    int hit =
        due > 0 && operations >= due && (action->stays || !met) && (action->traits & traits) != 0;
    met |= hit;
    note(hit, kind, path);
    if (hit)
        how = action->how;
    pthread_mutex_unlock(&lock);
    if (hit && action->signal != 0)
        raise(action->signal);
    if (how == DIE_BEFORE)
        die();
    if (how == REFUSE)
        errno = action->cause;
    return how;
}

/* Behind the operation. */
static void after(enum how how)
{
    if (how == DIE_AFTER || how == DIE_WITHIN)
        die();
}

static size_t part(enum how how, size_t size)
{
    return how == PART || how == DIE_WITHIN ? (size + 1) / 2 : size;
}

/* `next`: libc's function of that name. */
#define NEXT(result, parameters, symbol)                                                           \
    result(*next) parameters;                                                                      \
    do {                                                                                           \
        void *found_ = dlsym(RTLD_NEXT, symbol);                                                   \
        memcpy(&next, &found_, sizeof found_);                                                     \
    } while (0)

/* ---- opening and closing ---- */

static int open_at(int at, const char *path, int flags, unsigned mode)
{
    char joined[PATH];
    const char *name = below_at(joined, at, path);
    if (name == NULL)
        return (int)syscall(SYS_openat, at, path, flags, mode);
    enum how how = count("open", name, ANY | INTERRUPTIBLE | ((flags & O_CREAT) != 0 ? GROWS : 0));
    if (how == REFUSE)
        return -1;
    int file = watch((int)syscall(SYS_openat, at, path, flags, mode), name);
    after(how);
    return file;
}

static unsigned mode_of(int flags, va_list arguments)
{
    return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, unsigned) : 0;
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        unsigned mode = mode_of(flags, arguments);                                                 \
        va_end(arguments);                                                                         \
        return open_at(AT_FDCWD, path, flags, mode);                                               \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                               \
    int name(int at, const char *path, int flags, ...)                                             \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, flags);                                                                \
        unsigned mode = mode_of(flags, arguments);                                                 \
        va_end(arguments);                                                                         \
        return open_at(at, path, flags, mode);                                                     \
    }
OPENAT(openat)
OPENAT(openat64)

#define CREAT(name)                                                                                \
    int name(const char *path, mode_t mode)                                                        \
    {                                                                                              \
        return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);                        \
    }
CREAT(creat)
CREAT(creat64)

int close(int file)
{
    const char *name = watched(file);
    if (name == NULL)
        return (int)syscall(SYS_close, file);
    enum how how = count("close", name, ANY | INTERRUPTIBLE);
    forget(file);
    int result = (int)syscall(SYS_close, file); /* it is closed whatever close says */
    after(how);
    if (how == REFUSE)
        errno = action->cause;
    return how == REFUSE ? -1 : result;
}

/* ---- bytes ---- */

ssize_t write(int file, const void *data, size_t size)
{
    const char *name = watched(file);
    if (name == NULL)
        return syscall(SYS_write, file, data, size);
    enum how how = count("write", name, ANY | GROWS | INTERRUPTIBLE | DIVISIBLE);
    ssize_t done = how == REFUSE ? -1 : syscall(SYS_write, file, data, part(how, size));
    after(how);
    return done;
}

static ssize_t write_at(int file, const void *data, size_t size, off64_t offset)
{
    const char *name = watched(file);
    if (name == NULL)
        return syscall(SYS_pwrite64, file, data, size, offset);
    enum how how = count("pwrite", name, ANY | GROWS | INTERRUPTIBLE | DIVISIBLE);
    ssize_t done = how == REFUSE ? -1 : syscall(SYS_pwrite64, file, data, part(how, size), offset);
    after(how);
    return done;
}

ssize_t pwrite(int file, const void *data, size_t size, off_t offset)
{
    return write_at(file, data, size, offset);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t offset)
{
    return write_at(file, data, size, offset);
}

ssize_t read(int file, void *data, size_t size)
{
    const char *name = watched(file);
    if (name == NULL)
        return syscall(SYS_read, file, data, size);
    enum how how = count("read", name, ANY | INTERRUPTIBLE | DIVISIBLE);
    ssize_t done = how == REFUSE ? -1 : syscall(SYS_read, file, data, part(how, size));
    after(how);
    return done;
}

static ssize_t read_at(int file, void *data, size_t size, off64_t offset)
{
    const char *name = watched(file);
    if (name == NULL)
        return syscall(SYS_pread64, file, data, size, offset);
    enum how how = count("pread", name, ANY | INTERRUPTIBLE | DIVISIBLE);
    ssize_t done = how == REFUSE ? -1 : syscall(SYS_pread64, file, data, part(how, size), offset);
    after(how);
    return done;
}

ssize_t pread(int file, void *data, size_t size, off_t offset)
{
    return read_at(file, data, size, offset);
}

ssize_t pread64(int file, void *data, size_t size, off64_t offset)
{
    return read_at(file, data, size, offset);
}

/* An operation on an open file that does it wholly or not at all. */
#define ON_FILE(kind, traits, call)                                                                \
    do {                                                                                           \
        const char *name_ = watched(file);                                                         \
        enum how how_ = name_ != NULL ? count(kind, name_, traits) : PASS;                         \
        int result_ = how_ == REFUSE ? -1 : (int)(call);                                           \
        after(how_);                                                                               \
        return result_;                                                                            \
    } while (0)

int fsync(int file)
{
    ON_FILE("fsync", ANY | GROWS | INTERRUPTIBLE, syscall(SYS_fsync, file));
}

int fdatasync(int file)
{
    ON_FILE("fsync", ANY | GROWS | INTERRUPTIBLE, syscall(SYS_fdatasync, file));
}

int ftruncate(int file, off_t size)
{
    ON_FILE("ftruncate", ANY | GROWS | INTERRUPTIBLE, syscall(SYS_ftruncate, file, size));
}

int ftruncate64(int file, off64_t size)
{
    ON_FILE("ftruncate", ANY | GROWS | INTERRUPTIBLE, syscall(SYS_ftruncate, file, size));
}

int flock(int file, int operation)
{
    ON_FILE("flock", ANY | INTERRUPTIBLE, syscall(SYS_flock, file, operation));
}

int fstat64(int file, struct stat64 *out)
{
    NEXT(int, (int, struct stat64 *), "fstat64");
    ON_FILE("fstat", ANY, next(file, out));
}

/* ---- names ---- */

#define ON_NAME(kind, traits, at, path, call)                                                      \
    do {                                                                                           \
        char joined_[PATH];                                                                        \
        const char *name_ = below_at(joined_, at, path);                                           \
        enum how how_ = name_ != NULL ? count(kind, name_, traits) : PASS;                         \
        int result_ = how_ == REFUSE ? -1 : (int)(call);                                           \
        after(how_);                                                                               \
        return result_;                                                                            \
    } while (0)

int rename(const char *from, const char *to)
{
    ON_NAME("rename", ANY | GROWS, AT_FDCWD, to,
            syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
    ON_NAME("rename", ANY | GROWS, to_at, to, syscall(SYS_renameat2, from_at, from, to_at, to, 0));
}

int link(const char *from, const char *to)
{
    ON_NAME("link", ANY | GROWS, AT_FDCWD, to,
            syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int symlink(const char *from, const char *to)
{
    ON_NAME("symlink", ANY | GROWS, AT_FDCWD, to, syscall(SYS_symlinkat, from, AT_FDCWD, to));
}

int unlink(const char *path)
{
    ON_NAME("unlink", ANY, AT_FDCWD, path, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int unlinkat(int at, const char *path, int flags)
{
    ON_NAME("unlink", ANY, at, path, syscall(SYS_unlinkat, at, path, flags));
}

int rmdir(const char *path)
{
    ON_NAME("rmdir", ANY, AT_FDCWD, path, syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

int mkdir(const char *path, mode_t mode)
{
    ON_NAME("mkdir", ANY | GROWS, AT_FDCWD, path, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

char *mkdtemp(char *path)
{
    NEXT(char *, (char *), "mkdtemp");
    const char *name = below(path);
    enum how how = name != NULL ? count("mkdir", name, ANY | GROWS) : PASS;
    char *made = how == REFUSE ? NULL : next(path);
    after(how);
    return made;
}

int stat64(const char *path, struct stat64 *out)
{
    NEXT(int, (const char *, struct stat64 *), "stat64");
    ON_NAME("stat", ANY, AT_FDCWD, path, next(path, out));
}

int lstat64(const char *path, struct stat64 *out)
{
    NEXT(int, (const char *, struct stat64 *), "lstat64");
    ON_NAME("stat", ANY, AT_FDCWD, path, next(path, out));
}

int fstatat64(int at, const char *path, struct stat64 *out, int flags)
{
    NEXT(int, (int, const char *, struct stat64 *, int), "fstatat64");
    ON_NAME("stat", ANY, at, path, next(at, path, out, flags));
}

/* ---- folders ---- */

DIR *opendir(const char *path)
{
    NEXT(DIR *, (const char *), "opendir");
    const char *name = below(path);
    enum how how = name != NULL ? count("opendir", name, ANY) : PASS;
    DIR *stream = how == REFUSE ? NULL : next(path);
    if (stream != NULL && name != NULL)
        watch(dirfd(stream), name);
    after(how);
    return stream;
}

struct dirent64 *readdir64(DIR *stream)
{
    NEXT(struct dirent64 *, (DIR *), "readdir64");
    const char *name = watched(dirfd(stream));
    enum how how = name != NULL ? count("readdir", name, ANY) : PASS;
    struct dirent64 *entry = how == REFUSE ? NULL : next(stream);
    after(how);
    return entry;
}

int closedir(DIR *stream)
{
    NEXT(int, (DIR *), "closedir");
    const char *name = watched(dirfd(stream));
    enum how how = name != NULL ? count("closedir", name, ANY) : PASS;
    forget(dirfd(stream));
    int result = next(stream);
    after(how);
    if (how == REFUSE)
        errno = action->cause;
    return how == REFUSE ? -1 : result;
}

/* ---- streams ---- */

static FILE *open_stream(const char *path, const char *mode)
{
    NEXT(FILE *, (const char *, const char *), "fopen64");
    const char *name = below(path);
    enum how how = name != NULL ? count("fopen", name, ANY | (mode[0] != 'r' ? GROWS : 0)) : PASS;
    FILE *stream = how == REFUSE ? NULL : next(path, mode);
    if (stream != NULL && name != NULL)
        watch(fileno(stream), name);
    after(how);
    return stream;
}

FILE *fopen(const char *path, const char *mode)
{
    return open_stream(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    return open_stream(path, mode);
}

int fflush(FILE *stream)
{
    NEXT(int, (FILE *), "fflush");
    const char *name = stream != NULL ? watched(fileno(stream)) : NULL;
    enum how how = name != NULL ? count("fflush", name, ANY | GROWS | INTERRUPTIBLE) : PASS;
    int result = how == REFUSE ? EOF : next(stream);
    after(how);
    return result;
}

int fclose(FILE *stream)
{
    NEXT(int, (FILE *), "fclose");
    const char *name = watched(fileno(stream));
    enum how how = name != NULL ? count("fclose", name, ANY | INTERRUPTIBLE) : PASS;
    forget(fileno(stream));
    int result = next(stream);
    after(how);
    if (how == REFUSE)
        errno = action->cause;
    return how == REFUSE ? EOF : result;
}
