// The two general runtimes, each started once in a page or a Node.
import { place } from './measure.mjs';

let tensors;
/** tfjs with its wasm backend. */
export function loadTf() {
  tensors ??= (async () => {
    const tf = await import('@tensorflow/tfjs-core');
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const folder = place('/tfjs/');
    setWasmPaths(folder.startsWith('file:') ? new URL(folder).pathname : folder);
    if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend of tfjs does not start');
    return tf;
  })();
  return tensors;
}

/** onnxruntime-web with its wasm backend, on one thread as all others. */
export async function loadOrt() {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = place('/ort/');
  return ort;
}
