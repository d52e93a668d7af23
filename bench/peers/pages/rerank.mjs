// In the page or in Node: the best order of given items for a session of three.
import { loadEngine } from '../engine.mjs';
import { loadOrt, loadTf } from '../libraries.mjs';
import { best, bytesOf, inTurns, place } from '../measure.mjs';
import { gatherModel } from '../onnx_model.mjs';
import { numbers } from '../vectors.mjs';

const history = [5, 77, 1234];

/** Peers score by the sum of the session's vectors, made once before; ours makes its own in every call. */
const peers = {
  async 'plain loop'({ vectors, d, shopper, size }) {
    const scores = new Float32Array(size);
    return (given) => {
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let j = 0, at = given[i] * d; j < d; j++) sum += vectors[at++] * shopper[j];
        scores[i] = sum;
      }
      return best(scores, size);
    };
  },
  async 'onnxruntime-web, float'({ vectors, n, d, shopper, size }) {
    const ort = await loadOrt();
    const session = await ort.InferenceSession.create(gatherModel(vectors, n, d, size));
    const q = new ort.Tensor('float32', shopper, [d, 1]);
    return async (given) => {
      const items = new ort.Tensor('int32', Int32Array.from(given), [size]);
      return (await session.run({ q, given: items })).order.data;
    };
  },
  async 'tfjs wasm'({ vectors, n, d, shopper, size }) {
    const tf = await loadTf();
    const all = tf.tensor2d(vectors, [n, d]);
    const q = tf.tensor2d(shopper, [d, 1]);
    return (given) =>
      tf.tidy(() => {
        const rows = tf.gather(all, tf.tensor1d(given, 'int32'));
        return tf.topk(tf.reshape(tf.matMul(rows, q), [size]), size).indices.dataSync();
      });
  },
};

export async function rerank({ n, d, kind }) {
  const base = `/data/${kind}-${n}-${d}`;
  const vectors = new Float32Array((await bytesOf(`${base}.f32`)).buffer);
  const engine = await loadEngine(`${base}.vitrine`);
  const { inside } = numbers(engine, n);
  for (const item of history) engine.record(inside[item]);
  const { createPersonalizer } = await import(place('/sdk/index.js'));
  const wasm = await bytesOf('/wasm/vitrine.wasm');
  const vitrine = await createPersonalizer({ bundle: await bytesOf(`${base}.vitrine`), wasm });
  for (const item of history) vitrine.record({ item: `item-${item}` });
  const shopper = new Float32Array(d);
  for (const item of history) for (let j = 0; j < d; j++) shopper[j] += vectors[item * d + j];
  const known = new Map(Array.from({ length: n }, (_, i) => [`item-${i}`, i]));
  const skipped = {};
  const rows = [];
  for (const size of [100, 500]) {
    const lists = Array.from({ length: 50 }, (_, r) =>
      Array.from({ length: size }, (_, i) => (r * 977 + i * 131) % n),
    );
    const names = lists.map((list) => list.map((item) => `item-${item}`));
    const insides = lists.map((list) => Uint32Array.from(list, (item) => inside[item]));
    const calls = {};
    for (const [name, load] of Object.entries(peers)) {
      try {
        const call = await load({ vectors, n, d, shopper, size });
        calls[`${name}, indices`] = (i) => call(lists[i]);
      } catch (error) {
        skipped[name] = String(error?.message ?? error).split('\n')[0];
      }
    }
    const loop = await peers['plain loop']({ vectors, d, shopper, size });
    calls['plain loop, ids by Map'] = (i) =>
      loop(names[i].map((id) => known.get(id))).map((at) => names[i][at]);
    calls['vitrine, indices'] = (i) =>
      engine.ranked(engine.list('rerank', size, insides[i])).length;
    calls['vitrine.rerank(ids)'] = (i) => vitrine.rerank(names[i], { explain: false });
    const asked = Object.entries(calls).map(([name, call]) => ({
      name,
      size,
      query: (i) => call(i % lists.length),
    }));
    await inTurns(asked, { rounds: 40, singles: 50 });
    rows.push(...asked.map(({ query, ...row }) => row));
  }
  vitrine.dispose();
  return { rows, skipped };
}
