// Measures how cost grows with items, dimensions, history and filter. --write also writes a page with a picture, beside
// what was built: figures differ by machine and by day, and do not stand in the repository.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { vectorsOf } from '../bench.mjs';
import { plot } from '../plot.mjs';
import { out, root } from '../serve.mjs';
import { sessionData } from '../session_data.mjs';

export async function run(bench) {
  const vectors = (pairs) => pairs.map(([n, d]) => ({ n, d, name: vectorsOf('clustered', n, d) }));
  const sizes = [1000, 5000, 20_000, 50_000, 100_000, ...(bench.full ? [200_000] : [])];
  const byItems = await bench.inPage('searchGrowth', { data: vectors(sizes.map((n) => [n, 64])) });
  const dims = [16, 32, 64, 128, 256].map((d) => [20_000, d]);
  const byDims = await bench.inPage('searchGrowth', { data: vectors(dims) });
  const data = sessionData();
  if (!data) return;
  const { bundle } = data.shop;
  const { histories } = data.neighbours;
  const lengths = [1, 2, 5, 10, 20, 50, 100];
  const byHistory = await bench.inPage('historyGrowth', { bundle, histories, lengths });
  const shares = eligible([1, 2, 5, 10, 20, 50, 100]);
  const limits = [20, 400];
  const byFilter = await bench.inPage('filterGrowth', { bundle, histories, shares, limits });
  const counts = { items: shares.at(-1).eligible };
  const tables = tablesOf({ byItems, byDims, byHistory, byFilter, counts });
  for (const { title, head, rows } of tables) {
    console.log(`== ${title} ==`);
    for (const line of [head, ...rows])
      console.log(line.map((cell) => `${cell}`.padStart(22)).join(''));
    console.log();
  }
  const what = 'asked for n means n whenever n are eligible, 1 % to 100 %';
  const asked = byFilter.length * limits.length;
  bench.judge(what, 'always', 'always', `${asked} kinds of lists, wasm and SDK`, true);
  if ('write' in bench.options) write(tables, { byItems, byDims, byHistory, byFilter });
}

/** Prices from which so many percent of the made-up catalogue are cheaper. */
function eligible(shares) {
  const lines = readFileSync(join(out, 'catalogue.csv'), 'utf8').trim().split('\n').slice(1);
  const prices = lines.map((line) => Math.fround(line.split(',')[3])).sort((a, b) => a - b);
  return shares.map((share) => {
    const maxPrice = prices[Math.ceil((share / 100) * prices.length) - 1];
    const count = prices.filter((price) => price <= maxPrice).length;
    return { share, maxPrice, eligible: count };
  });
}

const us = (value) => value.toFixed(value < 100 ? 1 : 0);

function tablesOf({ byItems, byDims, byHistory, byFilter, counts }) {
  const searched = ({ all, partitions, rerank, openMs }) => [
    us(all),
    us(partitions),
    us(rerank),
    openMs.toFixed(2),
  ];
  const search = ['similar, all items', 'similar, partitions', 're-rank 100', 'opening, ms'];
  const items = counts.items.toLocaleString('en');
  return [
    {
      title: 'By items, 64 dimensions',
      head: ['items', ...search],
      rows: byItems.map((row) => [row.n.toLocaleString('en'), ...searched(row)]),
    },
    {
      title: 'By dimensions, 20,000 items',
      head: ['dimensions', ...search],
      rows: byDims.map((row) => [row.d, ...searched(row)]),
    },
    {
      title: `By length of the history, recommendations among ${items} items`,
      head: ['events', 'without reasons', 'with reasons'],
      rows: byHistory.map(({ length, plain, explained }) => [length, us(plain), us(explained)]),
    },
    {
      title: `By share of ${items} items that pass the filter`,
      head: ['pass', 'items', 'limit 20', 'limit 400'],
      rows: byFilter.map((row) => [
        `${row.share} %`,
        row.eligible.toLocaleString('en'),
        us(row[20]),
        us(row[400]),
      ]),
    },
  ];
}

function write(tables, { byItems, byDims, byHistory, byFilter }) {
  const lines = (rows, x, names) =>
    Object.entries(names).map(([key, name]) => ({
      name,
      points: rows.map((row) => [row[x], row[key]]),
    }));
  const search = { all: 'all items', partitions: 'partitions', rerank: 're-rank 100' };
  const picture = plot([
    { title: 'Similar items, by items (us)', xLabel: 'items', series: lines(byItems, 'n', search) },
    {
      title: 'The same, by dimensions (us)',
      xLabel: 'dimensions',
      series: lines(byDims, 'd', search),
    },
    {
      title: 'Recommendation, by history (us)',
      xLabel: 'events',
      series: lines(byHistory, 'length', { plain: 'no reasons', explained: 'with reasons' }),
    },
    {
      title: 'Recommendation, by filter (us)',
      xLabel: '% of items that pass',
      series: lines(byFilter, 'share', { 20: 'limit 20', 400: 'limit 400' }),
    },
  ]);
  writeFileSync(join(out, 'size-and-speed.svg'), picture);
  const table = ({ title, head, rows }) => {
    const row = (cells) => `| ${cells.join(' | ')} |`;
    return [`### ${title}`, '', row(head), row(head.map(() => '---:')), ...rows.map(row)].join(
      '\n',
    );
  };
  const bytes = execFileSync('npm', ['--prefix', 'js', 'run', '--silent', 'size'], { cwd: root });
  const page = `# Size and speed

\`make bench-growth\` writes this page. Beside other libraries, goal by goal: \`make bench-peers\`.

## Bytes in the page

\`make size\` prints this and fails above a limit. Bytes are after brotli -11 where it says so.

\`\`\`text
${`${bytes}`.trimEnd()}
\`\`\`

## Growth

Microseconds of one call of the wasm below the package, list of 20, in Chromium on one core of ${cpus()[0].model.trim()}.
Machines differ, and are busy: shapes count, not digits. Embeddings are made up, in clusters; the recommendations are those of
a bundle with session rows, 16 dimensions and a made-up catalogue, trained on real sessions. Lists are checked on the way: a
list holds as many items as were asked for whenever so many pass.

![Growth of cost](size-and-speed.svg)

${tables.map(table).join('\n\n')}
`;
  const file = join(out, 'size-and-speed.md');
  writeFileSync(file, page);
  console.log(`wrote ${file}`);
}
