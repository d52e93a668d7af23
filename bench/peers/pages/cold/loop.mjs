// A page that ranks by a loop over int8 codes. `early`: what the page began to fetch before its code arrived.
import { best } from '../../measure.mjs';

const bytes = async (response) => (await response).arrayBuffer();
const [codes, ids] = await Promise.all([
  bytes(early.codes).then((buffer) => new Int8Array(buffer)),
  early.ids.then((response) => response.json()),
]);
const d = codes.length / ids.length;
const scores = new Int32Array(ids.length);
for (let i = 0, at = 0; i < ids.length; i++) {
  let sum = 0;
  for (let j = 0; j < d; j++) sum += codes[at++] * codes[j];
  scores[i] = sum;
}
ranked(best(scores, 20, 0).map((i) => ids[i]));
