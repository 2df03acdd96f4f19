# SPDX-License-Identifier: Apache-2.0
# For tests of several ranks, after cli.sh: `. mpi.sh`. Ends the test where there is no mpirun.
"$wakecast" --version >stdout
if ! command -v mpirun >/dev/null || ! grep -q 'MPI' stdout; then
    echo "skipped: several ranks (no mpirun, or a program built without MPI)"
    finish
fi
OMPI_ALLOW_RUN_AS_ROOT=1
OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
OMPI_MCA_rmaps_base_oversubscribe=1
OMPI_MCA_btl_vader_single_copy_mechanism=none # which containers often forbid
export OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM OMPI_MCA_rmaps_base_oversubscribe
export OMPI_MCA_btl_vader_single_copy_mechanism
program=$wakecast

# with_ranks N CODE PATTERN words...: as `expect`, by N ranks.
with_ranks() {
    ranks=$1
    shift
    wakecast=mpi_run
    expect "$@"
    wakecast=$program
}
mpi_run() {
    mpirun -n "$ranks" "$program" "$@"
}
