#!/usr/bin/env bash
# Installs what building and testing need on a Debian machine, and nothing where it is all there.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/jdk25.sh

if [ "${1:-}" = --help ]; then
  echo "usage: ci/setup.sh"
  echo "Installs Maven, a JDK 25, a C compiler with CMake, the same for AArch64 with an emulator, four implementations of"
  echo "OpenCL and the ONNX project's test data with apt-get, as far as they are missing, and fetches models (ci/models.sh)."
  exit 0
fi

packages=()
command -v mvn >/dev/null || packages+=(maven)
command -v cmake >/dev/null || packages+=(cmake)
command -v make >/dev/null || packages+=(make)
command -v gcc >/dev/null || packages+=(gcc libc6-dev)
command -v aarch64-linux-gnu-gcc >/dev/null || packages+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
command -v qemu-aarch64 >/dev/null || packages+=(qemu-user)
[ -d /usr/share/libonnx-testdata ] || dpkg -s libonnx-testdata >/dev/null 2>&1 || packages+=(libonnx-testdata)
[ -f /etc/OpenCL/vendors/pocl.icd ] || packages+=(pocl-opencl-icd)
[ -f /etc/OpenCL/vendors/rusticl.icd ] || packages+=(mesa-opencl-icd)
[ -d /usr/lib/oclgrind ] || packages+=(oclgrind)
jdk=$(find_jdk25)
ci/models.sh
[ "${#packages[@]}" -gt 0 ] || [ -z "$jdk" ] || exit 0

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "Packages are to be installed (${packages[*]}), and this user is not root and there is no sudo." \
      "Run ci/setup.sh as root once." >&2
    exit 1
  fi
}

export DEBIAN_FRONTEND=noninteractive
as_root apt-get update -qq
if [ -z "$jdk" ]; then
  for candidate in temurin-25-jdk openjdk-25-jdk-headless; do
    if apt-cache show "$candidate" >/dev/null 2>&1; then
      packages+=("$candidate")
      break
    fi
  done
fi
if [ "${#packages[@]}" -gt 0 ]; then
  echo "installing ${packages[*]}"
  as_root apt-get install -qq -y --no-install-recommends "${packages[@]}" >/dev/null
fi
if [ -z "$(find_jdk25)" ]; then
  echo "Carousel needs a JDK 25, and neither this machine nor its package sources have one." \
    "Install Temurin 25 (https://adoptium.net) into /usr/lib/jvm, or let JAVA_HOME name one; then run this again." >&2
  exit 1
fi
