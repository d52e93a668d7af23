import { defineConfig, type Plugin } from 'vite';
import { contentSecurityPolicy } from './scripts/content_security_policy.mjs';
import { precache } from './scripts/precache.mjs';

/** The policy is in the page as well, so that it holds on any server. Not in development: Vite injects styles there. */
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
    // Every file stays a file: the policy allows no data: address for anything but pictures.
    assetsInlineLimit: 0,
  },
  // What ranks loads its experiments when it needs them.
  worker: { format: 'es' },
});
