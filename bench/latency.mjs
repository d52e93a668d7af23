// How long one call takes in Node: every history is recorded event by event, then ranked.
// usage: node bench/latency.mjs BUNDLE HISTORIES [ROUNDS]
//   HISTORIES: one shopper a line, item ids separated by commas, double quotes around ids that hold one
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createPersonalizer } from '../js/dist/index.js';

const [bundlePath, historiesPath, rounds = '3'] = process.argv.slice(2);
if (!historiesPath) {
  console.error('usage: node bench/latency.mjs BUNDLE HISTORIES [ROUNDS]');
  process.exit(2);
}

/** The ids of one line. */
function ids(line) {
  const fields = line.match(/"(?:[^"]|"")*"|[^,]+/g) ?? [];
  return fields.map((field) =>
    field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
  );
}

const histories = readFileSync(historiesPath, 'utf8')
  .split(/\r?\n/)
  .filter((line) => line !== '')
  .map(ids);
if (histories.length === 0) {
  console.error(`${historiesPath} holds no history; write one shopper a line`);
  process.exit(1);
}

const opening = performance.now();
const vitrine = await createPersonalizer({ bundle: pathToFileURL(bundlePath) });
const opened = performance.now() - opening;

const calls = {
  record: (history) => vitrine.record({ item: history.at(-1) }),
  'recommend, 20 items': () => vitrine.recommend({ limit: 20, explain: false }),
  'recommend, explained': () => vitrine.recommend({ limit: 20 }),
  'similar, 20 items': (history) => vitrine.similar(history.at(-1), { limit: 20 }),
  'popular, 20 items': () => vitrine.popular({ limit: 20 }),
};
const times = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));

// The first round warms the compiler up and is not counted.
for (let round = 0; round <= Number(rounds); round++) {
  for (const history of histories) {
    vitrine.clear();
    for (const item of history.slice(0, -1)) vitrine.record({ item });
    for (const [name, call] of Object.entries(calls)) {
      const start = performance.now();
      call(history);
      if (round > 0) times[name].push(performance.now() - start);
    }
  }
}

const milliseconds = (value) => value.toFixed(3).padStart(10);
console.log(
  `${vitrine.info.itemCount} items, ${histories.length} histories, ${rounds} rounds; ` +
    `wasm and bundle opened in ${opened.toFixed(1)} ms`,
);
console.log(
  `${'milliseconds'.padEnd(24)}${['p50', 'p99', 'largest'].map((s) => s.padStart(10)).join('')}`,
);
for (const [name, taken] of Object.entries(times)) {
  taken.sort((a, b) => a - b);
  const at = (share) => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))];
  console.log(
    name.padEnd(24) + milliseconds(at(0.5)) + milliseconds(at(0.99)) + milliseconds(at(1)),
  );
}
vitrine.dispose();
