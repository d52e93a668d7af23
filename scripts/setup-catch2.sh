#!/usr/bin/env bash
# Puts the source of Catch2 3 (Debian 13's source package; Debian 12 has version 2) into FOLDER. Source, because the
# native, sanitized and wasm builds each compile it their own way.
# usage: scripts/setup-catch2.sh FOLDER
set -euo pipefail
. scripts/setup-lib.sh
folder=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say "catch2" "fetching the source beside the project"
debian13 update >/dev/null
(cd "$work" && debian13 source --download-only catch2 >/dev/null)
tar -xf "$work"/catch2_*.orig.tar.* -C "$folder" --strip-components=1
rm -rf "${folder:?}"/{.github,benchmarks,docs,examples,fuzzing,tests,third_party}
