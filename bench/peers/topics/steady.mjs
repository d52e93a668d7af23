// Memory in the long run: what is held after 10,000 calls beside what was held after 100.
import { coldData } from '../cold_data.mjs';

const totals = [100, 1000, 10_000, 20_000];
const noise = 16 * 1024; // strings and numbers of the measuring itself

export async function run(bench) {
  const items = await coldData();
  const options = { bundle: '/data/cold/whole.vitrine', items };
  const counts = totals.map((total, i) => total - (totals[i - 1] ?? 0));
  const after = await inPage(bench, options, counts);
  console.log('== bytes held after so many calls of the SDK, 20,000 items, Chromium ==');
  bench.table(
    after.map((row, i) => ({ name: `${totals[i]} calls`, ...row })),
    [
      ['wasm', (row) => row.wasm],
      ['heap', (row) => row.heap],
      ['of values', (row) => row.held],
    ],
  );
  console.log("the rest of the heap is V8's: compiled code, and notes on code that runs often");
  const [few, , many] = after;
  const grown = { wasm: many.wasm - few.wasm, held: many.held - few.held };
  const ours = `${grown.wasm} B, ${(grown.held / 1024).toFixed(1)} KB`;
  const met = grown.wasm === 0 && grown.held <= noise;
  const what = 'wasm memory and values held, 10,000 calls after 100';
  bench.judge(what, '0, 16 KB', ours, '', met);
}

async function inPage(bench, options, counts) {
  const page = await bench.newPage();
  const session = await page.context().newCDPSession(page);
  const call = (name, given) =>
    page.evaluate(async ([n, o]) => (await import('/data/page.mjs'))[n](o), [name, given]);
  await call('openForGood', options);
  const found = [];
  for (const calls of counts) {
    const { wasm } = await call('callOften', { calls });
    for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    let text = '';
    const add = ({ chunk }) => {
      text += chunk;
    };
    session.on('HeapProfiler.addHeapSnapshotChunk', add);
    await session.send('HeapProfiler.takeHeapSnapshot');
    session.off('HeapProfiler.addHeapSnapshotChunk', add);
    found.push({ wasm, heap: usedSize, held: heldBytes(text) });
  }
  await page.context().close();
  return found;
}

/** Node types of a heap snapshot: compiled code and notes on it, and buffers outside of the heap. */
const ofV8 = ['hidden', 'code', 'object shape', 'native'];

/** Bytes of all values in a snapshot, which is JSON text. */
function heldBytes(text) {
  const { snapshot, nodes } = JSON.parse(text);
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  let sum = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    if (!ofV8.includes(types[type][nodes[at + type]])) sum += nodes[at + size];
  }
  return sum;
}
