import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('..'),
  // The tests stand outside this folder, the packages they use inside.
  resolve: {
    alias: [
      { find: 'fast-check', replacement: here('node_modules/fast-check/lib/fast-check.js') },
      { find: 'vitest', replacement: here('node_modules/vitest/dist/index.js') },
      // Emscripten writes it beside the wasm; the package has it inside of insights.js.
      { find: /^\.\/insights_module\.js$/, replacement: here('../build/wasm/insights.js') },
    ],
  },
  test: {
    include: ['tests/js/**/*.test.ts', 'tests/conformance/**/*.test.ts'],
    environment: 'node',
    // The machine may be busy with something else; a test that hangs still ends.
    testTimeout: 120_000,
  },
});
