// Prints every goal of speed, size and memory, ours beside what else a page could use: each pair in turns, in one page
// of headless Chromium, and in Node where the peer runs there.
// usage: node bench/peers/run.mjs [--topics=NAME,...] [--full] [--items=20000,100000] [--dims=64]
//                                       [--kinds=clustered,uniform] [--only=CONTENDER,...] [--write]
//   --topics  default: all; see below. --full: 5,000 to 200,000 items, 64 and 128 dimensions, all contenders in Node
//             too (over an hour, most of it builds of hnswlib-wasm). --items to --only choose among searches. --write: a page
//             with a picture of what `growth` found, in build/bench/peers.
import { Bench } from './bench.mjs';

/** In the order in which they run: a file each. */
const topics = [
  'sizes',
  'search',
  'rerank',
  'sessions',
  'assignment',
  'cold_start',
  'steady',
  'demo',
  'growth',
];
const known = ['topics', 'full', 'write', 'items', 'dims', 'kinds', 'only'];

const options = Object.fromEntries(
  process.argv.slice(2).map((argument) => {
    const [name, value = ''] = argument.replace(/^--/, '').split('=');
    return [name, value];
  }),
);
function refuse(what, name, there) {
  console.error(`no ${what} ${name}; there are: ${there.join(' ')}`);
  process.exit(2);
}
for (const name of Object.keys(options)) {
  if (!known.includes(name))
    refuse(
      'option',
      `--${name}`,
      known.map((one) => `--${one}`),
    );
}
const chosen = options.topics?.split(',') ?? topics;
for (const name of chosen) if (!topics.includes(name)) refuse('topic', name, topics);

const bench = new Bench(options);
await bench.open();
try {
  for (const topic of topics.filter((name) => chosen.includes(name))) {
    const { run } = await import(`./topics/${topic}.mjs`);
    await run(bench);
    console.log();
  }
} finally {
  await bench.close();
}
bench.printGoals();
