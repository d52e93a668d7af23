#!/usr/bin/env bash
# Puts libduckdb.so and duckdb.h into FOLDER. No Debian package carries DuckDB; its official Node packages do: one holds
# the shared library, another the C header.
# usage: scripts/setup-duckdb.sh FOLDER
set -euo pipefail
. scripts/setup-lib.sh
folder=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=1.4.4
case $(uname -m) in
  x86_64) binding=@duckdb/node-bindings-linux-x64@$version-r.3 sum=1ef33048e12235115ac0d277a0aaccbb560e33248144f488b5ac005cd9ba81b5 ;;
  aarch64) binding=@duckdb/node-bindings-linux-arm64@$version-r.3 sum=c8e20af1e0064bdb7bf79af4d16f17ee8be16803bc98a4df58588bed1301c042 ;;
  *) fail "no DuckDB package for $(uname -m); put duckdb.h and libduckdb.so of DuckDB $version into $folder" ;;
esac
header_sum=cbe6a827284375c5a646b8f27dbd3a00808ce8738b5bbb49c190cb1e08540281

# unpack PACKAGE FILE: one file out of a package, into $folder.
unpack() {
  local archive
  archive=$(cd "$work" && npm pack --silent --ignore-scripts "$1" 2>"$work/log") ||
    fail "npm could not fetch $1: $(cat "$work/log")"
  tar -xzf "$work/$archive" -O "package/$2" > "$folder/${2##*/}"
}

say "duckdb" "fetching the library and header of $version"
unpack "$binding" libduckdb.so
unpack "duckdb@$version" src/duckdb/src/include/duckdb.h
printf '%s  %s\n' "$sum" "$folder/libduckdb.so" "$header_sum" "$folder/duckdb.h" | sha256sum --check --quiet ||
  fail "what arrived is not DuckDB $version as tried; see $folder"
