// A page that ranks with tfjs and its wasm backend. Its codes come as bytes and become floats here.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

setWasmPaths('/tfjs/');
await tf.setBackend('wasm');
const codes = new Int8Array(await (await early.codes).arrayBuffer());
const ids = await (await early.ids).json();
const d = codes.length / ids.length;
const floats = Float32Array.from(codes);
const all = tf.tensor2d(floats, [ids.length, d]);
const query = tf.tensor2d(floats.slice(0, d), [d, 1]);
const scores = tf.reshape(tf.matMul(all, query), [ids.length]);
ranked(Array.from(tf.topk(scores, 21).indices.dataSync(), (i) => ids[i]).slice(1));
