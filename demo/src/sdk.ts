// Imported once the shop is open. A file of its own, so that the build leaves out what the shop does not use.
export { createWorkerPersonalizer } from 'vitrine/worker';
