// All that runs in a page, or in Node.
export * from './assignment.mjs';
export * from './growth.mjs';
export * from './rerank.mjs';
export * from './search.mjs';
export * from './sessions.mjs';
export * from './steady.mjs';
