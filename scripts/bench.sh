#!/usr/bin/env bash
# Prints speed and sizes: training on diginetica (where ../shared/data has it) and on simulated events, the bundle, the
# latency of a recommendation in Node, and the bytes that a page loads.
# usage: scripts/bench.sh        EVENTS_SHOPPERS=200000 sizes the simulated log
set -euo pipefail
cd "$(dirname "$0")/.."
vitrine=build/release/vitrine
out=build/bench
shoppers=${EVENTS_SHOPPERS:-200000}
mkdir -p "$out"
TIMEFORMAT='%R s elapsed, %U s of processor time'

# bench_log NAME EVENTS: trains on EVENTS and measures the bundle.
bench_log() {
  local bundle=$out/$1.vitrine
  printf '\n== %s ==\n' "$1"
  time "$vitrine" train --events "$2" --out "$bundle"
  printf 'bundle: %d bytes, %d after brotli\n' "$(stat -c %s "$bundle")" "$(brotli -q 11 -w 24 -c "$bundle" | wc -c)"
}

data=../shared/data/diginetica/train.csv.gz
if [ -r "$data" ]; then bench_log diginetica "$data"; else echo "diginetica: skipped, no $data"; fi

[ -e "$out/simulated/events.csv" ] ||
  "$vitrine" simulate --shoppers "$shoppers" --products 20000 --days 60 --seed 1 --out "$out/simulated"
printf '\nsimulated log: %d events\n' $(($(wc -l < "$out/simulated/events.csv") - 1))
bench_log simulated "$out/simulated/events.csv"

printf '\n== bytes in the page ==\n'
npm --prefix js run --silent size
