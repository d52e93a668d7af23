// The part of the SDK that is loaded once the shop is visible. It is a separate file, so that the
// build can leave out unused parts.
export { createWorkerPersonalizer } from 'vitrine/worker';
