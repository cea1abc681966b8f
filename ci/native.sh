#!/usr/bin/env bash
# Builds the native code and runs its tests: here, and for AArch64 under qemu.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ]; then
  echo "usage: ci/native.sh [--all-floats | --bench]"
  echo "Runs the C tests on this machine and, where its cross compiler and qemu are there, for AArch64. With"
  echo "--all-floats the functions are checked on every float, which takes an hour; with --bench the kernels are timed"
  echo "beside the peak of the processor."
  exit 0
fi

# Builds into native/target/NAME with the options behind it, and runs all tests.
suite() {
  local name=$1 folder=native/target/$1
  shift
  cmake -S native -B "$folder" "$@" >/dev/null
  cmake --build "$folder" --parallel 2 >/dev/null
  echo "native tests: $name"
  ctest --test-dir "$folder" --output-junit junit.xml --output-on-failure --no-tests=error | sed -n '/Test *#/p;/: .*should be/p'
}

case "${1:-}" in
  --all-floats | --bench)
    cmake -S native -B native/target/host >/dev/null
    cmake --build native/target/host --parallel 2 >/dev/null
    if [ "$1" = --bench ]; then
      exec native/target/host/test/kernels_bench
    fi
    exec native/target/host/test/functions_test --all
    ;;
esac
if command -v clang-format >/dev/null && clang-format --version | grep -q 'version 14'; then
  clang-format --dry-run -Werror native/*/*.[ch] native/src/kernels/*.[ch]
  for file in native/opencl/*.cl native/opencl/*/*.cl; do
    clang-format --assume-filename=kernel.c --dry-run -Werror <"$file"
  done
fi
suite host
if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
  suite aarch64 -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/aarch64-linux-gnu.cmake"
else
  echo "No tests for AArch64: its cross compiler (gcc-aarch64-linux-gnu) or qemu-user is missing."
fi
