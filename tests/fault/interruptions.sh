#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What befalls a generate from outside: other writers, signals, folders that vanish or cannot be written. Each ends with
# its message and exit code, and --resume ends with the bytes of an undisturbed run.
# interruptions.sh PROGRAM JSON-CHECKER FOLDER-OF-CONFIGS FOLDER-OF-CLI-TESTS CONFIG
. "$4/cli.sh"
config=$5

sums() {
    (cd "$1" && find . -name '*.h5' -o -name manifest.json | sort | xargs sha256sum)
}

# resumed FOLDER: going on there ends with the bytes of `whole`.
resumed() {
    expect 0 '' generate "$config" --output "$1" --resume --quiet
    sums "$1" >sums.resumed
    same sums.whole sums.resumed
    no_rests "$1"
    absent "$1/writer.lock"
}

# begin FOLDER words...: a run of seconds, left when its first start states stand there; `program` is its number.
begin() {
    folder=$1
    shift
    "$wakecast" generate "$config" --set split.test_body=2000 --threads 1 --output "$folder" "$@" >stdout 2>stderr &
    program=$!
    tries=0
    while [ ! -d "$folder/starts" ] && [ $tries -lt 1000 ]; do
        sleep 0.01
        tries=$((tries + 1))
    done
    [ -d "$folder/starts" ] || wrong "no start states within ten seconds"
}

# ended CODE PATTERN: how the run that was begun ends.
ended() {
    wait "$program"
    got=$?
    [ "$got" -eq "$1" ] || wrong "exit code $got, not $1: $(cat stderr)"
    [ -z "$2" ] || grep -Eq -- "^wakecast: .*$2" stderr || wrong "no message like '$2': $(cat stderr)"
}

expect 0 '' generate "$config" --output whole --quiet
[ $failures -eq 0 ] || finish
sums whole >sums.whole

# Two at once: one writes, the other is refused, whichever comes first.
for turn in 1 2 3 4 5; do
    "$wakecast" generate "$config" --output "both$turn" --threads 1 --quiet >stdout 2>stderr &
    first=$!
    "$wakecast" generate "$config" --output "both$turn" --threads 1 --quiet >stdout.second 2>stderr.second
    second=$?
    wait $first
    case "$? $second" in
        "0 9" | "9 0" | "0 2" | "2 0") ;;
        *) wrong "two writers at once end with $? and $second: $(cat stderr stderr.second)" ;;
    esac
    sums "both$turn" >sums.both
    same sums.whole sums.both
done

# Killed while it holds the lock: the file stays, holds nobody up, and says so to nobody.
begin killed
kill -KILL "$program"
wait "$program" 2>/dev/null
[ -e killed/writer.lock ] || wrong "a killed run had no lock"
expect 0 '' inspect killed --verify --quiet
expect 2 "'killed' exists; use --resume" generate "$config" --output killed
expect 4 'begun with another configuration' generate "$config" --output killed --resume
[ ! -e killed/writer.lock ] || wrong "the lock of a refused --resume stays"
expect 0 '' generate "$config" --output killed --force --quiet
sums killed >sums.killed
same sums.whole sums.killed

# Signals: the case at hand is dropped, the rest saved. A second one does not wait.
for signal in TERM:143 INT:130 USR1:138; do
    begin stopped
    kill -"${signal%:*}" "$program"
    ended "${signal#*:}" 'stopped after [0-9]+ of 2002 cases; --resume goes on'
    expect 0 '' inspect stopped --verify --quiet
    no_rests stopped
    absent stopped/writer.lock
    rm -r stopped
done
begin hurried
kill -INT "$program"
kill -TERM "$program"
wait "$program"
case $? in
    130 | 143) ;;
    *) wrong "two signals end with $?" ;;
esac
expect 0 '' inspect hurried --verify --quiet

# The folder is moved away while it is written, or its lock is: no word of success, and nothing is made again.
begin vanished
mv vanished elsewhere
ended 6 'vanished/'
absent vanished
begin emptied
rm emptied/writer.lock
ended 6 'emptied/writer.lock. was removed or replaced'
expect 0 '' inspect emptied --verify --quiet
rm -rf emptied/*.h5 emptied/manifest.json emptied/starts
resumed emptied

# Places where nothing can be written.
echo text >file
expect 2 "'file' exists and is no folder" generate "$config" --output file
expect 6 "'file': a file of this name exists" generate "$config" --output file/data
[ "$(cat file)" = text ] || wrong "a refused output changed the file"
expect 6 '/proc/data' generate "$config" --output /proc/data
long=$(printf '%0300d' 0)
expect 6 'File name too long' generate "$config" --output "$long"
expect 2 'fewer than [0-9]+ fit' generate "$config" --output "$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long/$long"
if [ "$(id -u)" -ne 0 ]; then
    mkdir -m 555 locked
    expect 6 "'locked/data': Permission denied" generate "$config" --output locked/data
    expect 6 'locked/writer.lock.*Permission denied' generate "$config" --output locked
fi
cp -r whole odd
rm odd/manifest.json
mkdir odd/manifest.json
expect 4 'odd/manifest.json' generate "$config" --output odd --resume
cp -r whole odder
rm -r odder/starts
echo text >odder/starts
expect 6 'odder/starts' generate "$config" --output odder --resume

# Links: followed, kept, and refused when they lead nowhere.
mkdir real
ln -s real link
resumed link
[ -L link ] || wrong "the link was replaced"
sums real >sums.real
same sums.whole sums.real
ln -s nowhere dangling
expect 2 "'dangling' exists and is no folder" generate "$config" --output dangling
absent nowhere

# A limit on the size of files, which a quota is like: exit code 6 instead of SIGXFSZ, with the bytes needed.
code=$(
    ulimit -f 500
    "$wakecast" generate "$config" --output limited --quiet >/dev/null 2>limits
    echo $?
)
[ "$code" -eq 6 ] || wrong "a limit on file sizes: exit code $code"
grep -Eq "^wakecast: cannot write 'limited/tiny-00000.h5' \([0-9]{6} bytes\): File too large" limits ||
    wrong "a limit on file sizes: $(cat limits)"
expect 0 '' inspect limited --verify --quiet
resumed limited
finish
