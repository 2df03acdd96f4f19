# SPDX-License-Identifier: Apache-2.0
# What every command-line test begins with: `. cli.sh PROGRAM JSON-CHECKER FOLDER-OF-CONFIGS FOLDER-OF-TESTS`.
set -u
wakecast=$1
json_check=$2
configs=$3
here=$4
work=$(mktemp -d "${TMPDIR:-/tmp}/wakecast-cli.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
LC_ALL=C
NO_COLOR=1
OMP_WAIT_POLICY=passive # many tests at once: threads that wait give way
export LC_ALL NO_COLOR OMP_WAIT_POLICY

wrong() {
    echo "WRONG: $*"
    failures=$((failures + 1))
}

# expect CODE PATTERN words...: runs the program; its exit code is CODE, and stderr holds exactly one line that begins
# with "wakecast:", which matches PATTERN (extended regular expression; "" for none). Leaves stdout and stderr behind.
expect() {
    code=$1
    pattern=$2
    shift 2
    "$wakecast" "$@" >stdout 2>stderr
    got=$?
    [ "$got" -eq "$code" ] || {
        wrong "wakecast $*: exit code $got, not $code"
        sed 's/^/    /' stderr
    }
    lines=$(grep -c '^wakecast: ' stderr)
    if [ -n "$pattern" ]; then
        [ "$lines" -eq 1 ] || wrong "wakecast $*: $lines messages instead of one"
        grep -Eq -- "$pattern" stderr || {
            wrong "wakecast $*: no message like '$pattern'"
            sed 's/^/    /' stderr
        }
    elif [ "$code" -eq 0 ]; then
        [ "$lines" -eq 0 ] || wrong "wakecast $*: an error message in spite of success"
    fi
}

# absent PATH: nothing was left there, not even a temporary file.
absent() {
    for path in "$1" "$1".tmp.*; do
        [ ! -e "$path" ] || wrong "$path was left behind"
    done
}

# same FILE FILE: equal bytes.
same() {
    cmp -s "$1" "$2" || wrong "$1 and $2 differ"
}

# no_rests FOLDER: no temporary files below it.
no_rests() {
    rests=$(find "$1" -name '*.tmp.*')
    [ -z "$rests" ] || wrong "temporary files were left: $rests"
}

# json_value KEY: prints the value of a dotted key of the JSON in the file stdout; the file must be JSON and nothing else.
json_value() {
    "$json_check" "$1" <stdout || wrong "stdout is no JSON with the key '$1'"
}

finish() {
    [ "$failures" -eq 0 ] && echo "all as expected"
    exit $((failures > 0))
}
