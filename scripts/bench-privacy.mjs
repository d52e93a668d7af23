// Prints what the least number of shoppers costs in ranking quality: the same training with other values of
// privacy.min_shoppers, on a simulated shop and on public sets.
// usage: node scripts/bench-privacy.mjs [SET...] [--min-shoppers=0,2,5,10] [--tune=MINUTES] [--data=FOLDER]
// Public sets are in ../shared/data or FOLDER; one that is missing is skipped. Needs build/release/vitrine.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'build/bench/privacy');
const vitrine = process.env.VITRINE ?? join(root, 'build/release/vitrine');

// `lost`: the most HR@20 that the default may cost.
const sets = [
  { name: 'simulated', lost: 0.005, split: ['--split', 'last-days=7'] },
  { name: 'diginetica', lost: 0.01, options: ['--max-bytes', '2MB'] },
  { name: 'tmall', lost: 0.01 },
  { name: 'serenade_bol', lost: 0.01, rules: ['--drop-current'] },
  {
    name: 'online_retail',
    lost: 0.01,
    events: 'online_retail.csv.gz',
    split: ['--map', 'session_id=CustomerID', '--split', 'since=2011-09-01'],
  },
  {
    name: 'taobao_2h',
    lost: 0.01,
    events: 'UserBehavior.csv.gz',
    split: [
      '--map',
      'user_id=column0,item_id=column1,event=column3,timestamp=column4',
      '--split',
      'since=2017-11-26T02:40',
    ],
  },
  {
    name: 'beauty_bert4rec',
    lost: 0.01,
    events: 'interactions.csv.gz',
    split: ['--split', 'leave-one-out', '--filter-seen', '--max-bytes', '2MB'],
  },
];

function run(args) {
  const result = spawnSync(vitrine, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`vitrine ${args.join(' ')}\n${result.stderr}`);
  return result.stdout;
}

/** The files of a set; nothing when it is missing. */
function filesOf(set) {
  if (set.name === 'simulated') {
    const folder = join(out, 'shop');
    if (!existsSync(join(folder, 'events.csv'))) {
      run([
        ...['simulate', '--shoppers', '20000', '--products', '2000'],
        ...['--days', '60', '--seed', '5', '--out', folder],
      ]);
    }
    return ['--events', join(folder, 'events.csv'), '--items', join(folder, 'items.csv')];
  }
  const file = join(data, set.name, set.events ?? 'train.csv.gz');
  return existsSync(file) ? ['--events', file] : undefined;
}

/** Trains with a floor, and returns the quality on what was held back. */
function measure(set, files, floor, tuning) {
  const how = [...(set.options ?? []), ...(set.rules ?? []), ...tuning];
  how.push('--min-shoppers', String(floor), '--json');
  if (set.split) {
    const { training, ...result } = JSON.parse(run(['backtest', ...files, ...set.split, ...how]));
    return { result, training };
  }
  const bundle = join(out, `${set.name}.vitrine`);
  const training = JSON.parse(run(['train', ...files, '--out', bundle, ...how]));
  const test = join(data, set.name, 'test.csv.gz');
  const judged = run([
    ...['evaluate', '--bundle', bundle, '--events', test],
    ...[...(set.rules ?? []), '--json'],
  ]);
  return { result: JSON.parse(judged), training };
}

const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const flag = (name) => flags.find((word) => word.startsWith(`--${name}=`))?.split('=')[1];
const data = flag('data') ?? join(root, '../shared/data');
const floors = (flag('min-shoppers') ?? '0,2,5,10').split(',').map(Number);
const tuning = flag('tune') ? ['--tune', flag('tune')] : ['--no-tune'];
const unknown = asked.find((name) => !sets.some((set) => set.name === name));
if (unknown) {
  console.error(`There is no set ${unknown}. Sets: ${sets.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const percent = (part, all) => `${((100 * part) / Math.max(all, 1)).toFixed(0)} %`;
mkdirSync(out, { recursive: true });
console.log(
  `${'set'.padEnd(18)}${'floor'.padStart(6)}${'HR@20'.padStart(9)}${'change'.padStart(9)}${'MRR@20'.padStart(9)}${'items out'.padStart(11)}${'events out'.padStart(12)}${'pairs out'.padStart(11)}${'bytes'.padStart(12)}`,
);
for (const set of sets.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const files = filesOf(set);
  if (!files) {
    console.log(`${set.name.padEnd(18)}skipped: it is not in ${data}`);
    continue;
  }
  let before;
  for (const floor of floors) {
    const { result, training } = measure(set, files, floor, tuning);
    before ??= result.hit_rate;
    const change = result.hit_rate - before;
    const { privacy } = training;
    const left = privacy
      ? [
          percent(privacy.items_left_out, privacy.items),
          percent(privacy.events_left_out, privacy.events),
          percent(privacy.pairs_left_out, privacy.pairs),
        ]
      : ['-', '-', '-'];
    console.log(
      `${set.name.padEnd(18)}${String(floor).padStart(6)}${result.hit_rate.toFixed(4).padStart(9)}${change.toFixed(4).padStart(9)}${result.mrr.toFixed(4).padStart(9)}${left[0].padStart(11)}${left[1].padStart(12)}${left[2].padStart(11)}${training.bundle.brotli_bytes.toLocaleString('en').padStart(12)}${floor === 5 && change < -set.lost ? `  more than ${set.lost}` : ''}`,
    );
  }
}
