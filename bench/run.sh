#!/usr/bin/env bash
# Builds the benchmarks and what they need, then runs the race.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/jdk25.sh

if [ "${1:-}" = --help ]; then
  echo "usage: bench/run.sh [options of the race]"
  echo "       bench/run.sh --jmh [options of JMH]    for example --jmh CallBenchmark -p engine=reference -prof gc"
  echo "Builds into the target folders, then times Carousel against other libraries. CAROUSEL_BENCH_BUILT=1 leaves the"
  echo "build out; CAROUSEL_BENCH_JAVA holds more options for java. The race's own options:"
  echo
  sed -n '/USAGE = """/,/"""/{//d;s/^      //;p}' bench/src/main/java/dev/carousel/bench/Options.java
  exit 0
fi

jdk=$(find_jdk25)
if [ -z "$jdk" ]; then
  echo "The race needs a JDK 25, and none was found. ci/setup.sh installs one." >&2
  exit 1
fi

if [ "${CAROUSEL_BENCH_BUILT:-}" != 1 ]; then
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  if ! mvn -B -ntp -q -Pbench package -pl bench -am -Dmaven.test.skip=true >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    exit 1
  fi
fi

read -r -a more <<<"${CAROUSEL_BENCH_JAVA:-}"
main=dev.carousel.bench.Race
if [ "${1:-}" = --jmh ]; then
  main=org.openjdk.jmh.Main
  shift
fi
"$jdk/bin/java" -Xmx4g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  "${more[@]}" -cp "bench/target/classes:$(<bench/target/classpath.txt)" "$main" "$@"
