// Re-ranking of given items: by number beside the peers on numbers, and by id through the SDK.
import { ms, ratio, us, vectorsOf } from '../bench.mjs';

export async function run(bench) {
  const data = { n: 20_000, d: 64, kind: 'clustered' };
  vectorsOf(data.kind, data.n, data.d);
  for (const where of ['Chromium', 'Node']) {
    console.log(`== re-ranking given items of ${data.n} x ${data.d}, session of 3, ${where} ==`);
    const { rows, skipped } = await bench[`in${where === 'Node' ? where : 'Page'}`]('rerank', data);
    for (const size of [100, 500]) {
      const sized = rows.filter((row) => row.size === size);
      bench.table(sized, [
        ['items', () => size],
        ['us', (row) => 1000 * row.median, 1],
        ['p50', (row) => 1000 * row.p50, 1],
        ['p99', (row) => 1000 * row.p99, 1],
      ]);
      if (where === 'Chromium') judge(bench, size, sized);
    }
    bench.leftOut(skipped);
  }
}

function judge(bench, size, rows) {
  const ours = rows.find(({ name }) => name === 'vitrine, indices');
  const sdk = rows.find(({ name }) => name === 'vitrine.rerank(ids)');
  const [best] = rows
    .filter(({ name }) => name.endsWith('indices') && !name.startsWith('vitrine'))
    .sort((a, b) => a.median - b.median);
  const parted = size === 100 ? 7 : 15;
  const share = ours.median / best.median;
  const peer = `${best.name} ${us(best.median)}`;
  bench.judge(`re-rank ${size} by number`, `1/${parted}`, ratio(share), peer, share <= 1 / parted);
  if (size < 500) return;
  const byMap = rows.find(({ name }) => name.endsWith('by Map'));
  const theirs = `${byMap.name} p99 ${ms(byMap.p99)}`;
  const what = 're-rank 500 ids, strings to numbers included, p99';
  bench.judge(what, '0.1 ms', ms(sdk.p99), theirs, sdk.p99 <= 0.1);
}
