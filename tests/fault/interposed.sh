#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every file operation that the program calls is one that the fault layer counts: none escapes the sweeps.
# interposed.sh LAYER PROGRAM LIBRARY
set -eu
layer=$1
shift
touching='open open64 openat openat64 creat creat64 close read readv pread pread64 preadv write writev pwrite pwrite64
pwritev fsync fdatasync syncfs sync_file_range ftruncate ftruncate64 truncate truncate64 fallocate fallocate64
posix_fallocate posix_fallocate64 rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir remove
mkdir mkdirat mknod mkfifo flock lockf lockf64 stat stat64 lstat lstat64 fstat fstat64 fstatat fstatat64 statx access
faccessat chmod fchmod utimensat fopen fopen64 freopen freopen64 fdopen mkstemp mkstemp64 mkdtemp fflush fclose opendir
readdir readdir64 scandir scandir64 nftw nftw64 closedir copy_file_range sendfile sendfile64 __open_2 __open64_2
__openat_2 __openat64_2 __read_chk __pread_chk __pread64_chk'
has=$(nm -D --defined-only "$layer" | awk '{print $NF}' | sed 's/@.*//')
escaped=0
for name in $(nm -D --undefined-only "$@" | awk 'NF > 1 {print $NF}' | sed 's/@.*//' | sort -u); do
    echo "$touching" | tr ' ' '\n' | grep -qx -- "$name" || continue
    echo "$has" | grep -qx -- "$name" || {
        echo "WRONG: '$name' is called and not counted: add it to fault_layer.c"
        escaped=1
    }
done
[ -n "$has" ] || { echo "WRONG: the layer defines nothing"; escaped=1; }
[ $escaped -ne 0 ] || echo "all are counted"
exit $escaped
