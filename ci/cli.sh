#!/usr/bin/env bash
# Calls the command as a user does: the launcher, on the jars that the build made. Ends with status 1 where one is wrong.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ]; then
  echo "usage: ci/cli.sh"
  echo "Calls java/cli/bin/carousel in the ways that only a process of its own shows; after mvn package."
  exit 0
fi

carousel=$PWD/java/cli/bin/carousel
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# check WHAT STATUS COMMAND...: runs it with its output in out and err, and compares the status.
check() {
  local what=$1 expected=$2 status=0
  shift 2
  "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
  if [ "$status" -ne "$expected" ]; then
    wrong "$what: status $status, and it should be $expected"
  fi
}

wrong() {
  echo "ci/cli.sh: $1" >&2
  cat "$work/out" "$work/err" >&2
  failures=$((failures + 1))
}

quiet() {
  [ ! -s "$work/err" ] || wrong "$1: there is something on standard error"
}

has() {
  grep -q -- "$2" "$work/$3" || wrong "$1: standard $3 has no '$2'"
}

one_line() {
  if [ -s "$work/out" ] || [ "$(wc -l <"$work/err")" -ne 1 ]; then
    wrong "$1: it is not one line on standard error alone"
  fi
}

check "--help" 0 "$carousel" --help
quiet "--help"
has "--help" "Usage: carousel" out

check "--version" 0 "$carousel" --version
quiet "--version"
has "--version" "^carousel [0-9]" out

check "no subcommand" 2 "$carousel"
one_line "no subcommand"

check "an unknown option" 2 "$carousel" devices --colour
one_line "an unknown option"
has "an unknown option" "^carousel: Unknown option: '--colour'" err

check "a file that is not there" 2 "$carousel" inspect "$work/nothing.onnx"
one_line "a file that is not there"

check "devices" 0 env CAROUSEL_OPTS="-Djava.io.tmpdir=$work/tmp" bash -c "mkdir '$work/tmp' && '$carousel' devices"
quiet "devices"
has "devices" "^reference " out
[ -z "$(ls -A "$work/tmp")" ] || wrong "devices: files are left behind"

check "devices | head -1" 0 bash -c "set -o pipefail; '$carousel' devices | head -1"
quiet "devices | head -1"
[ "$(wc -l <"$work/out")" -eq 1 ] || wrong "devices | head -1: it is not one line"

check "a reader that has gone" 0 bash -c "'$carousel' completion | true; exit \${PIPESTATUS[0]}"
quiet "a reader that has gone"

if [ -e /dev/full ]; then
  check "a full disk" 1 bash -c "'$carousel' --help >/dev/full"
  one_line "a full disk"
fi

check "completion" 0 bash -c "source <('$carousel' completion) && complete -p carousel"
has "completion" "-F " out

ln -s "$carousel" "$work/link"
mkdir "$work/folder with a blank"
ln -s ../link "$work/folder with a blank/carousel"
cd /
check "a link to a link" 0 "$work/folder with a blank/carousel" --version
quiet "a link to a link"

# Installed elsewhere, in a path with a blank.
mkdir -p "$work/in stalled/bin"
cp "$carousel" "$work/in stalled/bin/"
check "no jar" 2 "$work/in stalled/bin/carousel" --version
one_line "no jar"
has "no jar" "Build it first" err
cp -r "$(dirname "$carousel")/../target/lib" "$work/in stalled/"
check "installed" 0 "$work/in stalled/bin/carousel" --version
quiet "installed"

check "a Java that is too old" 0 env JAVA_HOME="$work" "$carousel" --version
check "options of the JVM" 1 env CAROUSEL_OPTS="-Xmx1" "$carousel" --version

[ "$failures" -eq 0 ] || exit 1
echo "the command answers as it should"
