#!/usr/bin/env bash
# Fuzzes the reader of bundles with libFuzzer, address and undefined-behaviour sanitizers on.
# usage: scripts/fuzz.sh [SECONDS]        default 60; findings go to build/fuzz
set -euo pipefail
shopt -s extglob
cd "$(dirname "$0")/.."
out=build/fuzz
mkdir -p $out/corpus
clang++-19 -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -ffp-contract=off \
  -Icore/include -Icore/src tests/fuzz/bundle_fuzz.cpp core/src/!(dot_simd128).cpp -mavx2 -o $out/bundle_fuzz
# Seeds: a small bundle with a catalogue, and one of one item.
build/release/vitrine simulate --shoppers 60 --products 24 --days 5 --seed 3 --out $out/shop > /dev/null
build/release/vitrine train --events $out/shop/events.csv --items $out/shop/items.csv --out $out/corpus/small.vitrine > /dev/null
$out/bundle_fuzz -max_total_time="${1:-60}" -max_len=65536 -print_final_stats=1 -artifact_prefix=$out/ $out/corpus
