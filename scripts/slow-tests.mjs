// Prints the ten slowest tests of JUnit reports, slowest first; a report that is not there is passed over.
// usage: node scripts/slow-tests.mjs REPORT.xml...
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const reports = process.argv.slice(2).filter((file) => existsSync(file));
const tests = reports.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/<testcase name="([^"]*)"[^>]*? time="([\d.]+)"/g)].map(
    ([, name, seconds]) => ({ name, seconds: Number(seconds), suite: basename(file, '.xml') }),
  ),
);
const slowest = tests.sort((a, b) => b.seconds - a.seconds).slice(0, 10);
if (slowest.length > 0) console.log('\nslowest tests:');
for (const { name, seconds, suite } of slowest) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${suite}: ${name}`);
}
