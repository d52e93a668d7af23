// In the page: the same hundred calls again and again, on one open bundle.
import { bytesOf, place } from '../measure.mjs';

const shoppers = 20;
let state;

/** Opens a bundle for `callOften`, in the place of the one before. */
export async function openForGood({ bundle, items }) {
  state?.vitrine.dispose();
  const { createPersonalizer } = await import(place('/sdk/index.js'));
  // The instance is the package's own; its memory is seen on the way.
  const { instantiate } = WebAssembly;
  let memory;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate.apply(WebAssembly, given);
    memory ??= (made.instance ?? made).exports.memory;
    return made;
  };
  const wasm = await bytesOf('/wasm/vitrine.wasm');
  const vitrine = await createPersonalizer({ bundle: await bytesOf(bundle), wasm });
  WebAssembly.instantiate = instantiate;
  state = { vitrine, items, memory };
}

/** Twenty shoppers of five events, five calls each: record, recommend, re-rank, similar, popular. */
export function callOften({ calls }) {
  const { vitrine, items } = state;
  const rules = [{ name: 'shown', boost: 1.2, items: items.slice(0, 3) }];
  for (let i = 0; i < calls; i++) {
    const shopper = Math.floor(i / 5) % shoppers;
    const from = shopper * 11;
    const item = items[from + (i % 5)];
    if (i % 5 === 0) {
      vitrine.clear();
      for (let e = 0; e < 5; e++) vitrine.record({ item: items[from + e], time: 1e12 + e });
    }
    if (i % 5 === 1) vitrine.recommend({ limit: 20, rules, diversity: { lambda: 0.7 } });
    if (i % 5 === 2) vitrine.rerank(items.slice(from, from + 100));
    if (i % 5 === 3) vitrine.similar(item, { limit: 20 });
    if (i % 5 === 4) vitrine.popular({ limit: 20, filter: { maxPrice: 50 } });
  }
  return { wasm: state.memory.buffer.byteLength };
}
