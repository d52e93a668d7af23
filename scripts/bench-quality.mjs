// Prints the table of ranking quality on public data beside published results, each number from the bundle as it ships.
// usage: node scripts/bench-quality.mjs [SET...]        all sets, or some; needs ../shared/data and build/release/vitrine
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const data = join(root, '../shared/data');
const out = join(root, 'build/bench/quality');
const vitrine = join(root, 'build/release/vitrine');

// `published`: name, then the two numbers of `metrics`. `goal`: what is to be reached, in the same order.
// Published methods use every pair of every shopper; scripts/bench-privacy.mjs measures what a floor costs.
const noFloor = ['--min-shoppers', '0'];
const leaveOneOut = ['--split', 'leave-one-out', '--filter-seen', '--k', '10'];
const sets = [
  {
    name: 'diginetica',
    test: 'test.csv.gz',
    options: ['--max-bytes', '2MB'],
    metrics: ['HR@20', 'MRR@20'],
    published: [
      ['SR-GNN', 0.507, 0.176],
      ['V-SKNN', 0.517, 0.182],
      ['VMIS-kNN', 0.518, 0.184],
      ['SLIST, unbounded', 0.522, 0.187],
      ['GCE-GNN', 0.542, 0.19],
    ],
    goal: [0.528, 0.188],
  },
  {
    name: 'tmall',
    test: 'test.csv.gz',
    options: [],
    metrics: ['HR@20', 'MRR@20'],
    published: [
      ['GCE-GNN', 0.334, 0.154],
      ['SLIST', 0.341, 0.147],
      ['V-SKNN', 0.383, 0.155],
      ['VMIS-kNN', 0.395, 0.161],
    ],
    goal: [0.395, 0.161],
  },
  {
    name: 'serenade_bol',
    test: 'test.csv.gz',
    options: [],
    rules: ['--drop-current'],
    metrics: ['HR@20', 'MRR@20'],
    published: [
      ['VMIS-kNN, example settings', 0.6402, 0.3277],
      ['VMIS-kNN, tuned', null, 0.3401],
      ['blend', null, 0.344],
    ],
    goal: [null, 0.344],
  },
  {
    name: 'beauty_bert4rec',
    backtest: [...leaveOneOut, '--max-bytes', '2MB'],
    metrics: ['HR@10', 'NDCG@10'],
    published: [
      ['SASRec-BCE', 0.0246, 0.0126],
      ['BERT4Rec', 0.0338, 0.0187],
      ['SASRec+', 0.0533, 0.0327],
      ['SLIST, unbounded', 0.0571, 0.0365],
      ['RecTools SASRec', 0.0595, 0.0359],
    ],
    goal: [0.0595, 0.0365],
  },
  {
    name: 'beauty_5core',
    backtest: leaveOneOut,
    metrics: ['HR@10', 'NDCG@10'],
    published: [
      ['S3-Rec', 0.0647, 0.0327],
      ['eSASRec', 0.0928, 0.0523],
      ['sequential rules', 0.0933, 0.0583],
    ],
    goal: [0.0933, 0.0583],
  },
  {
    name: 'sports_5core',
    backtest: leaveOneOut,
    metrics: ['HR@10', 'NDCG@10'],
    published: [
      ['S3-Rec', 0.0385, 0.0204],
      ['eSASRec', 0.056, 0.0323],
      ['sequential rules', 0.0572, 0.0347],
    ],
    goal: [0.0572, 0.0347],
  },
  {
    name: 'online_retail',
    file: 'online_retail.csv.gz',
    backtest: ['--map', 'session_id=CustomerID', '--split', 'since=2011-09-01'],
    metrics: ['HR@20', 'MRR@20'],
    published: [],
  },
  {
    name: 'taobao_2h',
    file: 'UserBehavior.csv.gz',
    backtest: [
      '--map',
      'user_id=column0,item_id=column1,event=column3,timestamp=column4',
      '--split',
      'since=2017-11-26T02:40',
    ],
    metrics: ['HR@20', 'MRR@20'],
    published: [],
    byKind: true,
  },
];

const keys = { HR: 'hit_rate', MRR: 'mrr', NDCG: 'ndcg' };

function run(set, step, args) {
  const started = process.hrtime.bigint();
  const result = spawnSync(vitrine, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) {
    console.error(result.stderr);
    throw new Error(`${set.name}: vitrine ${step} failed`);
  }
  return {
    json: JSON.parse(result.stdout),
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
  };
}

/** Trains and measures one set: a backtest, or train and evaluate where the set has a test file. */
function measure(set) {
  const folder = join(data, set.name);
  if (set.backtest) {
    const file = join(folder, set.file ?? 'interactions.csv.gz');
    const { json, seconds } = run(set, 'backtest', [
      'backtest',
      '--events',
      file,
      ...set.backtest,
      ...noFloor,
      '--json',
    ]);
    return { result: json, training: json.training, seconds };
  }
  const bundle = join(out, `${set.name}.vitrine`);
  const rules = set.rules ?? [];
  const trained = run(set, 'train', [
    'train',
    '--events',
    join(folder, 'train.csv.gz'),
    '--out',
    bundle,
    ...set.options,
    ...rules,
    ...noFloor,
    '--json',
  ]);
  const judged = run(set, 'evaluate', [
    'evaluate',
    '--bundle',
    bundle,
    '--events',
    join(folder, set.test),
    ...rules,
    '--json',
  ]);
  return { result: judged.json, training: trained.json, seconds: trained.seconds };
}

const four = (value) => (value === null || value === undefined ? '' : value.toFixed(4));

function row(name, values, note = '') {
  const cells = values.map((value) => {
    if (value === null || value === undefined) return ''.padStart(26);
    if (typeof value === 'number') return four(value).padStart(8) + ''.padStart(18);
    const [mean, interval] = value;
    return `${four(mean).padStart(8)}${interval ? `  ${four(interval[0])} .. ${four(interval[1])}` : ''}`.padEnd(
      26,
    );
  });
  console.log(`  ${name.padEnd(40)}${cells.join('')}  ${note}`.trimEnd());
}

function chosen(settings) {
  const { statistics, session_rows: rows, teacher, ranking, embeddings, neighbours } = settings;
  const words = [
    `past ${statistics.past_decay}`,
    `future ${statistics.future_decay}`,
    `half-life ${statistics.session_half_life_days === 0 ? 'a third of the span' : statistics.session_half_life_days >= 1e5 ? 'none' : `${Math.round(statistics.session_half_life_days)} days`}`,
    `alpha ${+rows.alpha.toFixed(2)}`,
    `ridge ${rows.ridge}`,
    `decay ${+ranking.row_decay.toFixed(2)}`,
    `repeat ${+ranking.repeat_weight.toFixed(2)}`,
    `popularity ${+ranking.popularity.toFixed(4)}`,
  ];
  words.push(
    teacher.weight > 0 ? `teacher ${+teacher.weight.toFixed(2)}` : 'no teacher',
    ranking.neighbours > 0
      ? `neighbours ${+ranking.neighbours.toFixed(2)} (share ${+neighbours.share.toFixed(2)}, reach ${neighbours.reach}, last ${neighbours.last_n}, k ${neighbours.k})`
      : 'no neighbours',
  );
  words.push(
    ranking.embeddings > 0
      ? `embeddings ${+ranking.embeddings.toFixed(3)} of ${embeddings.dims} dims`
      : 'no embeddings',
  );
  return words.join(', ');
}

if (!existsSync(data)) {
  console.log('skipped: no ../shared/data');
  process.exit(0);
}
mkdirSync(out, { recursive: true });
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !sets.some((set) => set.name === name));
if (unknown) {
  console.error(`There is no set ${unknown}. Sets: ${sets.map((set) => set.name).join(', ')}.`);
  process.exit(2);
}
const verdicts = [];
for (const set of sets.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const { result, training, seconds } = measure(set);
  writeFileSync(
    join(out, `${set.name}.json`),
    `${JSON.stringify({ result, training }, null, 1)}\n`,
  );
  const of = (measured) =>
    set.metrics.map((metric) => {
      const key = keys[metric.split('@')[0]];
      return measured ? [measured[key], measured[`${key}_interval`]] : null;
    });
  const { rules } = result;
  console.log(
    `\n${set.name}: ${rules.target}, repeats ${rules.repeats ? 'allowed' : 'left out'}${rules.drop_current ? ', current item dropped' : ''}, ${result.predictions.toLocaleString('en')} predictions`,
  );
  console.log(
    `  ${''.padEnd(40)}${set.metrics.map((metric) => metric.padStart(8).padEnd(26)).join('')}`.trimEnd(),
  );
  for (const [name, ...values] of set.published) row(`${name} (published)`, values);
  row('popularity', of(result.baselines.popularity));
  row('popularity, 7 days', of(result.baselines.popularity_7_days));
  row('item-kNN', of(result.baselines.item_knn));
  row('vitrine', of(result));
  if (set.byKind) {
    const kinds = result.segments.find(({ key }) => key === 'event_kind');
    for (const part of kinds?.parts ?? [])
      row(`  ${part.name}`, of(part), `${part.predictions.toLocaleString('en')} predictions`);
  }
  const bytes = training.bundle;
  console.log(
    `  bundle ${bytes.brotli_bytes.toLocaleString('en')} bytes after brotli, ${bytes.session_entries.toLocaleString('en')} session weights, ${bytes.sampled_sessions.toLocaleString('en')} sessions; ${seconds.toFixed(0)} s`,
  );
  console.log(`  chosen: ${chosen(training.settings)}`);
  const choice = training.choice ?? {};
  if (choice.chosen)
    console.log(
      `  held out: score ${four(choice.start.score)} -> ${four(choice.chosen.score)} in ${choice.tried.length} tries${choice.cut_short ? ', cut short' : ''}`,
    );
  set.goal?.forEach((goal, i) => {
    if (goal === null) return;
    const got = of(result)[i][0];
    verdicts.push(
      `  ${set.name.padEnd(18)}${set.metrics[i].padEnd(9)}${four(got)}  goal ${four(goal)}  ${got >= goal ? 'reached' : `missed by ${four(goal - got)}`}`,
    );
  });
}
if (verdicts.length > 0) console.log(`\ngoals\n${verdicts.join('\n')}`);
