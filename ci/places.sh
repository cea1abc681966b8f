#!/usr/bin/env bash
# Calls the command in places that are not a developer's machine. In each it gives the right answer, or says in one line
# what stands in the way and ends with its status. Ends with status 1 where it does not.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/jdk25.sh

places=(unnamed homeless read-only full noexec stranger one-processor many-threads small-heap small-service no-library)

if [ "${1:-}" = --help ]; then
  echo "usage: ci/places.sh [NAME...]"
  echo "Runs a model on cpu/fused in each place, or in those that are named; after mvn -Pbench package. The places:"
  echo "  unnamed        a user whom the system has no name for, without HOME"
  echo "  homeless       no folder of the user's own"
  echo "  read-only      a cache and a folder for temporary files that cannot be written"
  echo "  full           a cache on a disk that is full"
  echo "  noexec         a cache that code may not be loaded from"
  echo "  stranger       a cache in a folder of another user"
  echo "  one-processor  one processor, for the process and for the JVM"
  echo "  many-threads   64 threads, whatever the processors"
  echo "  small-heap     a heap of 64 MB and 336 MB of weights, by the command"
  echo "  small-service  68 MB of weights that are converted, in a program that does not raise the JVM's limits, and in one"
  echo "                 that does"
  echo "  no-library     without the native code: the command says so, and what it runs on"
  exit 0
fi

carousel=$PWD/java/cli/bin/carousel
lib=$PWD/java/cli/target/lib
java=$(find_jdk25)/bin/java
patience=100 # seconds; what takes longer hangs
failures=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -m 1777 "$work/results"
export CAROUSEL_OPTS=

wrong() {
  echo "ci/places.sh: $place: $1" >&2
  cat "$work/err" >&2
  failures=$((failures + 1))
}

# The call of the command on a model, as words; its result goes where answers expects it.
call() {
  echo "$carousel run $work/$1 --input $work/frames.npy --output $work/results/$place.npy"
}

# answers MODEL COMMAND...: the command ends well, and the result has the bits that it has anywhere.
answers() {
  local model=$1 status=0
  shift
  rm -f "$work/results/$place.npy"
  timeout "$patience" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    wrong "status $status, and it should be 0"
  elif grep -v 'sequences/s' "$work/err" >/dev/null; then
    wrong "there is something else on standard error"
  elif ! cmp -s "$work/results/$place.npy" "$work/$model.npy"; then
    wrong "the result is another one than elsewhere"
  else
    echo "$place: the right answer"
  fi
}

# small COMMAND...: the same for the small model, with the call behind the command.
small() {
  # shellcheck disable=SC2046 # they are words
  answers small.safetensors "$@" $(call small.safetensors) --device cpu/fused
}

# says STATUS TEXT COMMAND...: the command ends with the status and says the text, in one line but for what it achieved.
says() {
  local expected=$1 text=$2 status=0
  shift 2
  timeout "$patience" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
  if [ "$status" -ne "$expected" ]; then
    wrong "status $status, and it should be $expected"
  elif [ "$(grep -vc 'sequences/s' "$work/err")" -ne 1 ] || ! grep -q -- "$text" "$work/err"; then
    wrong "it is not one line with '$text' on standard error"
  else
    echo "$place: says what to do"
  fi
}

skip() {
  echo "$place: skipped, $1"
}

# A mount that nobody else sees: as root, or as root of a namespace of users.
mounts=()
for way in "unshare -m" "unshare -rm"; do
  # shellcheck disable=SC2086 # they are words
  if $way mount -t tmpfs none /mnt 2>/dev/null; then
    read -ra mounts <<<"$way"
    break
  fi
done

# mounted OPTIONS TEST: runs with a tmpfs of those options as cache, after a test that it is what it should be.
mounted() {
  if [ "${#mounts[@]}" -eq 0 ]; then
    skip "this system lets nobody mount here"
    return
  fi
  mkdir -p -m 700 "$work/$place"
  # shellcheck disable=SC2016 # the inner shell's
  small "${mounts[@]}" bash -c '
    mount -t tmpfs -o "mode=700,$1" none "$2"
    cd "$2"
    bash -c "$3" || { echo "the place is not what it should be" >&2; exit 3; }
    export CAROUSEL_OPTS="-Dcarousel.cache=$2/cache -Djava.io.tmpdir=$2"
    exec "${@:4}"' _ "$1" "$work/$place" "$2"
}

unnamed() {
  if [ "$(id -u)" -ne 0 ]; then
    skip "only root becomes another user"
  elif ! setpriv --reuid 12345 --regid 12345 --clear-groups test -r "$lib/carousel.aot"; then
    skip "another user cannot read $lib"
  else
    small setpriv --reuid 12345 --regid 12345 --clear-groups env -u HOME -u XDG_CACHE_HOME
  fi
}

homeless() {
  small env -u HOME -u XDG_CACHE_HOME CAROUSEL_OPTS=-Duser.home=?
}

read-only() {
  mounted ro '! touch file 2>/dev/null'
}

full() {
  mounted size=64k '! head -c 500000 /dev/zero >file 2>/dev/null'
}

noexec() {
  mounted noexec 'cp /bin/true . && ! ./true 2>/dev/null && rm true'
}

stranger() {
  if [ "$(id -u)" -ne 0 ]; then
    skip "only root gives a folder to another user"
    return
  fi
  mkdir -m 777 "$work/stranger"
  chown 12345 "$work/stranger"
  small env CAROUSEL_OPTS="-Dcarousel.cache=$work/stranger/cache"
  [ -z "$(find "$work/stranger" -type f)" ] || wrong "code was put into another user's folder"
}

one-processor() {
  small taskset -c "$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')" env CAROUSEL_OPTS=-XX:ActiveProcessorCount=1
}

many-threads() {
  # shellcheck disable=SC2046
  answers small.safetensors $(call small.safetensors) --device cpu/fused --threads 64
}

small-heap() {
  # shellcheck disable=SC2046
  answers large.safetensors env CAROUSEL_OPTS=-Xmx64m $(call large.safetensors) --device cpu/fused
}

# Weights that are converted count against what a JVM gives off the heap: as much as the heap, unless it is told more.
small-service() {
  local service=("$java" -Xmx64m --enable-native-access=ALL-UNNAMED)
  local main=(-cp "$work/classes:$lib/*" Places serve "$work/converted.onnx" "$work/frames.npy"
    "$work/results/$place.npy")
  says 1 "^service: .*-XX:MaxDirectMemorySize" "${service[@]}" "${main[@]}"
  answers converted.onnx "${service[@]}" -XX:MaxDirectMemorySize=1g "${main[@]}"
}

no-library() {
  # shellcheck disable=SC2046
  says 1 "^carousel: Device cpu/fused cannot be used: /nowhere.*is not there" \
    env CAROUSEL_OPTS=-Dcarousel.native.path=/nowhere $(call small.safetensors) --device cpu/fused
  # shellcheck disable=SC2046
  says 0 "^carousel: cpu/fused cannot be used, and reference is in its place: /nowhere.*is not there" \
    env CAROUSEL_OPTS=-Dcarousel.native.path=/nowhere $(call small.safetensors)
}

for name in "$@"; do
  [[ " ${places[*]} " = *" $name "* ]] || {
    echo "ci/places.sh: there is no place $name. There are ${places[*]}." >&2
    exit 2
  }
done
[ "$#" -eq 0 ] || places=("$@")

place=plain
mkdir "$work/classes"
"$java"c -proc:none -d "$work/classes" -cp "$lib/*" ci/Places.java
"$java" -XX:MaxDirectMemorySize=2g -cp "$work/classes:$lib/*" Places make "$work"
"$carousel" verify "$work/small.safetensors" --devices cpu/fused >"$work/err" 2>&1 ||
  wrong "the result is not that of the reference"
for model in small.safetensors large.safetensors converted.onnx; do
  # shellcheck disable=SC2046
  answers "$model" bash -c "$(call "$model") --device cpu/fused && cp $work/results/plain.npy $work/$model.npy"
done
[ "$failures" -eq 0 ] || exit 1

for place in "${places[@]}"; do
  "$place"
done
[ "$failures" -eq 0 ] || exit 1
echo "every place gave the right answer, or a sentence"
