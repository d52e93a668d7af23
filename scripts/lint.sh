#!/usr/bin/env bash
# Checks format, rooms and common mistakes in every language of the project; --fix rewrites what can be rewritten.
# usage: scripts/lint.sh [--fix]
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t sources < <(find core model_export wasm tests bench -name node_modules -prune -o \
  \( -name '*.h' -o -name '*.cpp' \) -print | sort)

if [ "${1:-}" = --fix ]; then
  clang-format-19 -i "${sources[@]}"
  npm --prefix js run --silent format
  exit
fi

status=0
check() {
  local start=$SECONDS
  printf '== %s ==\n' "$1"
  shift
  "$@" || status=1
  printf '(%d s)\n' $((SECONDS - start))
}
check "clang-format" clang-format-19 --dry-run -Werror "${sources[@]}"
check "rooms" node scripts/check-rooms.mjs
check "clang-tidy" node scripts/tidy.mjs '^(core|wasm)/'
check "shellcheck" shellcheck scripts/*.sh .ci/run
check "JavaScript" npm --prefix js run --silent lint
check "JavaScript of the demo" npm --prefix demo run --silent lint
check "reference of the npm package" npm --prefix js run --silent docs
check "documents" node scripts/check-docs.mjs --run
exit $status
