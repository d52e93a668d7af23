import { defineConfig, type Plugin } from 'vite';
import { contentSecurityPolicy } from './scripts/content_security_policy.mjs';
import { precache } from './scripts/precache.mjs';

/**
 * The policy is also written into the page, so that it is valid on any server. It is left out in
 * development, because Vite injects styles there.
 */
const policyTag: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
      injectTo: 'head-prepend',
    },
  ],
};

export default defineConfig({
  plugins: [policyTag, precache({ alsoKeep: ['/favicon.svg'] })],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // No file is inlined: the policy allows data: addresses only for pictures.
    assetsInlineLimit: 0,
  },
  // The ranking worker loads its experiments only when it needs them.
  worker: { format: 'es' },
});
