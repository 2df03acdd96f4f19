#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A real file system of 4 MiB that is full, read-only or out of inodes.
# full_disk.sh PROGRAM JSON-CHECKER FOLDER-OF-CONFIGS FOLDER-OF-CLI-TESTS CONFIG POINTS
if [ -z "${FULL_DISK_INSIDE-}" ]; then
    FULL_DISK_INSIDE=1
    export FULL_DISK_INSIDE
    if ! unshare -rm sh -c 'mount -t tmpfs -o size=4m none /mnt' 2>/dev/null; then
        echo "skipped: a file system cannot be mounted here (unshare -rm and mount, as root or with user namespaces)"
        exit 77
    fi
    exec unshare -rm "$0" "$@"
fi
. "$4/cli.sh"
config=$5
points=$6
disk=$work/disk
mkdir disk
mount -t tmpfs -o size=4m none "$disk" || exit 1
trap 'cd /; umount "$disk"; rm -rf "$work"' EXIT

sums() {
    (cd "$1" && find . -name '*.h5' -o -name manifest.json | sort | xargs sha256sum)
}

expect 0 '' generate "$config" --output "$disk/whole" --quiet
[ $failures -eq 0 ] || finish
sums "$disk/whole" >sums.whole
needed=$(du -sk "$disk/whole" | cut -f 1)
rm -r "$disk/whole"

# From no room at all to 32 KiB too little, in equal steps.
point=0
while [ $point -lt "$points" ]; do
    room=$(((needed - 32) * point / (points - 1)))
    head -c $(((4096 - room) * 1024)) /dev/zero >"$disk/filler"
    expect 6 "$disk/data.*No space left on device" generate "$config" --output "$disk/data" --quiet
    # A folder, an empty lock: the system needs no bytes of ours for them.
    grep -Eq "\([0-9]+ bytes\): No space|folder" stderr || wrong "no bytes needed are named: $(cat stderr)"
    if [ -e "$disk/data" ]; then
        no_rests "$disk/data"
        absent "$disk/data/writer.lock"
    fi
    [ ! -e "$disk/data/manifest.json" ] || expect 0 '' inspect "$disk/data" --verify --quiet
    rm "$disk/filler"
    expect 0 '' generate "$config" --output "$disk/data" --resume --quiet
    sums "$disk/data" >sums.data
    same sums.whole sums.data
    rm -r "$disk/data"
    point=$((point + 1))
done

# Full from the beginning of a --resume, and of a --force: what is there stays.
expect 0 '' generate "$config" --output "$disk/data" --set seed=2 --quiet
sums "$disk/data" >sums.other
head -c 4194304 /dev/zero >"$disk/filler" 2>/dev/null
expect 6 "$disk/data.*No space left on device" generate "$config" --output "$disk/data" --force --quiet
sums "$disk/data" >sums.data
same sums.other sums.data
rm "$disk/filler"

mount -o remount,ro "$disk"
expect 6 "$disk/data.*Read-only file system" generate "$config" --output "$disk/data" --force --quiet
expect 6 "$disk/new.*Read-only file system" generate "$config" --output "$disk/new" --quiet
mount -o remount,rw "$disk"
sums "$disk/data" >sums.data
same sums.other sums.data
rm -r "$disk/data"

# No room for another file, though for its bytes.
for inodes in 2 3 4 5 6 8 10 12; do
    mount -o remount,nr_inodes=$inodes "$disk"
    expect 6 "$disk/data.*No space left on device" generate "$config" --output "$disk/data" --quiet
    mount -o remount,nr_inodes=1000 "$disk"
    expect 0 '' generate "$config" --output "$disk/data" --resume --quiet
    sums "$disk/data" >sums.data
    same sums.whole sums.data
    rm -r "$disk/data"
done
finish
