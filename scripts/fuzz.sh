#!/usr/bin/env bash
# Fuzzes the readers of bundles and overlays with libFuzzer, address and undefined-behaviour sanitizers on.
# usage: scripts/fuzz.sh [SECONDS]        default 60; findings go to build/fuzz
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/fuzz
mkdir -p $out/corpus
# The ranking core as tests/fuzz/ needs it; assignment and statistics read no bundles.
mapfile -t core < <(find core/src -name '*.cpp' ! -name dot_simd128.cpp ! -path '*/assignment/*' ! -path '*/bandits/*' ! -path '*/stats/*')
for target in bundle overlay; do
  clang++-19 -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -ffp-contract=off \
    -Icore/include -Icore/src tests/fuzz/${target}_fuzz.cpp "${core[@]}" -mavx2 -o $out/${target}_fuzz
done
# Seeds: a small bundle with a catalogue, and one of one item.
build/release/vitrine simulate --shoppers 60 --products 24 --days 5 --seed 3 --out $out/shop > /dev/null
build/release/vitrine train --events $out/shop/events.csv --items $out/shop/items.csv --out $out/corpus/small.vitrine > /dev/null
# And for overlays one of the same shop with other prices, less stock and a new item.
mkdir -p $out/overlays
sed -e '3,6s/,true,/,false,/; 7,9s/,[0-9.]*,true,/,7.5,true,/' -e '$s/^[^,]*/new-1/' $out/shop/items.csv > $out/shop/late.csv
build/release/vitrine overlay --base $out/corpus/small.vitrine --items $out/shop/late.csv --complete \
  --events $out/shop/events.csv --out $out/overlays/small.overlay > /dev/null
flags=(-max_total_time="$((${1:-60} / 2))" -max_len=65536 -print_final_stats=1 "-artifact_prefix=$out/")
$out/bundle_fuzz "${flags[@]}" $out/corpus
FUZZ_BUNDLE=$out/corpus/small.vitrine $out/overlay_fuzz "${flags[@]}" $out/overlays
