// In the page or in Node: what follows from a session, by VMIS-kNN in four ways, and by all that a bundle has.
import { loadEngine } from '../engine.mjs';
import { bytesOf, inTurns, jsonOf, place } from '../measure.mjs';
import { MapItemKnn, MapVmis, sampledSessions, TypedVmis } from '../session_peers.mjs';

const k = 20;

async function loaded(name, load) {
  const start = performance.now();
  const contender = await load();
  return { name, contender, loadMs: performance.now() - start };
}

function playBack(engine, history) {
  engine.clear();
  for (const item of history) engine.record(item);
}

/** The same sessions, the same question. `batch`: histories that each contender answers in one turn. */
export async function neighbours({ bundle, histories, rounds, batch }) {
  const engine = await loadEngine(bundle);
  const names = Array.from({ length: engine.itemCount }, (_, item) => engine.id(item));
  const numbers = new Map(names.map((id, item) => [id, item]));
  const given = (await jsonOf(histories)).map((ids) => ids.filter((id) => numbers.has(id)));
  const inside = given.map((ids) => ids.map((id) => numbers.get(id)));
  const sessions = sampledSessions(await bytesOf(bundle));
  const byName = sessions.map((items) => items.map((item) => names[item]));
  const contenders = [
    await loaded('item-kNN over Maps', () => new MapItemKnn(byName)),
    await loaded('VMIS-kNN over Maps', () => new MapVmis(byName)),
    await loaded('VMIS-kNN over typed arrays', () => new TypedVmis(sessions, names.length)),
  ];
  const rows = contenders.map(({ name, contender, loadMs }) => {
    const asked = name.endsWith('Maps') ? given : inside;
    return { name, loadMs, query: (i) => contender.query(asked[i % asked.length], k) };
  });
  const ours = (i) => {
    playBack(engine, inside[i % inside.length]);
    return engine.ranked(engine.list('recommend', k));
  };
  rows.push({ name: 'vitrine, VMIS-kNN', loadMs: engine.loadMs, query: ours });
  for (const row of rows) {
    let common = 0;
    let all = 0;
    for (let i = 0; i < given.length; i++) {
      const answer = new Set(ours(i));
      // Ours also fills up with what is popular; a list of the peers ends with the last vote.
      const theirs = row.query(i);
      all += Math.min(answer.size, theirs.length);
      for (const item of theirs) common += answer.has(numbers.get(item) ?? item) ? 1 : 0;
    }
    row.overlap = common / all;
  }
  await inTurns(rows, { rounds, singles: batch, windows: batch / 8, repeats: 8 });
  return { sessions: sessions.length, rows: rows.map(({ query, ...row }) => row) };
}

/** One call across the boundary, with more and more asked of it, and the SDK's call around it. */
export async function recommendation({ bundle, histories, rounds, batch }) {
  const engine = await loadEngine(bundle);
  const { createPersonalizer } = await import(place('/sdk/index.js'));
  const wasm = await bytesOf('/wasm/vitrine.wasm');
  const vitrine = await createPersonalizer({ bundle: await bytesOf(bundle), wasm });
  const given = await jsonOf(histories);
  const inside = given.map(({ items }) =>
    engine.find('items', items).filter((item) => item !== 0xffffffff),
  );
  const categories = given.map(({ category }) => engine.find('categories', [category]));
  const rules = [
    { name: 'own brand', boost: 1.5, brand: 'brand-7' },
    { name: 'clearance', demote: 2, brand: 'brand-11' },
  ];
  const plan = {
    lambda: 0.7,
    perBrand: 3,
    rules: rules.map(({ boost = 1, demote = 1, brand }) => ({
      factor: boost / demote,
      brands: engine.find('brands', [brand]),
    })),
  };
  const filter = { maxPrice: 80, availableOnly: true };
  const steps = [
    { name: 'rows alone', options: {} },
    { name: '+ filter by price and stock', options: filter },
    { name: '+ rules', options: filter, plan: { rules: plan.rules } },
    { name: '+ MMR and caps', options: filter, plan },
    { name: '+ reasons: all of it', options: { ...filter, explain: true }, plan },
    {
      name: 'all of it, in one department',
      options: { ...filter, explain: true },
      plan,
      one: true,
    },
  ];
  const rows = steps.map(({ name, options, plan: wanted, one }) => ({
    name,
    /** What happens before the clock starts: the shopper's events, and what the call reads. */
    prepare(i) {
      playBack(engine, inside[i]);
      engine.plan(wanted);
      const group = one ? { categories: categories[i] } : {};
      return engine.prepare('recommend', k, { excludeSeen: true, ...options, ...group });
    },
  }));
  rows.push({
    name: 'vitrine.recommend(), all of it',
    prepare(i) {
      vitrine.clear();
      for (const item of given[i].items) vitrine.record({ item });
      const options = {
        limit: k,
        filter: { maxPrice: filter.maxPrice },
        rules,
        diversity: { lambda: 0.7, perBrand: 3 },
      };
      return () => vitrine.recommend(options).length;
    },
  });
  const times = rows.map(() => []);
  const lengths = rows.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    for (const [r, row] of rows.entries()) {
      for (let i = 0; i < batch; i++) {
        const call = row.prepare((round * batch + i) % given.length);
        const start = performance.now();
        const count = call();
        const taken = performance.now() - start;
        lengths[r] += count;
        if (round > 1) times[r].push(taken);
      }
    }
  }
  vitrine.dispose();
  return {
    items: engine.itemCount,
    rows: rows.map(({ name }, r) => {
      const all = Float64Array.from(times[r]).sort();
      const at = (share) => all[Math.floor(share * (all.length - 1))];
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map(at);
      return { name, p50, p95, p99, length: lengths[r] / (rounds * batch) };
    }),
  };
}
