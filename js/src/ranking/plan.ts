import { exploration, highestPower, mostPins, mostRules, table, unknown } from '../abi.js';
import type { Engine } from './engine.js';
import { none, type Plan } from './list_request.js';
import type { ListOptions, Rule } from './types.js';

/** Finds the indices of the names of a filter, and reports unknown names. */
export type Look = (
  what: 'category' | 'brand',
  given: string | readonly string[] | undefined,
) => number[];

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const between = (value: unknown, least: number, most: number, otherwise: number): number =>
  isNumber(value) ? Math.min(most, Math.max(least, value)) : otherwise;

const factorOf = (value: unknown): number =>
  isNumber(value) && value > 0 ? between(value, 1e-6, 1e6, 1) : 1;

/**
 * Returns the plan of a list, or undefined when no option needs one. A value of the wrong type is
 * ignored.
 */
export function planOf(engine: Engine, options: ListOptions, look: Look): Plan | undefined {
  const { diversity, explore } = options;
  const rules = Array.isArray(options.rules) ? (options.rules as Rule[]).filter(Boolean) : [];
  if (rules.length === 0 && !diversity && !explore) return undefined;

  const power = Math.round(between(explore?.power, 1, highestPower, 0));
  const epsilon = between(explore?.epsilon, 0, 1, 0);
  const kind = power > 0 ? exploration.power : epsilon > 0 ? exploration.epsilon : exploration.none;
  const seed = isNumber(explore?.seed) ? explore.seed : Math.random() * 2 ** 53;

  const pins: { place: number; item: number }[] = [];
  const names: (string | undefined)[] = [];
  const moving: number[][] = [];
  for (const rule of rules) {
    const items = engine
      .find(table.items, Array.isArray(rule.items) ? rule.items : none)
      .filter((item) => item !== unknown);
    if (isNumber(rule.pin)) {
      const first = Math.max(0, Math.floor(rule.pin));
      pins.push(...items.slice(0, mostPins).map((item, i) => ({ place: first + i, item })));
    }
    const factor = factorOf(rule.boost) / factorOf(rule.bury);
    // A rule for items that the bundle does not know has no effect.
    if (factor === 1 || (rule.items && items.length === 0) || names.length === mostRules) continue;
    const categories = look('category', rule.category);
    const brands = look('brand', rule.brand);
    names.push(typeof rule.name === 'string' ? rule.name : undefined);
    const head = [
      bits(factor),
      bits(between(rule.minPrice, 0, Number.MAX_VALUE, 0)),
      bits(isNumber(rule.maxPrice) ? rule.maxPrice : Number.POSITIVE_INFINITY),
      items.length,
      categories.length,
      brands.length,
    ];
    moving.push(
      head,
      items.sort((a, b) => a - b),
      categories,
      brands,
    );
  }
  pins.sort((a, b) => a.place - b.place).splice(mostPins);

  const head = [
    bits(between(diversity?.lambda, 0, 1, 1)),
    Math.floor(between(diversity?.perCategory, 0, 0xffff, 0)),
    Math.floor(between(diversity?.perBrand, 0, 0xffff, 0)),
    kind,
    bits(power > 0 ? power : epsilon),
    seed >>> 0,
    Math.floor(seed / 2 ** 32) >>> 0,
    pins.length,
  ];
  const pinned = pins.flatMap(({ place, item }) => [place, item]);
  const words = head.concat(pinned, names.length, ...moving);
  return { words, rules: names, explored: kind !== exploration.none };
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** Returns the 32 bits of a number as f32. */
function bits(value: number): number {
  float[0] = value;
  return word[0] ?? 0;
}
