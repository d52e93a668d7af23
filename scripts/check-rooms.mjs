// Checks how the files of the project may see one another, from the includes of C++ and the imports of TypeScript:
// no circle of files, no circle of rooms, no import against the order of rooms below, one namespace a room, and few
// files outside of rooms in js/src. Prints every violation, and what was checked.
// usage: node scripts/check-rooms.mjs [FOLDER]        FOLDER: another tree than this one, for the test
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));

/**
 * The rooms of each part, lowest first. A room sees the rooms of the lines above its own; rooms of one line do not see
 * one another. A room is named by its folder; '.' holds the files outside of folders.
 */
const order = {
  core: [
    ['status', 'split_mix', 'heap_sort'],
    ['format', 'stats', 'experiment'],
    ['ranking', 'bandits'],
    ['visit', 'assignment'],
    ['vitrine'],
  ],
  model_export: [
    ['base'],
    ['model'],
    ['data', 'assignment'],
    ['statistics', 'bundle'],
    ['recommend/models', 'recommend/evaluation', 'analysis', 'replay', 'simulate', 'privacy'],
    ['recommend/training'],
    ['release', 'laboratory'],
    ['report'],
    ['commands'],
    ['.'],
  ],
  wasm: [['embind'], ['ranking', 'insights']],
  js: [
    ['.'],
    ['experiments', 'loading', 'debug'],
    ['ranking'],
    ['session'],
    ['delivery'],
    ['events'],
    ['page', 'insights'],
    ['worker'],
    ['entries'],
  ],
};
/** Which part sees which, beside itself. */
const sees = { core: [], model_export: ['core'], wasm: ['core'], js: [] };
/** Where the files of a part are. What is below two folders of one name is one room. */
const folders = {
  core: ['core/include/vitrine', 'core/src'],
  model_export: ['model_export/src'],
  wasm: ['wasm'],
  js: ['js/src'],
};
/** Where an include between double quotes may be found, besides the folder of the file itself. */
const includes = ['core/include', 'core/src', 'model_export/src', 'wasm'];
/** Headers that the build writes. */
const generated = ['vitrine_sql.h'];
/** The namespace of each room: 'vitrine' and the room's first folder, but where the core is seen by everybody. */
const namespaceOf = ({ part, room }) => {
  const [first] = room.split('/');
  if (part === 'model_export' && room !== '.') return `vitrine::${first}`;
  if (part === 'wasm' && room === 'insights') return 'vitrine::insights';
  if (part === 'core' && ['stats', 'assignment', 'bandits'].includes(room))
    return `vitrine::${first}`;
  return 'vitrine';
};
/** Namespaces of constants alone, inside of a room. */
const constants = ['vitrine::layout', 'vitrine::abi'];
const mostLooseFiles = 4;

const problems = [];

function walk(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/**
 * Part, room and unit of a file. A unit is what is read as one: a header and its source, wherever they are.
 */
function place(path) {
  for (const [part, places] of Object.entries(folders)) {
    const folder = places.find((one) => path.startsWith(`${one}/`));
    if (folder === undefined) continue;
    const inside = path.slice(folder.length + 1).replace(/(\.d)?\.\w+$/, '');
    const named = dirname(inside);
    // The files of the core outside of folders are its bottom and its top, each a room of its own.
    const room = part === 'core' && named === '.' ? inside : named;
    const known = order[part].flat();
    const rooms = room.split('/').map((_, i, all) => all.slice(0, all.length - i).join('/'));
    return {
      part,
      room: rooms.find((name) => known.includes(name)) ?? room,
      unit: `${part}/${inside}`,
    };
  }
  return undefined;
}

const files = Object.values(folders)
  .flat()
  .flatMap(walk)
  .filter((path) => /\.(h|cpp|ts|tsx)$/.test(path));
const known = new Set(files);

/** The files that `path` includes or imports, with the line of each. */
function seenBy(path, text) {
  const cpp = /\.(h|cpp)$/.test(path);
  const pattern = cpp
    ? /^#include "([^"]+)"/gm
    : /^(?:import|export)\b[^;'"]*?\bfrom '(\.[^']+)'|\bimport\(\s*'(\.[^']+)'\s*\)|^import '(\.[^']+)'/gm;
  return [...text.matchAll(pattern)].flatMap((match) => {
    const name = match[1] ?? match[2] ?? match[3];
    const line = text.slice(0, match.index).split('\n').length;
    const candidates = cpp
      ? [dirname(path), ...includes].map((folder) => normalize(join(folder, name)))
      : ['.ts', '.tsx', '.d.ts'].map((end) =>
          normalize(join(dirname(path), name)).replace(/(\.js)?$/, end),
        );
    const found = candidates.find((one) => known.has(one));
    if (found === undefined && !generated.includes(name))
      problems.push(`${path}:${line}: there is no ${name}`);
    return found === undefined ? [] : [{ line, found }];
  });
}

/** Edges between names, each with one place in the text that makes it. */
class Graph {
  #edges = new Map();
  add(from, to, at) {
    if (from === to) return;
    if (!this.#edges.has(from)) this.#edges.set(from, new Map());
    if (!this.#edges.get(from).has(to)) this.#edges.get(from).set(to, at);
  }
  /** The strongly connected groups of more than one name, each as one shortest circle in it (Tarjan 1972). */
  circles() {
    const index = new Map();
    const low = new Map();
    const open = [];
    const groups = [];
    const visit = (name) => {
      index.set(name, index.size);
      low.set(name, index.get(name));
      open.push(name);
      for (const next of this.#edges.get(name)?.keys() ?? []) {
        if (!index.has(next)) {
          visit(next);
          low.set(name, Math.min(low.get(name), low.get(next)));
        } else if (open.includes(next)) {
          low.set(name, Math.min(low.get(name), index.get(next)));
        }
      }
      if (low.get(name) === index.get(name)) {
        const group = open.splice(open.indexOf(name));
        if (group.length > 1) groups.push(group);
      }
    };
    for (const name of this.#edges.keys()) if (!index.has(name)) visit(name);
    return groups.map((group) => this.#shortest(group));
  }
  #shortest(group) {
    let best;
    for (const start of group) {
      const paths = [[start]];
      const seen = new Set();
      for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
        const nexts = [...(this.#edges.get(path.at(-1))?.keys() ?? [])];
        if (nexts.includes(start)) {
          if (best === undefined || path.length < best.length - 1) best = [...path, start];
          break;
        }
        for (const next of nexts.filter((name) => group.includes(name) && !seen.has(name))) {
          seen.add(next);
          paths.push([...path, next]);
        }
      }
    }
    const steps = best.slice(1).map((name, i) => `    ${this.#edges.get(best[i]).get(name)}`);
    return { names: best, steps };
  }
}

const level = ({ part, room }) => order[part].findIndex((rooms) => rooms.includes(room));
const units = new Graph();
const rooms = new Graph();
const roomsSeen = new Set();
const arrows = [];
let links = 0;
for (const path of files) {
  const from = place(path);
  const text = readFileSync(join(root, path), 'utf8');
  roomsSeen.add(`${from.part}/${from.room}`);
  if (level(from) < 0)
    problems.push(`${path}: the room ${from.part}/${from.room} is not in the order of rooms`);
  for (const { line, found } of seenBy(path, text)) {
    links++;
    const to = place(found);
    const at = `${path}:${line} sees ${found}`;
    units.add(from.unit, to.unit, at);
    rooms.add(`${from.part}/${from.room}`, `${to.part}/${to.room}`, at);
    if (from.part !== to.part) {
      if (!sees[from.part].includes(to.part)) arrows.push(at);
    } else if (from.room !== to.room && level(from) <= level(to)) {
      arrows.push(at);
    }
  }
  if (!/\.(h|cpp)$/.test(path)) continue;
  // Namespaces of others are opened to declare a name of theirs.
  const wanted = namespaceOf(from);
  for (const [, name] of text.matchAll(/^namespace (vitrine[\w:]*) \{/gm)) {
    if (name !== wanted && !constants.includes(name))
      problems.push(`${path}: declares the namespace ${name}, its room is ${wanted}`);
  }
}

const unitCircles = units.circles();
const roomCircles = rooms.circles();
for (const [what, circles] of [
  ['files', unitCircles],
  ['rooms', roomCircles],
]) {
  for (const { names, steps } of circles)
    problems.push(`a circle of ${what}: ${names.join(' -> ')}\n${steps.join('\n')}`);
}
for (const arrow of arrows) problems.push(`an arrow up: ${arrow}`);
const loose = files.filter((path) => dirname(path) === 'js/src');
if (loose.length > mostLooseFiles)
  problems.push(`js/src has ${loose.length} files outside of folders: ${loose.join(', ')}`);

for (const problem of problems) console.error(problem);
console.log(
  `${files.length} files in ${roomsSeen.size} rooms, ${links} links: ${unitCircles.length} circles of files, ` +
    `${roomCircles.length} circles of rooms, ${arrows.length} arrows up, ${loose.length} loose files in js/src ` +
    `(at most ${mostLooseFiles}), ${problems.length} problems`,
);
process.exit(problems.length > 0 ? 1 : 0);
