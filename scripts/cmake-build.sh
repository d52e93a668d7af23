#!/usr/bin/env bash
# Configures a preset the first time, then builds it (ninja does nothing where nothing changed).
# usage: scripts/cmake-build.sh PRESET JOBS [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1 jobs=$2
shift 2
[ -e "build/$preset/build.ninja" ] || cmake --preset "$preset"
cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"}
