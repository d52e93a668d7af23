#!/usr/bin/env bash
# Counts the instructions of what a page waits for (bench/instructions.cpp, built natively, under callgrind) and
# compares them with bench/instructions.txt: wall time is too noisy to decide anything by. Exit status 1 when one
# takes 3 % more; one that takes 3 % less asks for new figures.
# usage: scripts/bench-instructions.sh [--update]        --update: writes what was counted into instructions.txt
set -euo pipefail
cd "$(dirname "$0")/.."
figures=bench/instructions.txt
out=build/bench/instructions
program=build/release/bench/vitrine_instructions
mkdir -p $out

command -v valgrind > /dev/null || { echo "no valgrind; scripts/setup.sh bench installs it" >&2; exit 1; }
# The figures are of the kernels for AVX2, which the program chooses where it finds it.
if [ "$(uname -m)" != x86_64 ] || ! grep -qw avx2 /proc/cpuinfo; then
  echo "skipped: the figures are of x86-64 with AVX2, which this machine is not"
  exit 0
fi
cmake --build --preset release --target vitrine_instructions > $out/log || { cat $out/log >&2; exit 1; }
$program make $out/made-up.vitrine
valgrind --tool=callgrind --callgrind-out-file=$out/callgrind.out $program run $out/made-up.vitrine > $out/log 2>&1 || {
  cat $out/log >&2
  exit 1
}
callgrind_annotate --inclusive=yes --threshold=100 $out/callgrind.out |
  sed -nE 's/^ *([0-9,]+).*measured_([a-z0-9_]+).*/\2 \1/p' | tr -d , | sort -u -k1,1 > $out/counted

if [ "${1:-}" = --update ]; then
  cp $out/counted $figures
  echo "wrote $figures"
fi
join -a1 -a2 -e missing -o 0,1.2,2.2 $figures $out/counted | awk '
  BEGIN { printf "%-24s%14s%14s%9s\n", "instructions", "committed", "counted", "" }
  $2 == "missing" || $3 == "missing" { printf "%-24s%14s%14s  MISSING\n", $1, $2, $3; failed = 1; next }
  {
    change = 100 * ($3 / $2 - 1)
    verdict = change > 3 ? "  MORE" : change < -3 ? "  less: run with --update" : ""
    failed += change > 3
    printf "%-24s%14d%14d%8.1f%%%s\n", $1, $2, $3, change, verdict
  }
  END { exit failed > 0 }'
