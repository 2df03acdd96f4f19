#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line itself: help, version, options.
. "$4/cli.sh"

expect 0 '' --version
grep -Eq '^wakecast [0-9]+\.[0-9]+\.[0-9]+ ' stdout || wrong "--version prints no version"
grep -q 'HDF5' stdout || wrong "--version names no libraries"
expect 0 '' help
for command in $(sed -n 's/^  \([a-z]*\)  *[A-Z].*/\1/p' stdout); do
    expect 0 '' "$command" --help
    grep -q "^Usage: wakecast $command" stdout || wrong "the help of $command has no usage line"
    expect 2 "option '--no-such-thing' is unknown" "$command" --no-such-thing
    expect 0 '' help "$command"
done

expect 2 "command 'generat' is unknown; did you mean 'generate'" generat
expect 2 "option '--outptu' is unknown; did you mean '--output'" generate "$here/small.yaml" --outptu x
expect 2 "'--output' needs a value" generate "$here/small.yaml" --output
expect 2 "'--output' is missing" generate "$here/small.yaml"
expect 2 "'--force' takes no value" generate "$here/small.yaml" --force=1
expect 2 "'--threads' takes a whole number, not 'many'" generate "$here/small.yaml" --output x --threads many
expect 2 "'--threads' is 0, outside" generate "$here/small.yaml" --output x --threads 0
expect 2 "a time such as" generate "$here/small.yaml" --output x --time-limit soon
expect 2 "exclude each other" generate "$here/small.yaml" --output x --resume --force
expect 2 "one word too many" generate "$here/small.yaml" "$here/small.yaml" --output x
expect 2 "at least 1" generate --output x
expect 2 "auto, cpu or cuda" generate "$here/small.yaml" --output x --device gpu
expect 8 "device 'cuda'" generate "$here/small.yaml" --output x --device cuda
absent x

"$wakecast" >stdout 2>stderr
[ $? -eq 2 ] || wrong "without a command the exit code is not 2"

# A result that stdout does not take is an error.
"$wakecast" help >/dev/full 2>stderr
[ $? -eq 6 ] || wrong "a full stdout is not exit code 6"

expect 0 '' help configuration
grep -q 'solver.refine' stdout || wrong "the configuration help lacks solver.refine"
expect 0 '' help configuration --markdown
grep -q 'solver.refine' stdout || wrong "the configuration page lacks solver.refine"

# What to learn from or to judge on is asked for by name.
expect 2 "'--data' is missing" train "$3/first.yaml" --output none
expect 2 "'--data' is missing" ablate "$3/first.yaml" --output none
expect 2 "'--data' is missing" evaluate model.safetensors --output none
absent none
finish
