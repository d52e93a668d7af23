// Help for the developer of a page. A page loads it only with the option `debug`.
export { Hints } from './hints.js';
