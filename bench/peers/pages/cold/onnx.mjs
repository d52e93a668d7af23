// A page that ranks with onnxruntime-web, int8.
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';

const bytes = async (response) => new Uint8Array(await (await response).arrayBuffer());
env.wasm.numThreads = 1;
env.wasm.wasmPaths = '/ort/';
env.wasm.wasmBinary = await bytes(early.wasm);
const model = await bytes(early.model);
const session = await InferenceSession.create(model);
const q = new Tensor('int8', new Int8Array(await (await early.query).arrayBuffer()), [1, 64]);
const { items } = await session.run({ q });
const ids = await (await early.ids).json();
ranked(Array.from(items.data, (i) => ids[Number(i)]).slice(1));
