// A shop of 43,000 items: the sessions of diginetica, with a made-up catalogue, since the log has none.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isFresh, program, shared, vitrine } from './bench.mjs';
import { out } from './serve.mjs';

const train = join(shared, 'diginetica/train.csv.gz');
const test = join(shared, 'diginetica/test.csv.gz');
const budget = { max_bytes: 200_000_000, raw: true };

/** All sessions in the bundle, and nothing else in the score. */
const neighboursAlone = {
  ranking: { session_rows: 0, embeddings: 0, popularity: 0, neighbours: 1 },
  neighbours: { share: 0.95, m: 500, k: 100, last_n: 10, reach: 10, idf: 1 },
  embeddings: { dims: 0 },
  budget,
};

/** Sessions of a log: lists of item ids. */
function sessionsOf(file) {
  const sessions = new Map();
  for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(1)) {
    const [session, item] = line.split(',');
    if (sessions.has(session)) sessions.get(session).push(item);
    else sessions.set(session, [item]);
  }
  return [...sessions.values()];
}

/** Ids are numbers by first use, so neighbours in number were seen together: they share a category. */
export const catalogueOf = (item) => ({
  category: `department-${Math.floor(item / 2200)}/type-${Math.floor(item / 220) % 10}`,
  brand: `brand-${(item * 7919) % 200}`,
  price: 1 + ((item * 2654435761) % 4294967296) / 43_381_000, // 1 to 100, every one as often
  available: (item * 31) % 20 === 0 ? 'no' : 'yes',
});

/** Paths of bundles and histories for pages, made where they are not there yet; undefined without ../shared. */
export function sessionData() {
  if (!existsSync(train)) {
    console.log(`skipped: no ${train}`);
    return undefined;
  }
  const at = (name) => join(out, name);
  if (!existsSync(at('histories.json'))) {
    const prefixes = sessionsOf(test)
      .slice(0, 4000)
      .flatMap((items, i) =>
        items.length > 1 ? [items.slice(0, 1 + (i % (items.length - 1)))] : [],
      )
      .slice(0, 2000);
    writeFileSync(at('histories.json'), JSON.stringify(prefixes));
    const shoppers = prefixes.map((items) => {
      const [category] = catalogueOf(Number(items.at(-1))).category.split('/');
      return { items, category };
    });
    writeFileSync(at('shoppers.json'), JSON.stringify(shoppers));
    const rows = Array.from(new Set(sessionsOf(train).flat()), (id) => {
      const { category, brand, price, available } = catalogueOf(Number(id));
      return `${id},${category},${brand},${price.toFixed(2)},${available}`;
    });
    writeFileSync(
      at('catalogue.csv'),
      `item_id,category,brand,price,available\n${rows.join('\n')}\n`,
    );
  }
  for (const [name, settings, more] of [
    ['sessions', neighboursAlone, []],
    ['rows', { budget, embeddings: { dims: 0 } }, ['--items', at('catalogue.csv')]],
    ['shop', { budget }, ['--items', at('catalogue.csv')]],
  ]) {
    if (isFresh(at(`${name}.vitrine`))) continue;
    writeFileSync(at(`${name}.json`), JSON.stringify(settings));
    const config = ['--config', at(`${name}.json`), '--no-tune', '--out', at(`${name}.vitrine`)];
    program(vitrine, ['train', '--events', train, ...more, ...config, '--min-shoppers', '0']);
  }
  return {
    neighbours: { bundle: '/data/sessions.vitrine', histories: '/data/histories.json' },
    rows: { bundle: '/data/rows.vitrine', histories: '/data/shoppers.json' },
    shop: { bundle: '/data/shop.vitrine', histories: '/data/shoppers.json' },
  };
}
