#!/usr/bin/env bash
# Regenerates the bindings to native code and compares them with the committed ones.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ]; then
  echo "usage: ci/jextract.sh [--write]"
  echo "Runs the jextract of the PATH (made for JDK 25) on native/include/carousel.h and on OpenBLAS' cblas.h (Debian:"
  echo "libopenblas-dev), and fails where the committed bindings differ. --write replaces them."
  exit 0
fi
if ! command -v jextract >/dev/null; then
  echo "There is no jextract on the PATH. Build it from openjdk/jextract, or get a build from jdk.java.net/jextract." >&2
  exit 1
fi

root=java/cpu/src/main/java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The symbols come from our own loading class; the header's own names are all there is, not those of what it includes.
bind() { # package, class, lookup, header, includes...
  local package=$1 class=$2 lookup=$3 header=$4
  shift 4
  mkdir -p "$work/in"
  cp "$header" "$work/in/"
  (cd "$work/in" && jextract "${JEXTRACT_OPTIONS[@]}" --output "$work/out" --target-package "$package" \
    --header-class-name "$class" "$@" "$(basename "$header")")
  local folder=$work/out/${package//./\/}
  sed -i -z "s/SymbolLookup SYMBOL_LOOKUP = [^;]*;/SymbolLookup SYMBOL_LOOKUP = $lookup;/" "$folder/$class.java"
  sed -i 's/[[:space:]]*$//' "$folder"/*.java
}

JEXTRACT_OPTIONS=(-I "$(${CC:-cc} -print-file-name=include)")
mapfile -t ours < <(
  grep -oE '\bCAROUSEL_[A-Z0-9_]+\b' native/include/carousel.h | grep -v '_H$' | sort -u | sed 's/^/--include-constant\n/'
  grep -oE '^typedef struct carousel_[a-z_]+ \{' native/include/carousel.h | awk '{ print "--include-struct\n" $3 }'
  grep -oE '\bcarousel_[a-z0-9_]+\(' native/include/carousel.h | tr -d '(' | sort -u | sed 's/^/--include-function\n/')
bind dev.carousel.cpu.bindings Carousel 'dev.carousel.cpu.library.CarouselLibrary.lookup()' native/include/carousel.h \
  "${ours[@]}"

cblas=$(echo '#include <cblas.h>' | ${CC:-cc} -M -xc - 2>/dev/null | grep -oE '[^ ]*/cblas\.h' | head -1) || true
if [ -z "$cblas" ]; then
  echo "There is no cblas.h. Install OpenBLAS' headers (Debian: libopenblas-dev)." >&2
  exit 1
fi
theirs=(-I "$(dirname "$cblas")")
for name in cblas_sgemm cblas_sgemv openblas_set_num_threads; do
  theirs+=(--include-function "$name")
done
for name in CblasRowMajor CblasNoTrans CblasTrans; do
  theirs+=(--include-constant "$name")
done
bind dev.carousel.cpu.openblas.bindings Cblas 'dev.carousel.cpu.library.OpenBlasLibrary.lookup()' "$cblas" \
  "${theirs[@]}"

status=0
for package in dev/carousel/cpu/bindings dev/carousel/cpu/openblas/bindings; do
  if [ "${1:-}" = --write ]; then
    mkdir -p "$root/$package"
    find "$root/$package" -name '*.java' -not -name package-info.java -delete
    cp "$work/out/$package"/*.java "$root/$package/"
  else
    diff -ru -x package-info.java "$root/$package" "$work/out/$package" || status=1
  fi
done
if [ "$status" -ne 0 ]; then
  echo "The committed bindings are not what jextract makes of the headers. Run ci/jextract.sh --write." >&2
fi
exit "$status"
