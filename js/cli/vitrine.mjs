#!/usr/bin/env node
// The command of the package. `vitrine demo` serves the sample shop; every other command is run by
// the native program, which comes in a package of its own for each platform.
import { createRequire } from 'node:module';
import { runDemo } from './demo.mjs';
import { runNative } from './native.mjs';

const { version } = createRequire(import.meta.url)('../package.json');
const [command, ...rest] = process.argv.slice(2);
if (command === '--version') console.log(version);
else if (command === 'demo') await runDemo(rest);
else if (command === undefined || command === '--help' || command === '-h') {
  console.log(`vitrine demo [--port 4173]   serves a sample shop whose lists are ranked in the page
vitrine COMMAND ...          runs the trainer: validate, train, evaluate, recommend, manifest, ...
vitrine COMMAND --help       explains a command of the trainer

The trainer is a native program in a package of its own: npm install --save-dev @vitrine/linux-x64`);
} else runNative([command, ...rest]);
