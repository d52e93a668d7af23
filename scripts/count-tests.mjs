// Prints "PASSED FAILED SKIPPED" of a JUnit report; "0 0 0" where there is none.
// usage: node scripts/count-tests.mjs REPORT.xml
import { existsSync, readFileSync } from 'node:fs';

const [report] = process.argv.slice(2);
const cases = existsSync(report) ? readFileSync(report, 'utf8').split('<testcase').slice(1) : [];
const failed = cases.filter((text) => /<(failure|error)\b/.test(text)).length;
const skipped = cases.filter((text) => /<skipped\b/.test(text)).length;
console.log(cases.length - failed - skipped, failed, skipped);
