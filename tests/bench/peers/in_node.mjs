// Runs one function of pages/ in Node and prints what it returns, as JSON, in the last line.
// usage: node --expose-gc in_node.mjs FUNCTION OPTIONS      OPTIONS: JSON
import { pathToFileURL } from 'node:url';
import { folders } from './serve.mjs';

const [call, options] = process.argv.slice(2);
globalThis.placeOfBench = (path) => {
  const prefix = Object.keys(folders).find((name) => path.startsWith(name));
  const folder = pathToFileURL(`${folders[prefix].replace(/\/$/, '')}/`);
  return new URL(path.slice(prefix.length), folder).href;
};
const log = console.log;
console.log = () => {}; // some of the peers greet
const pages = await import('./pages/index.mjs');
const result = await pages[call](JSON.parse(options));
log(`\n${JSON.stringify(result)}`);
process.exit(0);
