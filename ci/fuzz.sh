#!/usr/bin/env bash
# Tries every reader of files on many damaged ones.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ]; then
  echo "usage: ci/fuzz.sh [COUNT]"
  echo "Reads COUNT damaged copies (100000) of each of the files that the tests damage, the same ones each time; the build"
  echo "reads 500. Some are damaged in their bytes, others in what they say, under checksums that are right; a model that"
  echo "can be read is run. A copy on which that fails is kept in the folder for temporary files. Takes hours."
  exit 0
fi

tests=$(grep -rlE 'Mutations\.survive' java/formats/src/test/java | sed 's|.*/||; s|\.java$||' | sort | paste -sd,)
exec mvn -B -ntp verify -pl java/formats -am -Dtest="$tests" -Dsurefire.failIfNoSpecifiedTests=false \
  -Dcarousel.mutations="${1:-100000}" </dev/null
