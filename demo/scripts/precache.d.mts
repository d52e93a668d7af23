import type { Plugin } from 'vite';

export function precache(options?: { readonly alsoKeep?: readonly string[] }): Plugin;
