#!/usr/bin/env bash
# Runs the C tests with the compiler's checks: addresses and undefined behaviour on all, races on the threads.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ]; then
  echo "usage: ci/sanitize.sh"
  echo "Builds the native code twice, with AddressSanitizer and UndefinedBehaviorSanitizer and with ThreadSanitizer, and"
  echo "runs the tests of the kernels and of the threads; any finding fails."
  exit 0
fi

# ThreadSanitizer does not stand the randomised addresses of newer systems.
plain=()
if setarch -R true 2>/dev/null; then
  plain=(setarch -R)
fi

# Builds into native/target/NAME with sanitizers, and runs the tests that the pattern names.
sanitized() {
  local name=$1 sanitizers=$2 tests=$3 folder=native/target/$1
  cmake -S native -B "$folder" -DCAROUSEL_SANITIZE="$sanitizers" -DCMAKE_BUILD_TYPE=Debug >/dev/null
  cmake --build "$folder" --parallel 2 >/dev/null
  echo "native tests: $name sanitizer"
  "${plain[@]}" ctest --test-dir "$folder" -R "$tests" --output-junit junit.xml --output-on-failure --no-tests=error |
    sed -n '/Test *#/p;/ERROR\|WARNING\|SUMMARY\|runtime error/p'
}

sanitized address address,undefined 'kernels|team'
sanitized thread thread team
