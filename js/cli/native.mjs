// Runs the native program `vitrine`. It is searched for in the package of this platform, such as
// @vitrine/linux-x64, unless the environment variable VITRINE_BINARY names one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';

/** Platforms for which there is a package. */
export const platforms = ['linux-x64'];

/** Returns the path of the native program, or undefined when it is not installed. */
export function nativeProgram(platform = `${process.platform}-${process.arch}`) {
  const named = process.env.VITRINE_BINARY;
  if (named) return existsSync(named) ? named : undefined;
  // The project of the caller comes first: npx may run this file from a folder of its own.
  for (const from of [join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve(`@vitrine/${platform}/bin/vitrine`);
    } catch {}
  }
  return undefined;
}

function missing(platform) {
  if (process.env.VITRINE_BINARY) {
    return `VITRINE_BINARY names ${process.env.VITRINE_BINARY}, which is not there`;
  }
  return platforms.includes(platform)
    ? `the trainer is not installed; install it with: npm install --save-dev @vitrine/${platform}`
    : `there is no package of the trainer for ${platform}, only for ${platforms.join(', ')}; ` +
        'build it from the source with `make native`, and name it in VITRINE_BINARY';
}

/** Runs the native program and ends with its exit code; 1 when there is no program. */
export function runNative(args) {
  const platform = `${process.platform}-${process.arch}`;
  const program = nativeProgram(platform);
  if (!program) {
    console.error(`vitrine: ${missing(platform)}`);
    process.exitCode = 1;
    return;
  }
  const { status, signal, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error) {
    console.error(`vitrine: ${program} does not start: ${error.message}`);
    process.exitCode = 1;
  } else process.exitCode = status ?? 128 + (constants.signals[signal] ?? 0);
}
