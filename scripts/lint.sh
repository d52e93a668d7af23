#!/usr/bin/env bash
# Checks format and common mistakes in every language of the project; --fix rewrites what can be rewritten.
# usage: scripts/lint.sh [--fix]
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t sources < <(find core model_export wasm tests -name node_modules -prune -o \
  \( -name '*.h' -o -name '*.cpp' \) -print | sort)

if [ "${1:-}" = --fix ]; then
  clang-format-19 -i "${sources[@]}"
  npm --prefix js run --silent format
  exit
fi

status=0
check() {
  printf '== %s ==\n' "$1"
  shift
  "$@" || status=1
}
# shellcheck disable=SC2317  # called through check
tidy_core() {
  # Only what this machine compiles has flags to be read with.
  mapfile -t compiled < <(sed -nE 's/^ *"file": "(.*\/core\/src\/.*)",?$/\1/p' build/release/compile_commands.json)
  clang-tidy-19 --quiet -p build/release "${compiled[@]}" 2> >(grep -vE 'warnings? generated' >&2)
}
check "clang-format" clang-format-19 --dry-run -Werror "${sources[@]}"
check "clang-tidy on core" tidy_core
check "shellcheck" shellcheck scripts/*.sh .ci/run
check "JavaScript" npm --prefix js run --silent lint
check "JavaScript of the demo" npm --prefix demo run --silent lint
check "reference of the npm package" npm --prefix js run --silent docs
check "documents" node scripts/check-docs.mjs --run
exit $status
