// Models for onnxruntime: q [1, d] times W [d, n], then the k largest; or given rows of W [n, d] times q, in order. The
// protobuf of onnx.proto3 by hand: a model has a graph of nodes, initializers, inputs and outputs.

const varint = (value) => {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
};
const concat = (parts) => {
  const result = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
};
const number = (field, value) => concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => concat([varint((field << 3) | 2), varint(value.length), value]);
const text = (field, value) => bytes(field, new TextEncoder().encode(value));

const type = { float: 1, int8: 3, int32: 6, int64: 7 };
const node = (op, inputs, outputs, attributes = []) =>
  bytes(
    1,
    concat([
      ...inputs.map((name) => text(1, name)),
      ...outputs.map((name) => text(2, name)),
      text(4, op),
      ...attributes,
    ]),
  );
const tensor = (name, element, dims, raw) =>
  bytes(
    5,
    concat([
      ...dims.map((size) => number(1, size)),
      number(2, element),
      text(8, name),
      bytes(9, raw),
    ]),
  );
const value = (field, name, element, dims) => {
  const shape = concat(dims.map((size) => bytes(1, number(1, size))));
  const of = concat([number(1, element), bytes(2, shape)]);
  return bytes(field, concat([text(1, name), bytes(2, bytes(1, of))]));
};

/** Rows of d numbers as columns: d rows of n. */
function transposed(vectors, n, d) {
  const result = new vectors.constructor(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) result[j * n + i] = vectors[i * d + j];
  return new Uint8Array(result.buffer);
}

function model(nodes, weights, element, n, d, k) {
  const graph = concat([
    ...nodes,
    node('TopK', ['scores', 'k'], ['values', 'items']),
    text(2, 'search'),
    tensor('W', element, [d, n], weights),
    tensor('k', type.int64, [1], new Uint8Array(new BigInt64Array([BigInt(k)]).buffer)),
    value(11, 'q', element, [1, d]),
    value(12, 'items', type.int64, [1, k]),
  ]);
  return concat([number(1, 8), bytes(7, graph), bytes(8, number(2, 17))]);
}

export const floatModel = (vectors, n, d, k) =>
  model([node('MatMul', ['q', 'W'], ['scores'])], transposed(vectors, n, d), type.float, n, d, k);

export const int8Model = (codes, n, d, k) => {
  const to = bytes(5, concat([text(1, 'to'), number(3, type.float), number(20, 2)]));
  const nodes = [
    node('MatMulInteger', ['q', 'W'], ['products']),
    node('Cast', ['products'], ['scores'], [to]),
  ];
  return model(nodes, transposed(codes, n, d), type.int8, n, d, k);
};

/** The order of `size` given rows by their product with q. */
export function gatherModel(vectors, n, d, size) {
  const one = new Uint8Array(new BigInt64Array([BigInt(size)]).buffer);
  const graph = concat([
    node('Gather', ['W', 'given'], ['rows']),
    node('MatMul', ['rows', 'q'], ['column']),
    node('Reshape', ['column', 'size'], ['scores']),
    node('TopK', ['scores', 'size'], ['values', 'order']),
    text(2, 'rerank'),
    tensor('W', type.float, [n, d], new Uint8Array(vectors.buffer)),
    tensor('size', type.int64, [1], one),
    value(11, 'q', type.float, [d, 1]),
    value(11, 'given', type.int32, [size]),
    value(12, 'order', type.int64, [size]),
  ]);
  return concat([number(1, 8), bytes(7, graph), bytes(8, number(2, 17))]);
}
