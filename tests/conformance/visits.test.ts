// A visit has one answer: what the command recommends and what the page shows is what a replay and the simulated trial
// judge, after silence, on a first visit and under rules and filters.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPersonalizer } from '../../js/dist/index.js';
import type { EventType, ListOptions } from '../../js/src/ranking/types.ts';
import cases from './cases.json';
import { type Expected, folder, prepare, run } from './prepare.mjs';

/** One row of a log, of an event or of a list that was shown. Times are in milliseconds. */
interface Row {
  unit: string;
  time: number;
  event: string;
  item_id: string;
  list?: { items: string[] };
}

const week = 7 * 24 * 3600 * 1000;
const minute = 60_000;
const start = Date.UTC(2026, 2, 1);
const work = join(folder, 'visits');

const write = (name: string, text: string): string => {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, name), text);
  return join(work, name);
};

/** A log in which each of the expected lists was shown, every place with probability 1/2. */
function logOf(lists: readonly Expected[]): string {
  const rows = lists.flatMap(({ history, starts, over, items }, i) => {
    const unit = `v${i}`;
    let time = start + i * minute;
    const events: object[] = history.map((item_id, place) => {
      time += starts.includes(place) ? week : 1000;
      return { unit, event: 'view', item_id, time };
    });
    time += over ? week : 1000;
    const propensities = items.map(() => 0.5);
    const list = { slot: 'home', items: items.map(({ id }) => id), propensities };
    return [...events, { unit, event: 'exposure', time, list }];
  });
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}

/** What a replay says of a log; it prints that also where it refuses to estimate. */
function replay(...args: string[]): { places: number; same_places: number } {
  try {
    return JSON.parse(run('replay', '--json', ...args));
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout);
  }
}

describe.each(cases.shops.filter(({ overlay }) => !overlay))(
  'a replay of lists of the $name shop',
  ({ name }) => {
    it.each([
      'after silence',
      'a first visitor',
      "a first visitor on a category's page",
      "a first visitor on a product's page",
      'a first visitor from somewhere',
      'sessions of the log',
      'shoppers who come back',
      'rules that boost, demote and pin',
      'filters and excluded items',
    ])('%s: puts the same items there as the command', (title) => {
      const lists = prepare().filter((list) => list.shop === name && list.name === title);
      const log = write('lists.jsonl', logOf(lists));
      const options = write('options.json', JSON.stringify(lists[0]?.options ?? {}));
      const bundle = join(folder, `${name}.vitrine`);
      const found = replay('--events', log, '--bundle', bundle, '--options', options);
      expect(found.places).toBe(lists.reduce((sum, { items }) => sum + items.length, 0));
      expect(found.same_places).toBe(found.places);
    });
  },
);

describe('a simulated trial', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const types: Record<string, EventType> = { remove_from_cart: 'remove', select_item: 'other' };

  /** Rows of each unit in the order of a replay. */
  function units(log: string): Row[][] {
    const read = (file: string) => readFileSync(join(log, file), 'utf8').trimEnd().split('\n');
    const [head = '', ...lines] = read('events.csv');
    const columns = head.split(',');
    const events = lines.map((line): Row => {
      const fields = line.split(',');
      const field = (column: string) => fields[columns.indexOf(column)] ?? '';
      const time = 1000 * Number(field('timestamp'));
      return { unit: field('unit'), time, event: field('event'), item_id: field('item_id') };
    });
    const lists = read('exposures.jsonl').map((line) => JSON.parse(line) as Row);
    const rank = ({ event, item_id }: Row) => (event === 'exposure' ? '~' : event + item_id);
    const rows = [...events, ...lists.filter(({ list }) => list)].sort(
      (a, b) => a.time - b.time || (rank(a) < rank(b) ? -1 : 1),
    );
    const units = new Map<string, Row[]>();
    for (const row of rows) units.set(row.unit, [...(units.get(row.unit) ?? []), row]);
    return [...units.values()];
  }

  const shop = { shoppers: 400, products: 300, days: 20, seed: 5 };
  const settings = Object.entries(shop).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const plan = JSON.stringify({
    experiments: [{ key: 'home', variations: ['a', 'b'] }],
    list: { items: 6, exploration: 0.5 },
  });

  /** A bundle that knows half of the items, so that many visits begin with one that it does not know. */
  function bundleOf(log: string): string {
    const bundle = join(work, 'half.vitrine');
    const half = (file: string, column: string) => {
      const [head = '', ...rows] = readFileSync(join(log, file), 'utf8').trimEnd().split('\n');
      const at = head.split(',').indexOf(column);
      const kept = rows.filter((row) => Number(row.split(',')[at]?.at(-1)) % 2 === 0);
      return write(`half-${file}`, `${[head, ...kept].join('\n')}\n`);
    };
    const config = write(
      'config.json',
      JSON.stringify({ ranking: { tune: false, popularity: 0.05 } }),
    );
    run(
      ...['train', '--events', half('events.csv', 'item_id'), '--items', half('items.csv', 'id')],
      ...['--config', config, '--min-shoppers', '0', '--out', bundle],
    );
    return bundle;
  }

  it.each<[string, ListOptions]>([
    ['without options', {}],
    [
      'with rules, a filter and a context',
      {
        rules: [
          { category: 'Kitchen', boost: 3 },
          { maxPrice: 30, boost: 1.5 },
        ],
        filter: { maxPrice: 150 },
        context: { category: 'Furniture' },
      },
    ],
  ])('%s: page, trial and replay put the same items into its lists', async (_, options) => {
    const log = join(work, 'trial');
    const simulate = ['simulate', ...settings, '--experiments', write('plan.json', plan)];
    run(...simulate, '--out', log);
    const bundle = bundleOf(log);
    const file = write('options.json', JSON.stringify(options));
    run(...simulate, '--value-of', bundle, '--options', file, '--out', log);
    const { lists } = JSON.parse(readFileSync(join(log, 'simulation.json'), 'utf8'));

    const vitrine = await createPersonalizer({ bundle: pathToFileURL(bundle) });
    vi.useFakeTimers({ toFake: ['Date'] });
    const page = { places: 0, same_places: 0 };
    let first = 0;
    let silent = 0;
    for (const rows of units(log)) {
      vitrine.clear();
      for (const { time, event, item_id: item, list } of rows) {
        if (!list) {
          vitrine.record({ item, time, type: types[event] ?? (event as EventType) });
          continue;
        }
        vi.setSystemTime(time);
        const last = vitrine.history.at(-1)?.time;
        if (last === undefined) first++;
        else if (time - last > 30 * minute) silent++;
        const shown = vitrine.rerank(list.items, options);
        page.places += list.items.length;
        page.same_places += list.items.filter((id, place) => shown[place]?.id === id).length;
      }
    }
    vitrine.dispose();
    expect(first).toBeGreaterThan(50);
    expect(silent).toBeGreaterThan(50);
    expect({ places: lists.places, same_places: lists.same_places }).toEqual(page);
    const events = ['events.csv', 'exposures.jsonl'].flatMap((name) => [
      '--events',
      join(log, name),
    ]);
    expect(replay(...events, '--bundle', bundle, '--rerank', '--options', file)).toMatchObject(
      page,
    );
  });
});
