import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('./service_worker.js', import.meta.url));

/**
 * A Vite plugin that writes service-worker.js, which keeps every file of the build for use without
 * a network.
 */
export function precache({ alsoKeep = [] } = {}) {
  return {
    name: 'precache',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const digest = createHash('sha256');
        const files = Object.keys(bundle).sort();
        for (const file of files) {
          const part = bundle[file];
          digest.update(file).update(part.type === 'chunk' ? part.code : part.source);
        }
        const kept = [
          '/',
          ...files.filter((f) => f !== 'index.html').map((f) => `/${f}`),
          ...alsoKeep,
        ];
        const source = readFileSync(WORKER, 'utf8')
          .replace('__VERSION__', digest.digest('hex').slice(0, 12))
          .replace("['__FILES__']", JSON.stringify(kept, null, 2));
        if (source.includes('__FILES__')) this.error('service_worker.js has no list to fill');
        this.emitFile({ type: 'asset', fileName: 'service-worker.js', source });
      },
    },
  };
}
