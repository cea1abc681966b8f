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
if ! mvn -B -ntp -q package -pl java/core -am -Dmaven.test.skip=true >"$log" 2>&1 </dev/null; then
  cat "$log"
  exit 1
fi
modules=java/spi/target/classes:java/core/target/classes
"$(find_jdk25)/bin/java" --module-path "$modules" --add-modules dev.carousel.core ci/Demo.java "$@"
