import {
  drawDoubles,
  drawSize,
  drawWords,
  pinSize,
  pinWords,
  requestDoubles,
  requestFloats,
  requestSize,
  requestWords,
  ruleFloats,
  ruleSize,
  ruleWords,
} from '../abi.js';
import type { Draw } from '../experiments/draw.js';
import type { ListRequest } from './list_request.js';

/** The same memory in three ways. */
export interface Views {
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
}

/** The number of words that {@link writeRequest} writes. */
export function sizeOfRequest(request: ListRequest): number {
  const { pins, rules } = request;
  let size = requestSize + pins.length * pinSize + rules.length * ruleSize;
  for (const list of listsOf(request)) size += list.length;
  return size;
}

/** Writes a request as `wasm/ranking/abi.h` has it. `start`: the word where it begins, an even one. */
export function writeRequest(
  request: ListRequest,
  { words, floats, doubles }: Views,
  start: number,
): void {
  put(words, start, requestWords, request);
  put(floats, start, requestFloats, request);
  put(doubles, start / 2, requestDoubles, request);
  let at = start + requestSize;
  for (const pin of request.pins) {
    put(words, at, pinWords, pin);
    at += pinSize;
  }
  for (const rule of request.rules) {
    put(words, at, ruleWords, rule);
    put(floats, at, ruleFloats, rule);
    at += ruleSize;
  }
  for (const list of listsOf(request)) {
    // Not `set`, which takes longer for the few numbers of a list.
    for (let i = 0; i < list.length; i++) words[at++] = list[i] as number;
  }
}

/** The number of words that {@link writeDraw} writes. */
export function sizeOfDraw({ seed, value, weights, ranges }: Draw): number {
  const numbers = ranges ? 2 * ranges.length : weights.length;
  return drawSize + 2 * numbers + Math.ceil((seed.length + value.length) / 2);
}

/** Writes a draw as `wasm/ranking/abi.h` has it. `start`: as for {@link writeRequest}. */
export function writeDraw(draw: Draw, { words, doubles }: Views, start: number): void {
  const { seed, value, weights, ranges } = draw;
  const numbers = ranges?.flat() ?? weights;
  const counts = { numbers, ranged: !!ranges, seedUnits: seed.length, valueUnits: value.length };
  put(words, start, drawWords, { ...draw, ...counts });
  put(doubles, start / 2, drawDoubles, draw);
  const at = start + drawSize;
  doubles.set(numbers, at / 2);
  const text = seed + value;
  const units = new Uint16Array(words.buffer, 4 * (at + 2 * numbers.length), text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
}

/** The lists of indices behind the blocks, in their order. */
function listsOf({ categories, brands, excluded, given, shown, rules }: ListRequest) {
  const lists = [categories, brands, excluded, given, shown];
  for (const rule of rules) lists.push(rule.items, rule.categories, rule.brands);
  return lists;
}

/** Writes fields of a block, of a list its length. `offsets`: where each is, from `at` on. */
function put<Field extends string>(
  view: Uint32Array | Float32Array | Float64Array,
  at: number,
  offsets: Readonly<Record<Field, number>>,
  values: Readonly<Record<NoInfer<Field>, number | boolean | readonly unknown[]>>,
): void {
  for (const field in offsets) {
    const value = values[field];
    view[at + offsets[field]] = typeof value === 'object' ? value.length : Number(value);
  }
}
