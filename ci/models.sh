#!/usr/bin/env bash
# Fetches the trained models that tests and examples try, as far as they are missing: they are not ours to commit.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --help ]; then
  echo "usage: ci/models.sh"
  echo "Fetches into java/examples/models, from the npm registry: Silero VAD 6 (MIT), which is in @ricky0123/vad-web 0.0.31."
  echo "Without npm or a network it says so and ends with status 0; what needs the model is skipped then, and says so too."
  exit 0
fi

package=@ricky0123/vad-web@0.0.31
inside=package/dist/silero_vad_v6.onnx
sum=1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3
target=java/examples/models/silero_vad.onnx

if [ -f "$target" ]; then
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! command -v npm >/dev/null || ! (cd "$work" && npm pack --silent "$package" >/dev/null 2>npm.log); then
  echo "Silero VAD could not be fetched: there is no npm, or it does not reach a registry. What needs it is skipped." >&2
  exit 0
fi
tar -xzf "$work"/*.tgz -C "$work" "$inside"
if ! echo "$sum  $work/$inside" | sha256sum --check --status; then
  echo "What $package holds is not the model that was expected: $(sha256sum "$work/$inside"). Look at ci/models.sh." >&2
  exit 1
fi
mkdir -p "$(dirname "$target")"
cp "$work/$inside" "$target.part"
mv "$target.part" "$target"
echo "fetched $target"
