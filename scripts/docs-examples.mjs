// The examples of the documents, for check-docs.mjs: finds, runs and compares them.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The fenced blocks of a document, each with the number of its first line and the file that is named
 * after its language, and the document's other lines (blocks emptied, so that line numbers stay).
 */
export function parse(text) {
  const blocks = [];
  let open;
  const prose = text.split('\n').map((line, index) => {
    const fence = line.match(/^```(\w*)(?: (\S+))?$/);
    if (fence) {
      if (!open) blocks.push({ language: fence[1], file: fence[2], line: index + 2, lines: [] });
      open = open ? undefined : blocks.at(-1);
      return '';
    }
    open?.lines.push(line);
    return open ? '' : line;
  });
  return { blocks, prose };
}

const code = ['js', 'jsx', 'ts', 'tsx', 'html', 'vue', 'liquid', 'php', 'xml'];
/** Where the files of examples are run by tests. */
const testedFolders = ['tests/frameworks/', 'tests/browser/guides/'];

/**
 * Complains of code that no test runs. What is not followed by its output must stand in a file of a
 * test: the block names it after its language, and shows the whole of it or lines that follow one
 * another.
 */
export function checkTested(root, blocks, complain) {
  blocks.forEach(({ language, file, line, lines }, i) => {
    if (!code.includes(language) || (language === 'js' && blocks[i + 1]?.language === 'text'))
      return;
    if (!testedFolders.some((folder) => file?.startsWith(folder))) {
      complain(
        line,
        `no test runs this: name a file of ${testedFolders.join(' or ')} after the ${language}`,
      );
    } else if (!existsSync(join(root, file))) {
      complain(line, `there is no ${file}`);
    } else if (!shows(readFileSync(join(root, file), 'utf8').split('\n'), lines)) {
      complain(line, `these are not lines of ${file}`);
    }
  });
}

/** Whether `lines`, the first of them at the margin, stand in `whole`, moved by the same number of spaces. */
function shows(whole, lines) {
  return whole.some((first, at) => {
    const indent = first.match(/^ */)[0];
    return lines.every((line, i) => whole[at + i] === (line && indent + line));
  });
}

/** Times and memory differ from run to run. */
const steady = (text) =>
  text
    .replace(/(\d+ (h|min) )?\d+(\.\d+)? (us|ms|s|min|h)\b/g, '# s')
    .replace(/\d+(\.\d+)? (MB|GB)\b/g, '# GB')
    .trimEnd();

/** What a block should hold after a run: the old text as long as it is right. */
function judge({ status, stdout, stderr }, promised, { update, complain }, title) {
  if (status !== 0) {
    complain(`${title} fails: ${stderr.trim()}`);
    return promised;
  }
  if (steady(stdout) === steady(promised.join('\n'))) return promised;
  if (!update) {
    complain(`${title} prints something else; --update writes it in:\n${stdout.trimEnd()}`);
  }
  return stdout.trimEnd().split('\n');
}

/** Runs the commands of a console block, one after the other. */
function runConsole(block, folder, report) {
  const commands = [];
  for (const text of block.lines) {
    if (text.startsWith('$ ')) commands.push({ text: text.slice(2), promised: [] });
    else commands.at(-1)?.promised.push(text);
  }
  return commands.flatMap(({ text, promised }) => {
    const result = spawnSync('bash', ['-c', text], { cwd: folder, encoding: 'utf8' });
    return [`$ ${text}`, ...judge(result, promised, report, `"${text}"`)];
  });
}

/** Runs a program that uses the package, against the bundle that the console example trained. */
function runProgram(program, output, { root, folder }, report) {
  const script = join(folder, 'example.mjs');
  const bundle = pathToFileURL(join(folder, 'build/try/shop.vitrine')).href;
  const text = program.lines
    .join('\n')
    .replace(
      /from 'vitrine(?:\/(\w+))?'/g,
      (_, entry = 'index') => `from '${pathToFileURL(join(root, `js/dist/${entry}.js`)).href}'`,
    )
    .replace("'/shop.vitrine'", `new URL('${bundle}')`);
  writeFileSync(script, text);
  const result = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  return judge(result, output.lines, report, 'the program above');
}

/**
 * Runs every `console` block of the documents, and every `js` block that a `text` block with its
 * output follows, all in one temporary folder in which build/release is the real one. `visit` is
 * called with that folder before it goes. `complain(doc, line, text)` hears of what is wrong; with
 * `update` the right output is written into the documents. Returns how many blocks ran.
 */
export function runExamples({ root, docs, update, complain, visit }) {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-docs-'));
  let ran = 0;
  try {
    mkdirSync(join(folder, 'build'));
    symlinkSync(join(root, 'build/release'), join(folder, 'build/release'));
    for (const doc of docs) {
      const lines = readFileSync(join(root, doc), 'utf8').split('\n');
      const { blocks } = parse(lines.join('\n'));
      const results = [];
      // Console blocks run first: they make the bundle that the programs of the same document use.
      const numbers = [...blocks.keys()];
      const consoleFirst = [
        ...numbers.filter((i) => blocks[i].language === 'console'),
        ...numbers.filter((i) => blocks[i].language !== 'console'),
      ];
      consoleFirst.forEach((i) => {
        const block = blocks[i];
        const next = blocks[i + 1];
        const report = { update, complain: (text) => complain(doc, block.line, text) };
        if (block.language === 'console') {
          results.push([block, runConsole(block, folder, report)]);
        } else if (block.language === 'js' && next?.language === 'text') {
          if (existsSync(join(root, 'js/dist/index.js'))) {
            results.push([next, runProgram(block, next, { root, folder }, report)]);
          } else {
            console.log(`${doc}:${block.line}: skipped, js/dist is not built (make js)`);
          }
        }
      });
      ran += results.length;
      for (const [block, text] of results.sort(([a], [b]) => b.line - a.line)) {
        lines.splice(block.line - 1, block.lines.length, ...text);
      }
      if (update) writeFileSync(join(root, doc), lines.join('\n'));
    }
    visit(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return ran;
}

/** The settings of training when nobody changes them. Needs the log of the README's example. */
export function defaultSettings(root, folder) {
  const files = ['--events', 'build/try/events.csv', '--out', 'plain.vitrine'];
  const command = join(root, 'build/release/vitrine');
  const args = ['train', ...files, '--no-tune', '--json'];
  const { settings } = JSON.parse(execFileSync(command, args, { cwd: folder, encoding: 'utf8' }));
  settings.ranking.tune = true; // what --no-tune has changed
  settings.content.weight = 0; // in its place stands what the log says
  return settings;
}
