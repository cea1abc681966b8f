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
  -DincludeArtifactIds=openblas -Dmdep.outputFile=target/openblas.txt -pl java/cpu -am -Dmaven.test.skip=true >"$log" 2>&1 </dev/null; then
  cat "$log"
  exit 1
fi
modules=java/spi/target/classes:java/core/target/classes:java/kit/target/classes:java/cpu/target/classes
"$(find_jdk25)/bin/java" --module-path "$modules" --add-modules dev.carousel.core,dev.carousel.cpu \
  --enable-native-access=dev.carousel.cpu -cp "$(cat java/cpu/target/openblas.txt)" ci/Demo.java "$@"
