#!/usr/bin/env bash
# Prints speed and sizes: training on diginetica (where ../shared/data has it) and on 1, 3 and 10 million simulated events, the
# bundle, one ranking natively and in wasm under Node, and the bytes that a page loads.
# usage: scripts/bench.sh        SHOPPERS=25000 PRODUCTS=10000 makes the simulated logs a tenth as large
set -euo pipefail
cd "$(dirname "$0")/.."
vitrine=build/release/vitrine
out=build/bench
data=../shared/data/diginetica
shoppers=${SHOPPERS:-250000}
products=${PRODUCTS:-100000}
mkdir -p "$out"

printf '== diginetica: train, write, rank ==\n'
if [ -r $data/train.csv.gz ]; then
  "$vitrine" train --events $data/train.csv.gz --out "$out/diginetica.vitrine" 2> "$out/warnings"
  printf '\n== diginetica: quality, and one ranking natively ==\n'
  "$vitrine" evaluate --bundle "$out/diginetica.vitrine" --events $data/test.csv.gz --k 20 2> "$out/warnings"
  # The first sessions, a shopper a line.
  zcat $data/test.csv.gz | awk -F, '
    NR > 1 && $1 != s { if (s != "" && ++n <= 2000) print line; s = $1; line = $2; next }
    NR > 1 { line = line "," $2 }' > "$out/histories.csv"
  printf '\n== diginetica: one ranking in wasm under Node ==\n'
  node bench/latency.mjs "$out/diginetica.vitrine" "$out/histories.csv"
  printf '\n== diginetica: a sweep of implicit ALS, 2 threads, median of 5 ==\n'
  cmake --build build/release --target vitrine_als_bench >/dev/null
  peer=$out/implicit/bin/python
  [ -x "$peer" ] || { python3 -m venv "$out/implicit" && "$out/implicit/bin/pip" -q install implicit==0.7.3; } || peer=
  for dims in 16 64 128; do
    printf '%3d dims   vitrine         ' $dims
    build/release/bench/vitrine_als_bench $data/train.csv.gz $dims 5 2 2> "$out/warnings"
    if [ -n "$peer" ]; then
      for solver in cg exact; do
        [ $solver$dims != exact128 ] || continue # takes minutes
        printf '%3d dims   implicit %-6s ' $dims $solver
        "$peer" bench/als_peer.py $data/train.csv.gz $dims 5 2 $solver 2> "$out/warnings"
      done
    else
      echo "skipped: python3 -m venv or pip does not work here, so there is no implicit to compare with"
    fi
  done
else
  echo "skipped: no $data"
fi

printf '\n== growth: 1, 3 and 10 million simulated events over %s products ==\n' "$products"
for tenths in 1 3 10; do
  log=$out/simulated-$((shoppers * tenths / 10))-$products
  [ -e "$log/simulation.json" ] ||
    "$vitrine" simulate --shoppers $((shoppers * tenths / 10)) --products "$products" --days 60 --seed 1 --out "$log"
  "$vitrine" train --events "$log/events.csv" --items "$log/items.csv" --out "$out/simulated.vitrine"
done

printf '\n== bytes in the page, after brotli -11 ==\n'
npm --prefix js run --silent size
