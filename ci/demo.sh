#!/usr/bin/env bash
# Builds Carousel and runs a small tagger on every device of this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/jdk25.sh

if [ "${1:-}" = --help ]; then
  echo "usage: ci/demo.sh"
  echo "Builds, then prints a table: each device, what it is, sequences per second, difference from the reference."
  exit 0
fi

ci/setup.sh

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! mvn -B -ntp -q package org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
  -DincludeArtifactIds=openblas,jocl -Dmdep.outputFile=target/libraries.txt -pl java/cpu,java/opencl -am \
  -Dmaven.test.skip=true >"$log" 2>&1 </dev/null; then
  cat "$log"
  exit 1
fi
modules=$(<java/opencl/target/libraries.txt)
for module in spi core kit cpu opencl; do
  modules=$modules:java/$module/target/classes
done
# Mesa's software device stays hidden unless it is asked for.
export RUSTICL_ENABLE=${RUSTICL_ENABLE:-llvmpipe} LP_CL=${LP_CL:-1}
"$(find_jdk25)/bin/java" --module-path "$modules" --add-modules dev.carousel.core,dev.carousel.cpu,dev.carousel.opencl \
  --enable-native-access=dev.carousel.cpu,dev.carousel.opencl,jocl -cp "$(<java/cpu/target/libraries.txt)" ci/Demo.java "$@"
