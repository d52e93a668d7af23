// What follows from a session of 43,000 items: VMIS-kNN beside JavaScript, and the whole recommendation.
import { ratio, us } from '../bench.mjs';
import { sessionData } from '../session_data.mjs';

export async function run(bench) {
  const data = sessionData();
  if (!data) return;
  for (const where of ['Chromium', 'Node']) {
    const ask = where === 'Node' ? bench.inNode.bind(bench) : bench.inPage.bind(bench);
    const found = await ask('neighbours', { ...data.neighbours, rounds: 50, batch: 40 });
    console.log(
      `== neighbours of a session among ${found.sessions}, the best 20 items, ${where} ==`,
    );
    bench.table(found.rows, [
      ['us', (row) => 1000 * row.median, 1],
      ['p50', (row) => 1000 * row.p50, 1],
      ['p95', (row) => 1000 * row.p95, 1],
      ['p99', (row) => 1000 * row.p99, 1],
      ['load ms', (row) => row.loadMs, 1],
      ['overlap', (row) => row.overlap, 4],
    ]);
    console.log('overlap: share of the 20 that ours has too; item-kNN asks another question\n');
    judgeNeighbours(bench, where, found.rows);
    for (const [name, title] of [
      ['rows', 'session rows'],
      ['shop', 'session rows and embeddings of 16 numbers'],
    ]) {
      const { items, rows } = await ask('recommendation', { ...data[name], rounds: 52, batch: 40 });
      console.log(`== a recommendation among ${items} items, ${title}, limit 20, ${where} ==`);
      bench.table(rows, [
        ['us p50', (row) => 1000 * row.p50, 1],
        ['p95', (row) => 1000 * row.p95, 1],
        ['p99', (row) => 1000 * row.p99, 1],
        ['items', (row) => row.length, 1],
      ]);
      console.log();
      if (name === 'rows') judgeRecommendations(bench, where, rows);
    }
  }
}

function judgeNeighbours(bench, where, neighbours) {
  const row = (name) => neighbours.find((one) => one.name === name);
  const ours = row('vitrine, VMIS-kNN');
  for (const [name, parted] of [
    ['VMIS-kNN over typed arrays', 2],
    ['VMIS-kNN over Maps', 15],
  ]) {
    const peer = row(name);
    const share = ours.median / peer.median;
    const beside = `${us(peer.median)}, overlap ${peer.overlap.toFixed(4)}`;
    const what = `VMIS-kNN in wasm against ${name.slice('VMIS-kNN over '.length)}, ${where}`;
    bench.judge(what, `1/${parted}`, ratio(share), beside, share <= 1 / parted);
  }
}

function judgeRecommendations(bench, where, recommendations) {
  const all = recommendations.find(({ name }) => name.startsWith('+ reasons'));
  const sdk = recommendations.find(({ name }) => name.startsWith('vitrine.recommend'));
  const around = `through the SDK p50 ${us(sdk.p50)}, p99 ${us(sdk.p99)}`;
  const one = recommendations.find(({ name }) => name.endsWith('department'));
  const what = `session recommendation, 43,000 items, ${where}`;
  bench.judge(`${what}, p50`, '20 us', us(all.p50), around, all.p50 <= 0.02);
  const aimed = `in one department p50 ${us(one.p50)}, p99 ${us(one.p99)}`;
  bench.judge(`${what}, p99`, '100 us', us(all.p99), aimed, all.p99 <= 0.1);
}
