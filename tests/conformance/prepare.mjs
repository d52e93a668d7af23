// Makes the data for the conformance tests: bundles from the exporter, and the lists that the
// native command gives for the histories of cases.json. They are written to build/conformance, and
// written again only when the command or the cases are newer.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const command = join(root, 'build/release/vitrine');
const casesFile = fileURLToPath(new URL('./cases.json', import.meta.url));

/** The folder of the bundles (SHOP.vitrine) and of expected.json. */
export const folder = join(root, 'build/conformance');

/**
 * @typedef {object} Expected one list of the native command
 * @property {string} shop name of the bundle: SHOP.vitrine
 * @property {string} name of the case
 * @property {number} limit
 * @property {boolean} includeSeen
 * @property {object} [options] rules, diversity and exploration
 * @property {string[]} history
 * @property {number[]} starts places in the history where a later session begins
 * @property {boolean} over whether the last session has ended
 * @property {string[]} unknown those of the history that the bundle does not have
 * @property {{id: string, score: number, reasons: {kind: string, item?: string, score: number}[]}[]} items
 */

/** @returns {Expected[]} */
export function prepare() {
  const expectedFile = join(folder, 'expected.json');
  if (changed(command) === 0) {
    throw new Error(`no ${command}; build it first: make build`);
  }
  const newest = Math.max(
    changed(command),
    changed(casesFile),
    changed(fileURLToPath(import.meta.url)),
  );
  if (changed(expectedFile) < newest) {
    mkdirSync(folder, { recursive: true });
    const { shops, cases } = JSON.parse(readFileSync(casesFile, 'utf8'));
    const expected = shops.flatMap((shop) => {
      const sessions = makeShop(shop);
      return cases.flatMap((one) => expectedOf(shop, one, sessions));
    });
    writeFileSync(`${expectedFile}.new`, JSON.stringify(expected));
    renameSync(`${expectedFile}.new`, expectedFile);
  }
  return JSON.parse(readFileSync(expectedFile, 'utf8'));
}

/** A history as lists of item ids, one for each session. @typedef {string[][]} History */

/**
 * Simulates and trains one shop. Returns the sessions of its log as lists of item ids. With
 * `overlay` every `overlay`-th item is left out of the training and added by an overlay,
 * NAME.overlay, which also changes prices, stock and trends. With `countries` the first item of a
 * session decides its country.
 */
function makeShop({ name, simulate, config, overlay, countries }) {
  const log = join(folder, name);
  const options = Object.entries(simulate).flatMap(([key, value]) => [`--${key}`, String(value)]);
  run('simulate', ...options, '--out', log);
  const configFile = join(log, 'config.json');
  writeFileSync(configFile, JSON.stringify(config));
  const [events, items] = ['events.csv', 'items.csv'].map((file) => join(log, file));
  const bundle = join(folder, `${name}.vitrine`);
  if (overlay) hideItems(log, overlay);
  if (countries) addCountries(events, countries);
  run(
    ...['train', '--events', overlay ? join(log, 'early-events.csv') : events],
    ...['--items', overlay ? join(log, 'early-items.csv') : items],
    ...['--config', configFile, '--seed', '1', '--min-shoppers', '0', '--out', bundle],
  );
  if (overlay) {
    run(
      ...['overlay', '--base', bundle, '--items', join(log, 'late-items.csv'), '--events', events],
      ...['--out', join(folder, `${name}.overlay`)],
    );
  }
  const [header, ...rows] = readFileSync(join(log, 'events.csv'), 'utf8').trimEnd().split('\n');
  const columns = header.split(',');
  const session = columns.indexOf('session_id');
  const item = columns.indexOf('item_id');
  if (session < 0 || item < 0)
    throw new Error(`unexpected columns in ${log}/events.csv: ${header}`);
  const sessions = new Map();
  for (const row of rows) {
    const fields = row.split(',');
    if (!sessions.has(fields[session])) sessions.set(fields[session], []);
    sessions.get(fields[session]).push(fields[item]);
  }
  return [...sessions.values()];
}

function addCountries(file, countries) {
  const [head, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const columns = head.split(',');
  const of = new Map();
  const lines = rows.map((row) => {
    const fields = row.split(',');
    const session = fields[columns.indexOf('session_id')];
    const item = fields[columns.indexOf('item_id')];
    if (!of.has(session))
      of.set(session, countries[item.charCodeAt(item.length - 1) % countries.length]);
    return `${row},${of.get(session)}`;
  });
  writeFileSync(file, `${[`${head},country`, ...lines].join('\n')}\n`);
}

/**
 * Writes the log and the catalogue without every `step`-th item, and a catalogue with other prices
 * and stock.
 */
function hideItems(log, step) {
  const read = (file) => readFileSync(join(log, file), 'utf8').trimEnd().split('\n');
  const [head, ...rows] = read('items.csv');
  const idOf = (row) => row.slice(0, row.indexOf(','));
  const hidden = new Set(rows.filter((_, i) => i % step === 0).map(idOf));
  const [eventHead, ...events] = read('events.csv');
  const item = eventHead.split(',').indexOf('item_id');
  const late = rows.map((row, i) =>
    row.replace(/,([\d.]+),(true|false),/, (same, price, available) => {
      if (i % 7 === 3) return `,${1 + (i % 50)},${available},`;
      return i % 11 === 4 ? `,${price},false,` : same;
    }),
  );
  const early = rows.filter((row) => !hidden.has(idOf(row)));
  const earlyEvents = events.filter((row) => !hidden.has(row.split(',')[item]));
  const write = (file, lines) => writeFileSync(join(log, file), `${lines.join('\n')}\n`);
  write('early-items.csv', [head, ...early]);
  write('early-events.csv', [eventHead, ...earlyEvents]);
  write('late-items.csv', [head, ...late]);
}

/** Returns the lists of the native command for the histories of one case. */
function expectedOf(shop, one, sessions) {
  const histories = historiesOf(one, sessions);
  const file = join(folder, 'histories.txt');
  const quoted = (id) => (/[",;]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id);
  writeFileSync(
    file,
    histories
      .map((sessions) => `${sessions.map((ids) => ids.map(quoted).join(',')).join(';')}\n`)
      .join(''),
  );
  const text = JSON.stringify(one.options ?? null).replaceAll('$item', sessions[0][0]);
  const options = JSON.parse(text) ?? undefined;
  const optionsFile = join(folder, 'options.json');
  writeFileSync(optionsFile, text);
  const lines = run(
    ...['recommend', '--bundle', join(folder, `${shop.name}.vitrine`), '--histories', file],
    ...(shop.overlay ? ['--overlay', join(folder, `${shop.name}.overlay`)] : []),
    ...['--k', String(one.limit), '--json', ...(one.includeSeen ? ['--include-seen'] : [])],
    ...(options ? ['--options', optionsFile] : []),
  );
  const answers = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  if (answers.length !== histories.length) {
    throw new Error(`${answers.length} answers to ${histories.length} histories of "${one.name}"`);
  }
  return answers.map(
    ({ history, session_starts: starts, session_over: over, unknown, items }, i) => {
      if (JSON.stringify(history) !== JSON.stringify(histories[i].flat())) {
        throw new Error(`the command read another history than "${one.name}" wrote: ${history}`);
      }
      const { name, limit, includeSeen = false } = one;
      return {
        shop: shop.name,
        name,
        limit,
        includeSeen,
        options,
        history,
        starts,
        over,
        unknown,
        items,
      };
    },
  );
}

/** @returns {History[]} */
function historiesOf(one, sessions) {
  if (one.histories) return one.histories.map((ids) => [ids]);
  if (one.longest) return [[sessions.flat().slice(0, one.longest)]];
  if (one.repeated) return [[new Array(one.repeated).fill(sessions[0][0])]];
  const step = Math.max(1, Math.floor(sessions.length / one.sessions));
  const places = sessions.flatMap((_, i) => (i % step === 0 ? [i] : [])).slice(0, one.sessions);
  const unknown = one.unknown ?? [];
  return places.map((place, i) => {
    if (unknown.length > 0) return [[unknown[i % unknown.length], ...sessions[place], ...unknown]];
    const history = sessions.slice(place, place + (one.returning ?? 1));
    return one.over ? [...history, []] : history;
  });
}

/** Runs the native command. @param {string[]} args @returns {string} what it prints */
export function run(...args) {
  return execFileSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Returns the time of the last change of a file, or 0 when there is no file. */
function changed(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
