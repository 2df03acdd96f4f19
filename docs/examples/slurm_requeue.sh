#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a command of wakecast inside a Slurm job: hands on the signal by which Slurm announces the end of the job's time
# (or a preemption), waits until everything is saved, and puts the job into the queue again. The command has --resume, so
# that the same script begins and goes on. Usage, as the last line of a batch script: exec slurm_requeue.sh wakecast train ...
"$@" &
program=$!
asked=
trap 'asked=1; kill -USR1 $program 2>/dev/null' USR1 TERM
wait $program
code=$?
# A signal ends the first wait, not the program.
while [ -n "$asked" ]; do
    asked=
    wait $program
    code=$?
done
# 138 is 128 + SIGUSR1: saved, and not finished. A job that is never finished comes to an end here.
if [ $code -eq 138 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 100 ]; then
    scontrol requeue "$SLURM_JOB_ID"
fi
exit $code
