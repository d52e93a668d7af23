// Checks README.md, CONTRIBUTING.md, CHANGELOG.md, SECURITY.md and docs/: the links, paths, make targets, commands, options,
// npm scripts and presets that they name must exist, and their tables must have every section,
// status, SDK option and error code that there is. Code that they show must be run by a test. Needs
// build/release/vitrine.
// --run also runs the examples and compares what they print, and checks the table of settings.
// --update does so and writes what the examples print into the documents.
// usage: node scripts/check-docs.mjs [--run | --update]
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkTested, defaultSettings, parse, runExamples } from './docs-examples.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const command = join(root, 'build/release/vitrine');
const [mode] = process.argv.slice(2);
if (mode !== undefined && mode !== '--run' && mode !== '--update') {
  console.error('usage: node scripts/check-docs.mjs [--run | --update]');
  process.exit(2);
}
if (!existsSync(command)) {
  console.error(
    'check-docs: there is no build/release/vitrine to compare with; build it: make native',
  );
  process.exit(1);
}

const docs = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];
const problems = [];
const counts = { links: 0, paths: 0, commands: 0, 'table rows': 0, examples: 0 };
const complain = (doc, line, text) => problems.push(`${doc}:${line}: ${text}`);

const unlisted = new Set(['.git', '.deps', '.next', 'build', 'dist', 'node_modules']);
/** Every file, and every folder with a slash at its end, below `folder`. */
function walk(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (unlisted.has(entry.name)) return [];
    const path = folder + entry.name;
    return entry.isDirectory() ? [`${path}/`, ...walk(`${path}/`)] : [path];
  });
}
const tree = walk('');
const treeSet = new Set(tree);
const topLevel = new Set(tree.map((path) => path.split('/')[0]));

const makefile = read('Makefile');
const variables = Object.fromEntries(
  [...makefile.matchAll(/^(\w+) [:?]?= *(.*)$/gm)].map(([, name, value]) => [name, value]),
);
const targets = new Set(
  [...makefile.matchAll(/^([^\s:#=]+):(?!=)/gm)].map(([, name]) =>
    name.replace(/\$\((\w+)\)/, (_, v) => variables[v]),
  ),
);
const presets = new Set(
  JSON.parse(read('CMakePresets.json')).configurePresets.map(({ name }) => name),
);

const help = (...words) => execFileSync(command, [...words, '--help'], { encoding: 'utf8' });
const optionsOf = (text) =>
  new Set([...text.matchAll(/^ +(?:-\w,)?(--[\w-]+)/gm)].map(([, name]) => name));
const verbsOf = (text) =>
  [...(text.split('Subcommands:')[1] ?? '').matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name);
/** Options of a command, with those of the commands below it. */
const optionsOfCommand = (verb) => {
  const text = help(verb);
  return new Set(
    [text, ...verbsOf(text).map((below) => help(verb, below))].flatMap((part) => [
      ...optionsOf(part),
    ]),
  );
};
const options = new Map([
  ['', optionsOf(help())],
  ...verbsOf(help()).map((verb) => [verb, optionsOfCommand(verb)]),
]);
const anyOption = new Set([...options.values()].flatMap((set) => [...set]));

const slug = (heading) =>
  heading
    .replaceAll('`', '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, '')
    .trim()
    .replaceAll(' ', '-');
const anchors = (doc) =>
  new Set(
    parse(read(doc))
      .prose.filter((l) => l.startsWith('#'))
      .map((l) => slug(l.replace(/^#+/, ''))),
  );

function checkLink(doc, line, target) {
  if (/^[a-z]+:/.test(target)) return;
  counts.links++;
  const [path, anchor] = target.split('#');
  const file = path === '' ? doc : normalize(join(dirname(doc), path));
  if (!existsSync(join(root, file))) complain(doc, line, `the link ${target} leads nowhere`);
  else if (anchor !== undefined && !anchors(file).has(anchor))
    complain(doc, line, `${file} has no heading #${anchor}`);
}

const sourceName = /\.(h|cpp|ts|mjs|js|css|sh|sql|md|json|cmake|txt)$/;
/** A path is given from the root, from the document's folder, or by its end ("ranker.cpp"). */
function checkPath(doc, line, token) {
  if (
    !/^[\w.@-]+(\/[\w.@-]+)*\/?$/.test(token) ||
    unlisted.has(token.split('/')[0]) ||
    token.includes('/dist')
  )
    return;
  const inProject = token.includes('/') && topLevel.has(token.split('/')[0]);
  if (!inProject && !token.endsWith('/') && !sourceName.test(token)) return;
  counts.paths++;
  const found =
    existsSync(join(root, token)) ||
    treeSet.has(normalize(join(dirname(doc), token))) ||
    (!inProject && tree.some((path) => path.endsWith(`/${token}`)));
  if (!found) complain(doc, line, `there is no ${token}`);
}

function checkCommand(doc, line, text) {
  const words = text.replace(/^\$ /, '').replace(/ #.*$/, '').trim().split(/\s+/);
  const program = words[0].replace(/^build\/release\//, '');
  const rest = words.slice(1);
  if (program === 'make') {
    counts.commands++;
    for (const word of rest) {
      const variable = word.match(/^(\w+)=/)?.[1];
      const known = variable
        ? variable in variables || makefile.includes(`$(${variable})`)
        : targets.has(word);
      if (!known)
        complain(
          doc,
          line,
          `the Makefile has no ${variable ? 'variable' : 'target'} "${variable ?? word}"`,
        );
    }
  } else if (program === 'vitrine' && rest.length > 0) {
    counts.commands++;
    const verb = rest[0].startsWith('-') ? '' : rest[0];
    const known = options.get(verb);
    if (!known) return complain(doc, line, `there is no command "vitrine ${verb}"`);
    for (const word of rest.filter((w) => w.startsWith('--'))) {
      if (!known.has(word)) complain(doc, line, `"vitrine ${verb}" has no option ${word}`);
    }
  } else if (/^--[a-z]/.test(words[0])) {
    counts.commands++;
    if (!anyOption.has(words[0]))
      complain(doc, line, `no command of vitrine has an option ${words[0]}`);
  } else if (program === 'npm' && rest.includes('run')) {
    counts.commands++;
    const prefix = rest[rest.indexOf('--prefix') + 1];
    const script = rest.slice(rest.indexOf('run') + 1).find((word) => !word.startsWith('-'));
    const { scripts } = JSON.parse(
      read(rest.includes('--prefix') ? `${prefix}/package.json` : 'package.json'),
    );
    if (!(script in scripts))
      complain(doc, line, `${prefix}/package.json has no script "${script}"`);
  } else if (rest.includes('--preset')) {
    counts.commands++;
    const preset = rest[rest.indexOf('--preset') + 1];
    if (!presets.has(preset)) complain(doc, line, `CMakePresets.json has no preset "${preset}"`);
  }
}

for (const doc of docs) {
  const { blocks, prose } = parse(read(doc));
  checkTested(root, blocks, (line, text) => complain(doc, line, text));
  prose.forEach((text, index) => {
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) checkLink(doc, index + 1, target);
    for (const [, span] of text.matchAll(/`([^`]+)`/g)) {
      checkCommand(doc, index + 1, span);
      for (const word of span.split(/\s+/)) checkPath(doc, index + 1, word);
    }
  });
  for (const { language, line, lines } of blocks) {
    lines.forEach((text, index) => {
      if (language === 'sh' || (language === 'console' && text.startsWith('$ '))) {
        checkCommand(doc, line + index, text);
        for (const word of text.split(/\s+/)) checkPath(doc, line + index, word);
      }
    });
  }
}

/** Every row that the code asks for must stand in a table of `doc`. */
function checkRows(doc, what, patterns) {
  const text = read(doc);
  for (const [name, pattern] of patterns) {
    counts['table rows']++;
    if (!pattern.test(text)) complain(doc, 1, `${what} ${name} is in no table`);
  }
}
const enumerators = (path) =>
  [...read(path).matchAll(/^ {2}k(\w+) = (\d+),/gm)].filter(([, name]) => name !== 'Ok');
const kebab = (name) => name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();
const include = 'core/include/vitrine/';
checkRows(
  'docs/bundle-format.md',
  'the section',
  enumerators(`${include}format/bundle_layout.h`).map(([, name, n]) => [
    `k${name} = ${n}`,
    new RegExp(`^\\| +${n} \\| \`k${name}\``, 'm'),
  ]),
);
checkRows(
  'docs/bundle-format.md',
  'the status',
  enumerators(`${include}status.h`).map(([, name, n]) => [
    `${kebab(name)} = ${n}`,
    new RegExp(`^\\| +${n} \\| \`${kebab(name)}\``, 'm'),
  ]),
);
const types = read('js/src/ranking/types.ts') + read('js/src/page/vitrine_types.ts');
const interfaces = [
  ...['PersonalizerOptions', 'ItemFilter', 'ListOptions', 'Rule', 'Diversity', 'Exploration'],
  ...['Personalizer', 'VitrineOptions', 'SlotOptions', 'Vitrine'],
];
const members = interfaces.flatMap((name) => [
  ...types
    .match(new RegExp(`^export interface ${name}\\b[^{]*\\{\n([\\s\\S]*?)^\\}`, 'm'))[1]
    .matchAll(/^ {2}(?:readonly )?(\w+)[?:(]/gm),
]);
const codes = [
  ...read('js/src/error.ts')
    .match(/VitrineErrorCode =\n([\s\S]*?);/)[1]
    .matchAll(/'(\w+)'/g),
];
checkRows(
  'docs/sdk.md',
  'the name',
  [...members, ...codes].map(([, name]) => [name, new RegExp(`^\\| \`${name}[\`(]`, 'm')]),
);

for (const [, code] of codes) {
  counts['table rows']++;
  if (!anchors('docs/troubleshooting.md').has(code))
    complain('docs/troubleshooting.md', 1, `the error code ${code} has no heading`);
}

/** The settings table must have every setting with its default, and nothing else. */
function checkSettings(doc, settings) {
  const section = read(doc).split('\n## Settings')[1];
  const rows = [...section.matchAll(/^\| `(\w+\.\w+)` +\| ([^|]*?) +\|/gm)];
  const table = new Map(rows.map(([, key, value]) => [key, value]));
  // Settings are f32: 0.3 in the table, 0.30000001192092896 in the report.
  const plain = (value) => [value].flat().map(Number).map(Math.fround).join();
  for (const [group, values] of Object.entries(settings)) {
    for (const [name, value] of Object.entries(values)) {
      const key = `${group}.${name}`;
      const said = table.get(key);
      counts['table rows']++;
      table.delete(key);
      if (said === undefined) {
        complain(doc, 1, `the setting ${key} is in no table`);
      } else if (plain(JSON.parse(said)) !== plain(value)) {
        complain(doc, 1, `the default of ${key} is ${JSON.stringify(value)}, not ${said}`);
      }
    }
  }
  for (const key of table.keys()) complain(doc, 1, `there is no setting ${key}`);
}

if (mode !== undefined) {
  const visit = (folder) => checkSettings('docs/training.md', defaultSettings(root, folder));
  const update = mode === '--update';
  counts.examples = runExamples({ root, docs, update, complain, visit });
}

for (const problem of problems) console.error(problem);
console.log(
  `${docs.length} documents: ${Object.entries(counts)
    .map(([what, n]) => `${n} ${what}`)
    .join(', ')} checked, ${problems.length} problems`,
);
process.exit(problems.length > 0 ? 1 : 0);
