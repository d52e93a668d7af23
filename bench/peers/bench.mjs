// What every topic is given: pages and Node to run in, tables, and the list of goals.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { bundle } from './downloads.mjs';
import { out, placeOnDisk, root, serve } from './serve.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const vitrine = join(root, 'build/release/vitrine');
export const shared = join(root, '../shared/data');

export const ms = (value) => `${value.toFixed(4)} ms`;
export const us = (value) => `${(1000 * value).toFixed(1)} us`;
export const ratio = (value) => `${value.toFixed(value < 0.1 ? 3 : 2)}x`;
/** For a table: the number with so many digits, or a dash where there is none. */
export const cell = (value, digits, width = 10) =>
  (Number.isFinite(value) ? value.toFixed(digits) : '-').padStart(width);

export class Bench {
  #browser;
  #server;
  #goals = [];

  /** `full`: all sizes and all contenders. `list(name)`: what an option names, or undefined. */
  constructor(options) {
    this.options = options;
    this.full = 'full' in options;
  }

  list(name) {
    return this.options[name]
      ?.split(',')
      .map((value) => (Number.isNaN(Number(value)) ? value : Number(value)));
  }

  async open() {
    globalThis.placeOfBench = placeOnDisk;
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'page.mjs'), await bundle('pages/index.mjs'));
    writeFileSync(join(out, 'boundary.mjs'), await bundle('boundary.mjs'));
    this.#server = await serve();
    this.#browser = await this.launch();
  }

  async close() {
    await this.#browser?.close();
    this.#server?.close();
  }

  launch() {
    const js = '--js-flags=--max-old-space-size=8192 --expose-gc';
    return chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      chromiumSandbox: false,
      args: ['--disable-gpu', '--disable-background-networking', js],
    });
  }

  /** A page of its own, with a visitor of its own. */
  async newPage() {
    const page = await this.#browser.newPage();
    page.setDefaultTimeout(0);
    await page.goto(this.#server.url);
    return page;
  }

  /** Runs one function of pages/ in a new page. */
  async inPage(name, options = {}) {
    const page = await this.newPage();
    const given = [name, options];
    const run = async ([call, o]) => (await import('/data/page.mjs'))[call](o);
    const result = await page.evaluate(run, given);
    await page.close();
    return result;
  }

  /** Runs the same function in a Node of its own. */
  async inNode(name, options = {}) {
    const script = join(here, 'in_node.mjs');
    const child = spawn(
      process.execPath,
      ['--expose-gc', '--max-old-space-size=8192', script, name, JSON.stringify(options)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let printed = '';
    let failed = '';
    child.stdout.on('data', (text) => {
      printed += text;
    });
    child.stderr.on('data', (text) => {
      failed += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    if (code !== 0) throw new Error(`Node, ${name}: exit status ${code}: ${failed.slice(-2000)}`);
    return JSON.parse(printed.trim().split('\n').at(-1));
  }

  /** Prints a table. `columns`: heading, what a row shows, digits. */
  table(rows, columns, width = 34) {
    console.log(''.padEnd(width) + columns.map(([head]) => head.padStart(10)).join(''));
    for (const row of rows) {
      const cells = columns.map(([, of, digits = 0]) => {
        const value = of(row);
        return typeof value === 'string' ? value.padStart(10) : cell(value, digits);
      });
      console.log(row.name.padEnd(width) + cells.join(''));
    }
  }

  leftOut(skipped) {
    for (const [name, why] of Object.entries(skipped)) console.log(`left out: ${name}: ${why}`);
  }

  judge(what, goal, ours, peer, met) {
    this.#goals.push({ what, goal, ours, peer, met });
  }

  /** All goals that were judged; false when one is missed. */
  printGoals() {
    console.log('== goals ==');
    for (const { what, goal, ours, peer, met } of this.#goals) {
      const line = `${met ? 'met ' : 'MISS'}  ${what.padEnd(66)} goal ${goal.padEnd(11)} ours ${ours.padEnd(12)} ${peer}`;
      console.log(line.trimEnd());
    }
    const missed = this.#goals.filter(({ met }) => !met).length;
    console.log(`${this.#goals.length - missed} met, ${missed} missed`);
  }
}

/** Runs one of the project's programs, and returns what it printed. */
export function program(path, args) {
  return execFileSync(path, args.map(String), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Whether a file is there and newer than the command that makes it. */
export function isFresh(path) {
  return existsSync(path) && statSync(path).mtimeMs > statSync(vitrine).mtimeMs;
}

/** Base name in build/bench/peers of made-up unit vectors and their bundles, made where they are not there yet. */
export function vectorsOf(kind, n, d) {
  const name = `${kind}-${n}-${d}`;
  program(join(root, 'build/release/bench/vitrine_bench_bundle'), [n, d, kind, join(out, name)]);
  return name;
}
