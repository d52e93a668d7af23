// Which variation a visitor gets: ours beside libraries that decide in the page too.

export async function run(bench) {
  for (const where of ['Chromium', 'Node']) {
    const { rows, skipped } = await (where === 'Node'
      ? bench.inNode('assignments')
      : bench.inPage('assignments'));
    console.log(`== one assignment of a visitor to one of two variations, ${where} ==`);
    bench.table(rows, [
      ['ns', (row) => row.median, 1],
      ['best', (row) => row.best, 1],
    ]);
    bench.leftOut(skipped);
    const row = (name) => rows.find((one) => one.name === name);
    const [ours, bare] = [row('vitrine/experiments'), row('bare FNV hashes')];
    const [peer] = rows
      .filter(({ name }) => !name.startsWith('vitrine') && !name.startsWith('bare'))
      .sort((a, b) => a.median - b.median);
    const beside = `bare FNV ${bare.median.toFixed(0)} ns; ${peer.name} ${peer.median.toFixed(0)} ns`;
    const taken = `${ours.median.toFixed(0)} ns`;
    bench.judge(`assignment in TypeScript, ${where}`, '60 ns', taken, beside, ours.median <= 60);
  }
}
