// The contenders of a search for the nearest of N vectors: each takes unit vectors and answers queries by item number.
import { openEngine } from './engine.mjs';
import { loadOrt, loadTf } from './libraries.mjs';
import { best, bytesOf } from './measure.mjs';
import { floatModel, int8Model } from './onnx_model.mjs';

/** The numbers inside the bundle of the items that the data numbers 0 .. n - 1, and the way back. */
export function numbers(engine, n) {
  const inside = new Uint32Array(n);
  const outside = new Uint32Array(n);
  for (let item = 0; item < n; item++) {
    const number = Number(engine.id(item).slice('item-'.length));
    inside[number] = item;
    outside[item] = number;
  }
  return { inside, outside };
}

/** Bytes of a bundle's sections of embeddings and partitions: what the peers hold, which know no ids and no popularity. */
function vectorBytes(bundle) {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const kinds = new Set([20, 21, 22, 60, 61, 62, 63, 64]); // of vitrine::layout::SectionKind
  let sum = 0;
  for (let i = 0; i < view.getUint32(20, true); i++) {
    const at = 48 + 24 * i;
    if (kinds.has(view.getUint32(at, true))) sum += Number(view.getBigUint64(at + 16, true));
  }
  return sum;
}

function vitrine(name, file) {
  return {
    name,
    ours: true,
    async load({ base, n }) {
      const bundle = await bytesOf(`${base}.${file}`);
      const code = await bytesOf('/wasm/vitrine.wasm');
      const engine = await openEngine(code, bundle);
      engine.similar(0, 20);
      const { inside, outside } = numbers(engine, n);
      const grown = engine.memory - bundle.length;
      return {
        loadMs: engine.loadMs,
        openMs: engine.openMs,
        memory: engine.memory,
        grown,
        bytesPerItem: vectorBytes(bundle) / n,
        bundleBytes: bundle.length,
        query: (q, k) => engine.similar(inside[q], k),
        answer: (q, k) =>
          Array.from(engine.ranked(engine.similar(inside[q], k)), (i) => outside[i]),
      };
    },
  };
}

export const contenders = [
  {
    name: 'plain Float32Array loop',
    load({ vectors, n, d }) {
      const scores = new Float32Array(n);
      const query = (q, k) => {
        const from = q * d;
        for (let i = 0, at = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < d; j++) sum += vectors[at++] * vectors[from + j];
          scores[i] = sum;
        }
        return best(scores, k, q);
      };
      return { loadMs: 0, memory: vectors.byteLength, bytesPerItem: 4 * d, query, answer: query };
    },
  },
  vitrine('vitrine, all items', 'vitrine'),
  vitrine('vitrine, partitions', 'indexed.vitrine'),
  {
    name: 'hnswlib-wasm',
    files: ['hnswlib-wasm'],
    async load({ vectors, n, d, ef }) {
      const { loadHnswlib } = await import('hnswlib-wasm/dist/hnswlib.js');
      const library = await loadHnswlib();
      library.EmscriptenFileSystemManager?.setDebugLogs?.(false);
      const start = performance.now();
      const index = new library.HierarchicalNSW('ip', d, '');
      index.initIndex(n, 16, 200, 100);
      const rows = Array.from({ length: n }, (_, i) => vectors.subarray(i * d, i * d + d));
      const labels = Array.from({ length: n }, (_, i) => i);
      for (let i = 0; i < n; i += 1000) {
        index.addPoints(rows.slice(i, i + 1000), labels.slice(i, i + 1000), false);
      }
      const buildMs = performance.now() - start;
      index.setEfSearch(ef);
      const query = (q, k) => index.searchKnn(rows[q], k + 1, undefined);
      return {
        buildMs,
        memory: library.HEAPU8?.length,
        query,
        answer: (q, k) =>
          query(q, k)
            .neighbors.filter((i) => i !== q)
            .slice(0, k),
      };
    },
  },
  ...['int8', 'float'].map((type) => ({
    name: `onnxruntime-web, ${type}`,
    files: ['onnxruntime-web/wasm', 'onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'],
    async load({ vectors, n, d, k }) {
      const ort = await loadOrt();
      const start = performance.now();
      const codes = type === 'int8' && int8(vectors);
      const model = codes ? int8Model(codes, n, d, k + 1) : floatModel(vectors, n, d, k + 1);
      const session = await ort.InferenceSession.create(model);
      const loadMs = performance.now() - start;
      const query = (q) => {
        const row = (codes || vectors).slice(q * d, q * d + d);
        return session.run({ q: new ort.Tensor(codes ? 'int8' : 'float32', row, [1, d]) });
      };
      return {
        loadMs,
        bytesPerItem: codes ? d : 4 * d,
        query,
        answer: async (q, limit) =>
          Array.from((await query(q)).items.data, Number)
            .filter((i) => i !== q)
            .slice(0, limit),
      };
    },
  })),
  {
    name: 'tfjs wasm',
    files: [
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm',
    ],
    async load({ vectors, n, d }) {
      const tf = await loadTf();
      const start = performance.now();
      const all = tf.tensor2d(vectors, [n, d]);
      const query = (q, k) =>
        tf.tidy(() => {
          const row = tf.tensor2d(vectors.subarray(q * d, q * d + d), [d, 1]);
          return tf.topk(tf.reshape(tf.matMul(all, row), [n]), k + 1).indices.dataSync();
        });
      query(0, 20);
      return {
        loadMs: performance.now() - start,
        bytesPerItem: 4 * d,
        query,
        answer: (q, k) =>
          Array.from(query(q, k))
            .filter((i) => i !== q)
            .slice(0, k),
      };
    },
  },
  {
    name: 'orama',
    largest: 20_000,
    files: ['@orama/orama'],
    async load({ vectors, n, d }) {
      const { create, insertMultiple, searchVector } = await import('@orama/orama');
      const start = performance.now();
      const store = create({ schema: { vector: `vector[${d}]` } });
      const rows = Array.from({ length: n }, (_, i) => ({
        id: String(i),
        vector: Array.from(vectors.subarray(i * d, i * d + d)),
      }));
      await insertMultiple(store, rows, 1000);
      const loadMs = performance.now() - start;
      const query = (q, k) =>
        searchVector(store, {
          // Answers take the vectors out of the documents given, so not rows[q].vector.
          vector: { value: Array.from(vectors.subarray(q * d, q * d + d)), property: 'vector' },
          similarity: -1,
          limit: k + 1,
        });
      return {
        loadMs,
        query,
        answer: async (q, k) =>
          (await query(q, k)).hits
            .map((hit) => Number(hit.id))
            .filter((i) => i !== q)
            .slice(0, k),
      };
    },
  },
  {
    name: 'edgevec',
    largest: 5_000,
    files: ['edgevec/edgevec.js', 'edgevec/edgevec_bg.wasm'],
    async load({ vectors, n, d }) {
      const { default: init, EdgeVec, EdgeVecConfig } = await import('edgevec/edgevec.js');
      await init({ module_or_path: await bytesOf('/edgevec/edgevec_bg.wasm') });
      const start = performance.now();
      const index = new EdgeVec(new EdgeVecConfig(d));
      const numbers = new Map();
      for (let i = 0; i < n; i++) numbers.set(index.insert(vectors.slice(i * d, i * d + d)), i);
      const loadMs = performance.now() - start;
      const query = (q, k) => index.search(vectors.slice(q * d, q * d + d), k + 1);
      return {
        loadMs,
        bytesPerItem: 4 * d,
        query,
        answer: (q, k) =>
          Array.from(query(q, k), (hit) => numbers.get(hit.id))
            .filter((i) => i !== q)
            .slice(0, k),
      };
    },
  },
  {
    name: 'voy-search',
    largest: 5_000,
    files: ['voy-search/voy_search_bg.js', 'voy-search/voy_search_bg.wasm'],
    async load({ vectors, n, d }) {
      const glue = await import('voy-search/voy_search_bg.js');
      const wasm = await WebAssembly.instantiate(await bytesOf('/voy/voy_search_bg.wasm'), {
        './voy_search_bg.js': glue,
      });
      glue.__wbg_set_wasm(wasm.instance.exports);
      const start = performance.now();
      const index = new glue.Voy({
        embeddings: Array.from({ length: n }, (_, i) => ({
          id: String(i),
          title: '',
          url: '',
          embeddings: Array.from(vectors.subarray(i * d, i * d + d)),
        })),
      });
      const loadMs = performance.now() - start;
      const query = (q, k) => index.search(vectors.slice(q * d, q * d + d), k + 1);
      return {
        loadMs,
        query,
        answer: (q, k) =>
          query(q, k)
            .neighbors.map(({ id }) => Number(id))
            .filter((i) => i !== q)
            .slice(0, k),
      };
    },
  },
];

/** One byte a number, one step for all. */
export function int8(vectors) {
  let largest = 0;
  for (const value of vectors) largest = Math.max(largest, Math.abs(value));
  return Int8Array.from(vectors, (value) => Math.round((value / largest) * 127));
}

export const left_out = {
  'client-vector-search':
    'its packages need 400 MB and native builds (sharp, onnxruntime-node); its search is a loop over objects',
};
