/* SPDX-License-Identifier: Apache-2.0
 *
 * The disk under a folder: what is free, how fast it takes a file for good, whether it knows locks.
 * Tried with one file, which is gone afterwards. */
#include "array.h"
#include "checkup.h"
#include "checkup_list.h"
#include "mounts.h"
#include "number_text.h"
#include "path.h"
#include "retry.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PIECE = 1 << 20, PIECES = 64, SMALL = 4096, SMALL_TRIES = 8 };

static const double ENOUGH_SECONDS = 1;  /* of writing */
static const double LITTLE_SPACE = 2e9;  /* bytes */
static const double LITTLE_FILES = 1000; /* a dataset's shards, checkpoints, figures */
static const double SLOW_WRITE = 50e6;   /* bytes a second */
static const double SLOW_SYNC = 0.05;    /* seconds; a checkpoint takes about five */

/* Names of file systems whose locks and caches other machines share. */
static const char *const shared[] = {"nfs",   "nfs4",       "cifs",   "smb3", "lustre",
                                     "gpfs",  "9p",         "beegfs", "ceph", "afs",
                                     "panfs", "fuse.sshfs", "ocfs2",  "gfs2", "fuse.glusterfs"};

struct trial {
    const char *folder;
    char path[PATH_SIZE];
    int file;
    int error; /* errno of the first thing that failed; 0: nothing did */
    double bytes, seconds, sync_seconds;
    int locks; /* 1: a second holder is refused; 0: not */
};

/* Pieces that differ, lest the file system stores one alone. */
static void write_pieces(struct trial *trial, unsigned char *piece)
{
    double began = stop_clock();
    uint64_t state = 1;
    for (int i = 0; i < PIECES && stop_clock() - began < ENOUGH_SECONDS; i++) {
        for (int k = 0; k < PIECE; k += (int)sizeof state) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            memcpy(piece + k, &state, sizeof state);
        }
        double before = stop_clock();
        if (retry_write(trial->file, piece, PIECE) != 0) {
            trial->error = errno;
            return;
        }
        trial->seconds += stop_clock() - before;
        trial->bytes += PIECE;
    }
    double before = stop_clock();
    trial->error = retry_sync(trial->file) != 0 ? errno : 0;
    trial->seconds += stop_clock() - before;
}

/* What a line of a log or a small file costs. */
static void sync_small(struct trial *trial, const unsigned char *piece)
{
    double began = stop_clock();
    for (int i = 0; i < SMALL_TRIES && trial->error == 0; i++)
        if (retry_write(trial->file, piece, SMALL) != 0 || retry_sync(trial->file) != 0)
            trial->error = errno;
    trial->sync_seconds = (stop_clock() - began) / SMALL_TRIES;
}

/* The second of two open files must not get what the first holds. */
static void try_locks(struct trial *trial)
{
    int other = retry_open(trial->path, O_RDWR);
    if (other < 0)
        return;
    trial->locks = retry_lock(trial->file, LOCK_EX | LOCK_NB) == 0 &&
                   retry_lock(other, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    (void)retry_close(other);
}

static enum status try_disk(struct trial *trial)
{
    unsigned char *piece = NULL;
    char name[64];
    (void)snprintf(name, sizeof name, ".wakecast-doctor.%lld", (long long)getpid());
    TRY(path_join(trial->path, sizeof trial->path, trial->folder, name));
    TRY(ARRAY_NEW(piece, PIECE));
    trial->file = retry_open(trial->path, O_RDWR | O_CREAT | O_EXCL);
    trial->error = trial->file < 0 ? errno : 0;
    if (trial->error == 0) {
        write_pieces(trial, piece);
        sync_small(trial, piece);
        try_locks(trial);
        (void)retry_close(trial->file);
        (void)unlink(trial->path);
    }
    array_free(piece);
    return OK;
}

static void report_trial(struct checkup *checkup, const struct trial *trial)
{
    char rate[32];
    double speed = trial->seconds > 0 ? trial->bytes / trial->seconds : 0;
    checkup_row(checkup, "writable", json_make_boolean(trial->error == 0), "%s",
                trial->error == 0 ? "yes" : strerror(trial->error));
    if (trial->error != 0) {
        checkup_finding(checkup, "choose another folder, or make room", "'%s' takes no files: %s",
                        trial->folder, strerror(trial->error));
        return;
    }
    number_text_write_bytes(rate, sizeof rate, speed);
    checkup_row(checkup, "write", json_make_real(speed), "%s/s (%.0f MB, to the disk)", rate,
                trial->bytes / 1e6);
    checkup_row(checkup, "sync", json_make_real(trial->sync_seconds), "%.2g ms (4 kB)",
                1e3 * trial->sync_seconds);
    checkup_row(checkup, "locks", json_make_boolean(trial->locks), "%s",
                trial->locks ? "yes" : "no");
    if (speed < SLOW_WRITE)
        checkup_finding(checkup, "write to a faster disk and copy, or use dataset.storage=rounded",
                        "the disk takes %s a second", rate);
    if (trial->sync_seconds > SLOW_SYNC)
        checkup_finding(checkup, "save seldom: --set training.checkpoint_every=N",
                        "a sync takes %.0f ms", 1e3 * trial->sync_seconds);
    if (!trial->locks)
        checkup_finding(checkup, "see to it yourself that two runs do not write to one folder",
                        "the file system knows no locks");
}

static void report_space(struct checkup *checkup, const char *folder)
{
    struct statvfs facts;
    char free_words[32], total[32];
    if (statvfs(folder, &facts) != 0)
        return;
    double room = (double)facts.f_bavail * (double)facts.f_frsize;
    number_text_write_bytes(free_words, sizeof free_words, room);
    number_text_write_bytes(total, sizeof total, (double)facts.f_blocks * (double)facts.f_frsize);
    checkup_row(checkup, "free", json_make_real(room), "%s of %s", free_words, total);
    if (room < LITTLE_SPACE)
        checkup_finding(checkup, "make room, or choose another folder", "%s are free", free_words);
    if (facts.f_files > 0 && (double)facts.f_favail < LITTLE_FILES)
        checkup_finding(checkup, "remove files, or choose another folder",
                        "%lld more files can be made", (long long)facts.f_favail);
}

/* Is `path` the folder `point` or below it? */
static int stands_in(const char *point, const char *path)
{
    size_t length = strlen(point);
    if (strcmp(point, "/") == 0)
        return 1;
    return strncmp(point, path, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* The mount with the longest name, the last of equals: it covers the others. */
static void report_type(struct checkup *checkup, const char *path)
{
    struct mounts_entry mount;
    char type[sizeof mount.type] = "", point[PATH_SIZE] = "";
    FILE *mounts = mounts_open("");
    while (mounts_next(&mount, mounts))
        if (stands_in(mount.point, path) && strlen(mount.point) >= strlen(point)) {
            memcpy(type, mount.type, sizeof type);
            memcpy(point, mount.point, sizeof point);
        }
    if (mounts != NULL)
        fclose(mounts);
    checkup_row(checkup, "file_system", type[0] != '\0' ? json_make_text(type) : json_make_null(),
                "%s%s%s", type[0] != '\0' ? type : "unknown",
                point[0] != '\0' ? ", mounted at " : "", point);
    if (strcmp(type, "tmpfs") == 0 || strcmp(type, "ramfs") == 0)
        checkup_finding(checkup, "keep nothing there that must outlive the machine's next start",
                        "'%s' is in memory (%s)", path, type);
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
        if (strcmp(type, shared[i]) == 0)
            checkup_finding(
                checkup,
                "let one machine at a time write to a folder; what a job that was killed "
                "on another machine leaves as writer.lock is removed by hand",
                "'%s' is shared with other machines (%s): locks may not reach them", path, type);
}

/* The whole name of a folder without links, as the kernel tells it; else the name as it is. */
static enum status find_name(char *out, size_t size, const char *folder)
{
    char link[64];
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return FAIL(ERR_USAGE, "'%s' is no folder that can be read: %s", folder, strerror(errno));
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, out, size - 1);
    (void)retry_close(file);
    if (length > 0)
        out[length] = '\0';
    else
        (void)snprintf(out, size, "%s", folder);
    return OK;
}

enum status checkup_disk_look(struct checkup *checkup, const struct checkup_subject *subject)
{
    struct trial trial = {.folder = subject->folder};
    char full[PATH_SIZE];
    TRY(find_name(full, sizeof full, subject->folder));
    checkup_section(checkup, "disk");
    checkup_text(checkup, "folder", full);
    report_type(checkup, full);
    report_space(checkup, full);
    TRY(try_disk(&trial));
    report_trial(checkup, &trial);
    return OK;
}
