// Bytes after brotli 11 of what a page loads, as `make size` counts them.
import { measure } from '../../../js/scripts/size.mjs';
import { downloads } from '../downloads.mjs';
import { contenders } from '../vectors.mjs';

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

export async function run(bench) {
  const parts = measure();
  const brotli = (name) => parts.find((part) => part.name === name).brotli;
  const theirs = Object.entries(await downloads(contenders)).sort(([, a], [, b]) => a - b);
  console.log('== bytes that a page loads, after brotli -11 ==');
  bench.table(
    [
      { name: 'vitrine, wasm alone', size: brotli('vitrine.wasm') },
      { name: 'vitrine, all of it', size: brotli('first list') },
      ...theirs.map(([name, size]) => ({ name, size })),
    ],
    [['KB', ({ size }) => size / 1000, 1]],
  );
  const least = `least peer: ${theirs[0][0]} ${kilobytes(theirs[0][1])}`;
  const { brotli: size, limit } = parts.find(({ name }) => name === 'first list');
  const goal = `${limit / 1000} KB`;
  bench.judge('wasm and JavaScript, brotli 11', goal, kilobytes(size), least, size <= limit);
}
