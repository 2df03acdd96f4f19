#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `doctor` says of this machine, and that the number of threads by default obeys what it found.
. "$4/cli.sh"
unset OMP_NUM_THREADS OMP_THREAD_LIMIT

# finding PATTERN: one of the findings in stdout, a table, is like this, and says what to do.
finding() {
    sed -n '/^findings$/,$p' stdout | grep -A 1 -Eq -- "^  .*$1" || {
        wrong "no finding like '$1'"
        sed -n '/^findings$/,$p' stdout | sed 's/^/    /'
    }
    [ "$(sed -n '/^findings$/,$p' stdout | grep -c '^  [^ ]')" -eq "$(grep -c '^      -> .' stdout)" ] ||
        wrong "a finding without advice"
}

mkdir folder
expect 0 '' doctor folder
for section in program processor threads memory libraries gpu mpi disk terminal findings; do
    grep -qx "$section" stdout || wrong "the table has no section '$section'"
done
grep -Eq '^  version +[0-9]' stdout || wrong "the table does not tell the version"
[ -z "$(ls -A folder)" ] || wrong "the trial of the disk left a file"
expect 0 '' doctor folder --json
for key in program.version processor.features processor.solver processor.backend threads.default threads.because \
    threads.affinity threads.quota memory.machine memory.group_limit libraries.HDF5.built_with gpu.module mpi.ranks \
    disk.free terminal.locale findings; do
    json_value $key >value
    [ -s value ] || wrong "the JSON has no $key"
done
[ "$(json_value disk.writable)" = true ] || wrong "the folder of the test is not writable"
[ "$(json_value disk.locks)" = true ] || wrong "the folder of the test knows no locks"
[ "$(json_value disk.write)" != 0 ] || wrong "nothing was written to the disk"
[ "$(json_value terminal.stdout)" = false ] || wrong "a file is taken for a terminal"
[ "$(json_value mpi.ranks)" = 1 ] || wrong "one process is several ranks"
usable=$(json_value threads.default)
version=$("$wakecast" --version | sed -n '1s/wakecast \([^ ]*\) .*/\1/p')
[ "$(json_value program.version)" = "\"$version\"" ] || wrong "doctor and --version tell two versions"

# Folders that are none, cannot be written to, or are in memory.
expect 2 "'nowhere' is no folder" doctor nowhere
: >file
expect 2 "'file' is no folder" doctor file
expect 0 '' doctor /proc
finding "'/proc' takes no files"
if [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] && [ -w /dev/shm ]; then
    expect 0 '' doctor /dev/shm
    finding "'/dev/shm' is in memory"
fi

# Affinity.
if command -v taskset >/dev/null && [ "$usable" -gt 1 ]; then
    one=$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')
    taskset -c "$one" "$wakecast" doctor folder >stdout 2>stderr || wrong "doctor fails on one processor"
    grep -Eq '^  default +1$' stdout || wrong "one processor is not one thread"
    finding "affinity allows 1 of"
    taskset -c "$one" "$wakecast" generate "$here/small.yaml" --output tied --quiet >stdout || wrong "generate fails there"
    grep -q '"threads": 1,' tied/environment.json || wrong "generate does not obey the affinity"
fi

# What the environment says about threads.
export OMP_NUM_THREADS=64
expect 0 '' doctor folder
finding 'OMP_NUM_THREADS=64 is more than'
grep -Eq '^  default +64$' stdout || wrong "OMP_NUM_THREADS is not believed"
grep -Eq '^  OMP_NUM_THREADS +64$' stdout || wrong "the table lacks OMP_NUM_THREADS"
expect 8 'finding' doctor folder --strict
grep -qx findings stdout || wrong "--strict prints no table"
unset OMP_NUM_THREADS
if [ "$usable" -gt 1 ]; then
    OMP_NUM_THREADS=1 "$wakecast" doctor folder >stdout 2>stderr
    finding 'OMP_NUM_THREADS=1 leaves'
    OMP_THREAD_LIMIT=1 "$wakecast" doctor folder >stdout 2>stderr
    finding 'OMP_THREAD_LIMIT allows 1'
    grep -Eq '^  default +1$' stdout || wrong "OMP_THREAD_LIMIT is not obeyed"
fi
OMP_THREAD_LIMIT=1 "$wakecast" generate "$here/small.yaml" --output limited --threads 2 2>stderr >stdout ||
    wrong "generate fails under OMP_THREAD_LIMIT"
grep -q 'OMP_THREAD_LIMIT allows 1 of the 2 threads' stderr || wrong "a thread limit is not told"
grep -q '"threads": 1,' limited/environment.json || wrong "the record has threads that were not there"
OMP_WAIT_POLICY=active "$wakecast" doctor folder >stdout 2>stderr
finding 'OMP_WAIT_POLICY=active'
SLURM_CPUS_PER_TASK=1 OMP_NUM_THREADS=2 "$wakecast" doctor folder >stdout 2>stderr
finding 'Slurm gives this task 1'
PATH=/nowhere "$wakecast" doctor folder >stdout 2>stderr
finding 'no gnuplot'
ONEDNN_MAX_CPU_ISA=AVX2 "$wakecast" doctor folder >stdout 2>stderr
finding 'ONEDNN_MAX_CPU_ISA=AVX2'
finish
