#!/usr/bin/env bash
# Builds and runs every test suite, also after one has failed. Each writes a JUnit report to build/reports. In the end the
# time of each is printed, then the slowest C++ tests, and in the last line the sum: "N passed, N failed". Exit status 1 when
# anything failed.
# usage: scripts/run-tests.sh [SUITE...]     suites: native asan wasm js package frameworks browser firefox
set -uo pipefail
cd "$(dirname "$0")/.." || exit
reports=$PWD/build/reports
make=${MAKE:-make}
jobs=$(nproc)
passed=0 failed=0
times=()
mkdir -p "$reports"

header() { printf '\n== %s ==\n' "$1"; }

# suite TITLE REPORT COMMAND...: runs COMMAND and adds up what its report says.
suite() {
  local title=$1 report=$reports/$2.xml suite_passed suite_failed suite_skipped status start=$SECONDS
  shift 2
  header "$title"
  rm -f "$report"
  "$@"
  status=$?
  read -r suite_passed suite_failed suite_skipped < <(node scripts/count-tests.mjs "$report")
  # A suite that broke before or beside its tests, or ran none, has failed too.
  if [ "$suite_failed" = 0 ] && { [ $status != 0 ] || [ "$suite_passed" = 0 ]; }; then suite_failed=1; fi
  printf '%s: %s passed, %s failed, %s skipped\n' "$title" "$suite_passed" "$suite_failed" "$suite_skipped"
  times+=("$(printf '%5d s  %s' $((SECONDS - start)) "$title")")
  passed=$((passed + suite_passed)) failed=$((failed + suite_failed))
}

# ctest_suite TARGET PRESET ARGUMENTS...: builds the make target, then runs ctest on the preset, a test on each core: every
# test is a process with a folder of its own.
ctest_suite() {
  local target=$1 preset=$2
  shift 2
  "$make" --no-print-directory SETUP=no "$target" &&
    ctest --preset "$preset" --progress -j "$jobs" --output-junit "$reports/$preset.xml" "$@"
}
native_tests() { ctest_suite native-tests release; }
asan_tests() { ctest_suite asan-tests asan -L core; }
wasm_tests() { ctest_suite wasm-tests wasm; }

# node_options NAME: sets `options` for node's test runner. A file that hangs has failed after ten minutes.
node_options() {
  options=(--test-timeout=600000 --test-reporter=spec --test-reporter-destination=stdout
    --test-reporter=junit --test-reporter-destination="$reports/$1.xml")
}

js_tests() {
  "$make" --no-print-directory SETUP=no build &&
    npm --prefix js test --silent -- --reporter=default --reporter=junit --outputFile.junit="$reports/js.xml"
}

package_tests() {
  "$make" --no-print-directory SETUP=no build/npm/vitrine.tgz build/npm/vitrine-linux-x64.tgz &&
    node_options package && node --test "${options[@]}" tests/package/*.test.mjs
}

frameworks_tests() {
  "$make" --no-print-directory SETUP=no frameworks &&
    node_options frameworks && node --test "${options[@]}" tests/frameworks/*.test.mjs
}

browser_tests() {
  "$make" --no-print-directory SETUP=no demo/dist/index.html tests/browser/node_modules/.stamp &&
    node_options browser && npm --prefix tests/browser test --silent -- "${options[@]}"
}

# The same tests again, but for those of what only shop staff sees, and of the demo shop that it ranks.
firefox_tests() {
  "$make" --no-print-directory SETUP=no demo/dist/index.html tests/browser/node_modules/.stamp &&
    node_options firefox && BROWSER=firefox node --test --test-concurrency=1 "${options[@]}" \
    tests/browser/{conformance,loading,session,components,worker,relaxed_scan,faults,demo_worker}.test.mjs
}

[ $# -gt 0 ] || set -- native asan wasm js package frameworks browser firefox
for name in "$@"; do
  case $name in
    native) suite "Native" release native_tests ;;
    asan) suite "Native, sanitized" asan asan_tests ;;
    wasm) suite "WebAssembly in Node" wasm wasm_tests ;;
    js) suite "JavaScript" js js_tests ;;
    package) suite "Packed package" package package_tests ;;
    frameworks) suite "Frameworks" frameworks frameworks_tests ;;
    browser) suite "Chromium" browser browser_tests ;;
    firefox) suite "Firefox" firefox firefox_tests ;;
    *)
      printf 'run-tests: no suite "%s"; there are: native asan wasm js package frameworks browser firefox\n' "$name" >&2
      exit 2
      ;;
  esac
done

header "Time"
printf '%s\n' "${times[@]}" | sort -rn
node scripts/slow-tests.mjs "$reports"/{release,asan,wasm}.xml
printf '\n%d passed, %d failed\n' $passed $failed
[ $failed = 0 ]
