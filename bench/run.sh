#!/usr/bin/env bash
# Builds the benchmarks and what they need, then runs the race.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/jdk25.sh

if [ "${1:-}" = --help ]; then
  echo "usage: bench/run.sh [options of the race]"
  echo "       bench/run.sh --jmh [options of JMH]    for example --jmh CallBenchmark -p engine=reference -prof gc"
  echo "       bench/run.sh MEASUREMENT [options]     streams, ragged, sustained, cold, memory, first,"
  echo "                                              models or all"
  echo "Builds into the target folders, then times Carousel against other libraries. CAROUSEL_BENCH_BUILT=1 leaves the"
  echo "build out; CAROUSEL_BENCH_JAVA holds more options for java. The race's own options, then the"
  echo "measurements':"
  echo
  sed -n '/USAGE = """/,/"""/{//d;s/^      //;p}' bench/src/main/java/dev/carousel/bench/{,Measure}Options.java
  exit 0
fi

jdk=$(find_jdk25)
if [ -z "$jdk" ]; then
  echo "The race needs a JDK 25, and none was found. ci/setup.sh installs one." >&2
  exit 1
fi

# The smoke race does without the large downloads.
profiles=bench,peers
classpath=bench/target/classpath-peers.txt
for argument in "$@"; do
  if [ "$argument" = --smoke ]; then
    profiles=bench
    classpath=bench/target/classpath.txt
  fi
done

# Runs a command in silence, and shows what it said where it fails.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
}

if [ "${CAROUSEL_BENCH_BUILT:-}" != 1 ]; then
  quietly mvn -B -ntp -q -P"$profiles" package -pl bench -am -Dmaven.test.skip=true
  if command -v cmake >/dev/null && command -v gcc >/dev/null; then
    quietly cmake -S native -B native/target/host
    quietly cmake --build native/target/host --target machine_bench
  fi
fi

read -r -a more <<<"${CAROUSEL_BENCH_JAVA:-}"
main=(dev.carousel.bench.Race)
if [ "${1:-}" = --jmh ]; then
  main=(-Djmh.separateClasspathJAR=true org.openjdk.jmh.Main)
  shift
elif [[ "${1:-}" = [a-z]* ]]; then
  main=(dev.carousel.bench.Measure)
elif [ "${1:-}" != --draw ] && [ -x native/target/host/test/machine_bench ]; then
  main+=(--machine native/target/host/test/machine_bench)
fi
# Not on the command line: onnxruntime 1.29 matches that against a pattern, and overflows its stack where it is long.
# JMH is told the same for its forks above.
CLASSPATH="bench/target/classes:$(<"$classpath")"
export CLASSPATH
"$jdk/bin/java" -Xmx4g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  "${more[@]}" "${main[@]}" "$@"
