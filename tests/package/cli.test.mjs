// The command of the packed package: the sample shop, and the trainer that comes in a package of its own.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../build/npm/', import.meta.url));
const created = [];

/** Makes an empty project with the given tarballs, and returns its folder. */
function project(...tarballs) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vitrine-cli-')));
  created.push(folder);
  writeFileSync(join(folder, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  const files = tarballs.map((name) => join(packages, name));
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', ...files], {
    cwd: folder,
  });
  return folder;
}

/** Runs `npx vitrine` in a project. */
function vitrine(folder, args, env = {}) {
  return spawnSync('npx', ['vitrine', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

after(() => {
  for (const folder of created) rmSync(folder, { recursive: true });
});

describe('vitrine demo', () => {
  let folder;
  let server;
  let url;

  before(async () => {
    folder = project('vitrine.tgz');
    server = spawn(process.execPath, [
      join(folder, 'node_modules/.bin/vitrine'),
      'demo',
      '--port',
      '0',
    ]);
    let printed = '';
    for await (const text of server.stdout.setEncoding('utf8')) {
      printed += text;
      url = printed.match(/http:\/\/127\.0\.0\.1:\d+\//)?.[0];
      if (url) break;
    }
    server.stdout.destroy();
  });
  after(() => server?.kill());

  test('serves the page with all that it loads', async () => {
    const page = await fetch(url);
    assert.equal(page.url, `${url}sample/`);
    const links = [...(await page.text()).matchAll(/(?:href|src)="([^":]+)"/g)].map(([, to]) => to);
    assert.deepEqual(links, ['style.css', 'shop.js']);
    for (const path of [
      ...links,
      'pictures.js',
      'shop.vitrine',
      '../sample.js',
      '../index.browser.js',
      '../vitrine.wasm',
    ]) {
      assert.equal((await fetch(new URL(path, page.url))).status, 200, path);
    }
  });

  test('answers nothing from outside of its folder', async () => {
    for (const path of [
      'package.json',
      '..%2fpackage.json',
      '%2e%2e/package.json',
      '%00',
      '%',
      'sample',
    ]) {
      assert.equal((await fetch(url + path)).status, 404, path);
    }
    assert.equal((await fetch(url, { method: 'POST' })).status, 405);
  });

  test('says which port is taken, and what to do', () => {
    const { port } = new URL(url);
    const { status, stderr } = vitrine(folder, ['demo', '--port', port]);
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`port ${port} is taken; .*--port 0`));
  });

  test('refuses what it does not know', () => {
    for (const args of [['--port', 'x'], ['--port', '99999'], ['--colour', 'red'], ['now']]) {
      const { status, stderr } = vitrine(folder, ['demo', ...args]);
      assert.deepEqual([status, /^vitrine demo: /.test(stderr)], [2, true], args.join(' '));
    }
  });

  test('has a sample of at most 40,000 bytes', () => {
    const file = join(folder, 'node_modules/vitrine/dist/sample/shop.vitrine');
    assert.ok(readFileSync(file).length <= 40_000);
  });
});

describe('the trainer', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, () => {
  test('is named when it is not installed', () => {
    const folder = project('vitrine.tgz');
    const { status, stderr } = vitrine(folder, ['train', '--events', 'log.csv']);
    assert.equal(status, 1);
    assert.match(stderr, /npm install --save-dev @vitrine\/linux-x64/);
  });

  test('trains from a log to a bundle that the package opens, and passes its exit code on', () => {
    const folder = project('vitrine.tgz', 'vitrine-linux-x64.tgz');
    const run = (...args) => {
      const { status, stdout, stderr } = vitrine(folder, args);
      assert.equal(status, 0, stderr);
      return stdout;
    };
    run('simulate', '--products', '60', '--shoppers', '400', '--days', '5', '--out', 'log');
    const log = ['--events', 'log/events.csv', '--items', 'log/items.csv'];
    assert.match(run('validate', ...log), /\d+ of \d+ rows/);
    run('train', ...log, '--no-tune', '--out', 'shop.vitrine');
    writeFileSync(
      join(folder, 'app.js'),
      `import { createPersonalizer } from 'vitrine';
       const vitrine = await createPersonalizer({ bundle: new URL('shop.vitrine', import.meta.url) });
       console.log(vitrine.popular({ limit: 5 }).length);`,
    );
    assert.equal(
      execFileSync(process.execPath, ['app.js'], { cwd: folder, encoding: 'utf8' }),
      '5\n',
    );
    assert.equal(vitrine(folder, ['train', '--events', 'none.csv', '--out', 'x']).status, 5);
    assert.equal(vitrine(folder, ['trian']).status, 2);
  });

  test('brings all its libraries but those of glibc', () => {
    const folder = project('vitrine-linux-x64.tgz');
    const installed = join(folder, 'node_modules/@vitrine/linux-x64');
    const lines = execFileSync('ldd', [join(installed, 'bin/vitrine')], { encoding: 'utf8' }).split(
      '\n',
    );
    const outside = lines
      .filter((line) => line.includes('=> ') && !line.includes(installed))
      .map((line) => line.trim().split('.so')[0]);
    const glibc = ['libc', 'libm', 'libdl', 'libpthread', 'librt'];
    assert.deepEqual(
      outside.filter((name) => !glibc.includes(name)),
      [],
    );
    assert.ok(readdirSync(join(installed, 'licences')).length >= 5);
  });

  test('runs the program that VITRINE_BINARY names, or says that it is not there', () => {
    const folder = project('vitrine.tgz');
    const program = fileURLToPath(new URL('../../build/release/vitrine', import.meta.url));
    const { status, stdout } = vitrine(folder, ['train', '--help'], { VITRINE_BINARY: program });
    assert.deepEqual([status, /Usage: vitrine train/.test(stdout)], [0, true]);
    mkdirSync(join(folder, 'empty'));
    const none = vitrine(folder, ['train'], { VITRINE_BINARY: join(folder, 'empty/vitrine') });
    assert.deepEqual([none.status, /which is not there/.test(none.stderr)], [1, true]);
  });
});
