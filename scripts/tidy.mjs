// Runs clang-tidy on every C++ file that the release build compiles, as many at a time as the machine has cores. What
// was found clean is not read again until it, a header that it sees, its flags or the checks change: the hashes are
// in build/tidy. The checks are in .clang-tidy, and more of them in those of core/ and wasm/.
// usage: node scripts/tidy.mjs [PATTERN]        PATTERN: a regular expression that the files' paths match
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const build = join(root, 'build/release');
const out = join(root, 'build/tidy');
const pattern = new RegExp(process.argv[2] ?? '');

const commands = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'));
/** Each of our sources once, with its first command: tests and benchmarks compile some of the exporter's anew. */
const sources = new Map();
for (const { file, command } of commands) {
  const path = relative(root, file);
  const ours = !path.startsWith('.') && !path.startsWith('build/');
  if (ours && pattern.test(path) && !sources.has(path)) sources.set(path, command);
}

const texts = new Map();
const read = (path) => {
  if (!texts.has(path)) {
    const there = existsSync(join(root, path));
    texts.set(path, there ? readFileSync(join(root, path), 'utf8') : undefined);
  }
  return texts.get(path);
};
const folders = ['core/include', 'core/src', 'model_export/src', 'wasm', 'tests'];
/** The file and all headers of ours that it sees, in the order found. */
function withHeaders(path) {
  const found = new Set([path]);
  for (const one of found) {
    for (const [, name] of read(one).matchAll(/^#include "([^"]+)"/gm)) {
      const places = [dirname(one), ...folders].map((folder) => normalize(join(folder, name)));
      const header = places.find((place) => read(place) !== undefined);
      if (header !== undefined) found.add(header);
    }
  }
  return [...found];
}

const config = ['.clang-tidy', 'core/.clang-tidy', 'wasm/.clang-tidy'].map(read).join('');
const hash = (path) => {
  const sum = createHash('sha256').update(config).update(sources.get(path));
  for (const one of withHeaders(path)) sum.update(one).update(read(one));
  return sum.digest('hex');
};

mkdirSync(out, { recursive: true });
const stamp = (path) => join(out, path.replaceAll('/', '-'));
const due = [...sources.keys()].filter((path) => {
  const file = stamp(path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== hash(path);
});

let failed = 0;
function check(path) {
  return new Promise((done) => {
    const args = ['--quiet', '-p', build, join(root, path)];
    const child = spawn('clang-tidy-19', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    child.stderr.on('data', (text) => {
      said += `${text}`;
    });
    child.on('close', (code) => {
      if (code === 0) {
        writeFileSync(stamp(path), hash(path));
      } else {
        failed++;
        rmSync(stamp(path), { force: true });
        process.stdout.write(said.replace(/^\d+ warnings? .*\n/gm, ''));
      }
      done();
    });
  });
}

const waiting = [...due];
async function worker() {
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) await check(path);
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));
console.log(`clang-tidy: ${sources.size} files, ${due.length} read, ${failed} with findings`);
process.exit(failed > 0 ? 1 : 0);
