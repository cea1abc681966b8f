#!/usr/bin/env bash
# Everything that must pass. The last line is "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ]; then
  echo "usage: ci/check.sh [Maven options]"
  echo "Sets up, compiles with all checks, runs all tests and a short race; ends in 'N passed, N failed, N skipped'."
  exit 0
fi

ci/setup.sh

rm -rf java/*/target/surefire-reports bench/target/surefire-reports native/target/*/junit.xml
status=0
mvn -B -ntp -fae -Pbench verify "$@" </dev/null || status=$?
ci/native.sh || status=$?
ci/sanitize.sh || status=$?
ci/cli.sh || status=$?
ci/places.sh || status=$?
CAROUSEL_BENCH_BUILT=1 bench/run.sh --smoke || status=$?
if command -v jextract >/dev/null; then
  ci/jextract.sh || status=$?
fi

# The counts of each suite stand in the first tag of its report.
shopt -s nullglob
reports=(java/*/target/surefire-reports/TEST-*.xml bench/target/surefire-reports/TEST-*.xml native/target/*/junit.xml)
count() {
  [ "${#reports[@]}" -gt 0 ] || { echo 0; return; }
  cat "${reports[@]}" | tr '\n\t' '  ' | grep -o "<testsuite [^>]*>" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}
tests=$(count tests)
failed=$(($(count failures) + $(count errors)))
skipped=$(count skipped)

echo
if [ "$failed" -eq 0 ] && [ "$status" -ne 0 ]; then
  echo "No test failed, but the build did: see the first ERROR above."
fi
if [ "$tests" -eq 0 ]; then
  echo "No test was run."
  status=1
fi
[ "$failed" -eq 0 ] || status=1
echo "$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
exit "$status"
