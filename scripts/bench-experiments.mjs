// Prints how well experiments work: GrowthBook's published cases in TypeScript, C++ and wasm, the statistics beside
// computed answers, the laboratory, speed and bytes of assignment in the page.
// usage: node scripts/bench-experiments.mjs      TESTS=1000 simulates a tenth of the experiments
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attributes, nanoseconds, plain, targeted } from '../bench/assignment.mjs';
import { measureFile } from '../js/scripts/size.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const groups = {
  hash: ['for hashing', 15],
  getBucketRange: ['for bucket ranges', 13],
  chooseVariation: ['for choosing a variation', 13],
  inNamespace: ['for namespaces', 16],
  getEqualWeights: ['for equal weights', 6],
  getQueryStringOverride: ['for addresses', 16],
  run: ['for runs', 73],
  stickyBucket: ['for sticky assignment', 13],
  evalCondition: ['answers the published GrowthBook cases', 248],
};
const rows = 470; // of computed.json; the tests count them
const skipped = 4; // what Catch2 returns when there is nothing but skipped tests
let failed = false;

/** Runs a program in the project and returns its exit status; its output is dropped. */
function status(program, args) {
  return spawnSync(program, args, { cwd: root, stdio: 'ignore' }).status;
}

function line(what, value) {
  console.log(`  ${what.padEnd(58)}${value}`);
}

/** One line for a platform; `passes(group)` is true, false, or undefined where the cases are not here. */
function published(platform, passes) {
  let cases = 0;
  let all = 0;
  const wrong = [];
  for (const [group, [, count]] of Object.entries(groups)) {
    const passed = passes(group);
    if (passed === undefined) return line(platform, 'skipped: ../shared/vectors is not here');
    all += count;
    if (passed) cases += count;
    else wrong.push(group);
  }
  failed ||= wrong.length > 0;
  line(
    platform,
    `${cases} of ${all} passed${wrong.length > 0 ? `; not: ${wrong.join(', ')}` : ''}`,
  );
}

function catchTests(program, args) {
  return (group) => {
    const code = status(program, [...args, `Published cases: ${group}`]);
    return code === skipped ? undefined : code === 0;
  };
}

function vitestTests() {
  const report = `${root}build/reports/experiments.json`;
  mkdirSync(`${root}build/reports`, { recursive: true });
  rmSync(report, { force: true });
  const options = ['--silent', '--reporter=json', `--outputFile=${report}`];
  status('npm', ['--prefix', 'js', 'test', '--', 'tests/js/experiments', ...options]);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return (group) => {
    const [title] = groups[group];
    const found = tests.find((test) => test.title === title);
    return found?.status === 'passed' ? true : found?.status === 'failed' ? false : undefined;
  };
}

console.log("GrowthBook's published cases, in 9 groups:");
published('TypeScript', vitestTests());
published('C++, native', catchTests('build/release/tests/vitrine_core_tests', []));
published('C++, wasm in Node', catchTests('node', ['build/wasm/tests/vitrine_core_tests.js']));

console.log('\nstatistics beside answers of fifty digits:');
const computed = status('build/release/tests/vitrine_core_tests', ['Computed rows:*']);
failed ||= computed !== 0 && computed !== skipped;
line(
  'within 1e-9, distribution functions within 1e-12',
  computed === skipped
    ? 'skipped: ../shared/stats is not here'
    : computed === 0
      ? `${rows} of ${rows} rows`
      : 'NOT all rows; run vitrine_core_tests "Computed rows:*"',
);

console.log('\nthe laboratory (vitrine experiment lab):');
const lab = spawnSync(
  'build/release/vitrine',
  ['experiment', 'lab', '--tests', process.env.TESTS ?? '10000'],
  { cwd: root, stdio: 'inherit' },
);
failed ||= lab.status !== 0;

console.log('\nin the page:');
const { assign, bucket, chancesToBeBest } = await import('../js/dist/experiments.js');
/** Time of one call, best of 20: what the machine does beside it only adds. */
function speed(call, rounds, over) {
  const best = Math.min(...Array.from({ length: 20 }, () => nanoseconds(call, rounds, over)));
  return best < 1e5
    ? `${best.toFixed(0)} ns, ${(1e3 / best).toFixed(1)} million a second`
    : `${(best / 1e6).toFixed(2)} ms, once a round`;
}
line(
  'one assignment in TypeScript',
  speed((unit) => assign(plain, unit)),
);
line(
  'the same, aimed at two attributes',
  speed((unit) => assign(targeted, unit, { attributes })),
);
line(
  'of it the two hashes',
  speed((unit) => bucket('hero', unit, 2)),
);
const shapes = [
  [5, 195],
  [7, 193],
  [6, 194],
];
line(
  'propensities of a bandit slot of three variations',
  speed((given) => chancesToBeBest(given), 10, [shapes]),
);
const { raw, brotli } = measureFile('experiments.js');
line('the entry vitrine/experiments', `${raw} bytes, ${brotli} after brotli -11`);
process.exit(failed ? 1 : 0);
