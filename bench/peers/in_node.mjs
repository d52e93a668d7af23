// Runs one function of pages/ in Node and prints what it returns, as JSON, in the last line.
// usage: node --expose-gc in_node.mjs FUNCTION OPTIONS      OPTIONS: JSON
import { placeOnDisk } from './serve.mjs';

const [call, options] = process.argv.slice(2);
globalThis.placeOfBench = placeOnDisk;
const log = console.log;
console.log = () => {}; // some of the peers greet
const pages = await import('./pages/index.mjs');
const result = await pages[call](JSON.parse(options));
log(`\n${JSON.stringify(result)}`);
process.exit(0);
