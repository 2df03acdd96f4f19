#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A machine whose best instruction set is AVX2, emulated: the same dataset to the digest, and the training that oneDNN gives
# here when it is held to AVX2, byte for byte (our own kernels are not held: they have one arithmetic).
. "$4/cli.sh"
config=$here/../fault/fault_train.yaml
qemu=$(command -v qemu-x86_64) || { echo "skipped: there is no qemu-x86_64 (Debian's package qemu-user)"; exit 77; }
[ "$(uname -m)" = x86_64 ] || { echo "skipped: not an x86-64 machine"; exit 77; }

cat >haswell <<END
#!/bin/sh
exec "$qemu" -cpu Haswell-noTSX "$wakecast" "\$@" 2>stderr.emulated
END
chmod +x haswell

./haswell doctor >doctor
grep -Eq '^ *solver +avx2' doctor || wrong "the solver does not take AVX2: $(grep solver doctor)"
grep -Eq '^ *kernels +avx2' doctor || wrong "the kernels do not take AVX2: $(grep kernels doctor)"

expect 0 '' generate "$config" --output data --quiet
tail -n 1 stdout >digest.here
./haswell generate "$config" --output emulated-data --threads 1 --quiet | tail -n 1 >digest.emulated
same digest.here digest.emulated
grep -q '^content' digest.here || wrong "no digest: $(cat digest.here)"

./haswell train "$config" --data data --threads 1 --output emulated --quiet >stdout || wrong "the emulated training failed"
ONEDNN_MAX_CPU_ISA=AVX2
export ONEDNN_MAX_CPU_ISA
expect 0 '' train "$config" --data data --threads 1 --output held --quiet
for name in model.safetensors metrics.jsonl checkpoints/last.safetensors; do
    same emulated/$name held/$name
done
finish
