/* SPDX-License-Identifier: Apache-2.0
 *
 * The mounted file systems as Linux lists them (/proc/self/mountinfo), one after another. Knows
 * nothing of what they are asked for. */
#pragma once

#include "path.h"

#include <stdio.h>

struct mounts_entry {
    char root[PATH_SIZE];  /* the part of the file system that is mounted: "/" */
    char point[PATH_SIZE]; /* where */
    char type[64];         /* "ext4", "nfs4", "cgroup2" */
    char options[1024];    /* of the file system: "rw,cpu,cpuacct" */
};

/* `root` stands before every path that is read: "" is this machine, a folder a copy of what counts
 * of another. NULL where there is no such list; closed with fclose. */
FILE *mounts_open(const char *root);

/* 1, or 0 at the end. Accepts NULL, whose end is here. */
int mounts_next(struct mounts_entry *out, FILE *stream);

/* Is `word` one of the words of a list with commas between them? */
int mounts_has_word(const char *list, const char *word);

/* The first line of the file root + path, without its end; 0 when there is none. */
int mounts_read_line(char *out, size_t size, const char *root, const char *path);
