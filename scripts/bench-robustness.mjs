// Prints what faults that logs have in practice cost in quality: a made-up log is trained as it is and with each fault,
// and measured on the same last tenth of its sessions. Fails when a fault costs more than the limits.
// usage: node scripts/bench-robustness.mjs [VITRINE]        VITRINE: the command; default build/release/vitrine
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'build/bench/robustness');
const vitrine = process.argv[2] ?? join(root, 'build/release/vitrine');

/** The most that a fault may cost: HR@20 of the first visit, and of the next item. */
const limits = { firstVisit: 0.01, nextItem: 0.005 };

function run(...args) {
  const result = spawnSync(vitrine, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`vitrine ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

mkdirSync(out, { recursive: true });
const shop = join(out, 'shop');
run('simulate', '--shoppers', '1500', '--products', '400', '--days', '60', '--out', shop);
const [header, ...rows] = readFileSync(join(shop, 'events.csv'), 'utf8').trim().split('\n');
const items = readFileSync(join(shop, 'items.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',')[0]);

// session_id,user_id,item_id,event,timestamp,...
const sessionOf = (row) => row.slice(0, row.indexOf(','));
const timeOf = (row) => Number(row.split(',')[4]);
const starts = new Map();
for (const row of rows) {
  const session = sessionOf(row);
  starts.set(session, Math.min(starts.get(session) ?? Number.POSITIVE_INFINITY, timeOf(row)));
}
const sorted = [...starts.values()].sort((a, b) => a - b);
const cut = sorted[Math.floor(sorted.length * 0.9)];
const train = rows.filter((row) => starts.get(sessionOf(row)) < cut);
const test = rows.filter((row) => starts.get(sessionOf(row)) >= cut);
const last = Math.max(...train.map(timeOf));
const more = ','.repeat(header.split(',').length - 5);
const event = (session, user, item, kind, time) =>
  `${session},${user},${item},${kind},${Math.floor(time)}${more}`;

/** Random numbers in [0, 1) that are the same in every run (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const threeDays = 3 * 86_400;
/** One crawler with `count` views of 20 items in the last three days, 900 a session. */
const crawler = (count) =>
  Array.from({ length: count }, (_, i) =>
    event(
      `b${Math.floor(i / 900)}`,
      'ubot',
      items[300 + (i % 20)],
      'view',
      last - threeDays + (threeDays * i) / count,
    ),
  );

const faults = {
  'one crawler, 5 % of events': () => [...train, ...crawler(2500)],
  'one crawler, 20 % of events': () => [...train, ...crawler(10_000)],
  'visitors with one view, 5 %': () => [
    ...train,
    ...crawler(2500).map((row, i) => row.replace(/^[^,]*,[^,]*/, `o${i},v${i}`)),
  ],
  'a row of the year 2038': () => [...train, event('z', 'zu', items[0], 'view', 2_145_916_800)],
  'a row of the year 1970': () => [...train, event('z', 'zu', items[0], 'view', 86_400)],
  'lists shown beside views': () => {
    const random = randomFrom(1);
    const shown = Array.from({ length: 12 }, (_, i) => items[10 + 10 * i]);
    return train.flatMap((row) => {
      const cell = row.split(',');
      if (cell[3] !== 'view' || random() >= 0.25) return [row];
      const at = Number(cell[4]) + 5;
      return [row, ...shown.map((item) => event(cell[0], cell[1], item, 'view_item_list', at))];
    });
  },
  'every row twice': () => train.flatMap((row) => [row, row]),
  'rows in random order': () => {
    const random = randomFrom(2);
    return train
      .map((row) => [random(), row])
      .sort(([a], [b]) => a - b)
      .map(([, row]) => row);
  },
};

writeFileSync(join(out, 'test.csv'), `${[header, ...test].join('\n')}\n`);
function measure(name, lines) {
  const log = join(out, 'train.csv');
  const bundle = join(out, 'model.vitrine');
  writeFileSync(log, `${[header, ...lines].join('\n')}\n`);
  run('train', '--events', log, '--no-tune', '--out', bundle);
  const judged = JSON.parse(
    run('evaluate', '--bundle', bundle, '--events', join(out, 'test.csv'), '--json'),
  );
  return {
    name,
    nextItem: judged.hit_rate,
    firstVisit: judged.first_visit.hit_rate,
  };
}

const clean = measure('the log as it is', train);
const measured = Object.entries(faults).map(([name, lines]) => measure(name, lines()));
const signed = (value) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;
let failed = false;
console.log(`${'fault'.padEnd(30)}first visit HR@20     next item HR@20`);
for (const one of [clean, ...measured]) {
  const first = one.firstVisit - clean.firstVisit;
  const next = one.nextItem - clean.nextItem;
  const bad = first < -limits.firstVisit || next < -limits.nextItem;
  failed ||= bad;
  console.log(
    `${one.name.padEnd(30)}${one.firstVisit.toFixed(4)} ${signed(first)}        ` +
      `${one.nextItem.toFixed(4)} ${signed(next)}${bad ? '   above the limit' : ''}`,
  );
}
if (failed) {
  console.log(
    `limits: -${limits.firstVisit} for the first visit, -${limits.nextItem} for the next item`,
  );
  process.exit(1);
}
