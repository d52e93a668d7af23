#!/usr/bin/env bash
# Installs what building, testing and running Vitrine needs on Debian 12: packages from the machine's own mirrors,
# everything else beside the project in .deps. Runs as root or with sudo. A second run finds all in place and says so.
# usage: scripts/setup.sh [fuzz|bench]        fuzz: also what `make fuzz` compiles with; bench: what `make
# bench-instructions` counts with
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/setup-lib.sh

packages=(
  # building
  ca-certificates cmake g++ git make ninja-build pkg-config python3 xz-utils
  # libraries of the exporter (cmake/dependencies.cmake says what for), and the compressor `make bench` prints sizes with
  brotli libboost-dev libbrotli-dev libcli11-dev libeigen3-dev libfmt-dev libssl-dev libzstd-dev nlohmann-json3-dev zlib1g-dev
  # lint
  clang-format-19 clang-tidy-19 shellcheck
  # the browsers of the tests, letters for them to draw, and what runs the PHP of the guides
  chromium firefox-esr fonts-dejavu-core php-cli
)

supported_system() {
  # shellcheck disable=SC1091
  [ -r /etc/os-release ] && . /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ]
}

explain_unsupported_system() {
  cat >&2 <<TEXT
setup: this script knows Debian 12 only. On another system, put these in place and run the same make target with
SETUP=no (make test SETUP=no):
  1. a C++20 compiler (GCC 12, clang 16 or newer), CMake >= 3.25, Ninja, pkg-config, brotli, Chromium (CHROMIUM=path) and
     Firefox (FIREFOX=path), and php 8 for the guides' tests
  2. the headers of Boost 1.74 (Boost.Math), Eigen 3.4, nlohmann-json 3.11, CLI11 2.1, fmt 9.1, OpenSSL 3, zlib, zstd, brotli and Catch2 3.4
  3. DuckDB >= 1.4: duckdb.h and libduckdb where the compiler looks, or both in .deps/duckdb
  4. Node.js >= 20 with npm on PATH
  5. Emscripten >= $emscripten_minimum: emcc on PATH (emsdk install 3.1.69; emsdk activate 3.1.69; . emsdk_env.sh)
  6. for make lint: clang-format-19, clang-tidy-19 and shellcheck
TEXT
  exit 1
}

install_packages() {
  local missing=() package
  for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "packages" "installing ${#missing[@]} with apt: ${missing[*]}"
  as_root apt-get -q update >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}" >/dev/null
}

supported_system || explain_unsupported_system
mkdir -p "$deps"
exec 9> "$deps/lock" # two makes at once: the second waits, and finds all in place
flock 9

emcc_on_path_is_new_enough || packages+=(clang-19 lld-19 llvm-19 patchelf)
node_is_new_enough || packages+=(nodejs npm)
[ "${1:-}" != bench ] || packages+=(valgrind)
[ "${1:-}" != fuzz ] || packages+=(clang-19 libclang-rt-19-dev)

install_packages
node_is_new_enough || step node scripts/setup-node.sh "$deps/node"
[ ! -d "$deps/node/bin" ] || export PATH="$deps/node/bin:$PATH"
step duckdb scripts/setup-duckdb.sh "$deps/duckdb"
step catch2 scripts/setup-catch2.sh "$deps/catch2"
if emcc_on_path_is_new_enough; then
  rm -rf "$deps/emscripten" "$deps/stamps/emscripten"
  say "emscripten" "taking $(command -v emcc) $(emcc_version) from PATH"
else
  # Its configuration names the node it runs with.
  step emscripten scripts/setup-emscripten.sh "$deps/emscripten" "$(command -v node)"
fi
