import { exploration, highestPower, mostPins, mostRules, table, unknown } from '../abi.js';
import type { Engine } from './engine.js';
import { type ListRequest, none, type ScoreRule } from './list_request.js';
import type { ListOptions, Rule } from './types.js';

/** Finds the indices of the names of a filter, and reports unknown names. */
export type Look = (
  what: 'category' | 'brand',
  given: string | readonly string[] | undefined,
) => number[];

/** A higher limit for a category or a brand is none: lists are not that long. */
const mostOfAGroup = 0xffff;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const between = (value: unknown, least: number, most: number, otherwise: number): number =>
  isNumber(value) ? Math.min(most, Math.max(least, value)) : otherwise;

const factorOf = (value: unknown): number =>
  isNumber(value) && value > 0 ? between(value, 1e-6, 1e6, 1) : 1;

/** The fields of a request that rules, diversity and exploration decide. */
export type Plan = Pick<
  ListRequest,
  | 'planned'
  | 'relevance'
  | 'perCategory'
  | 'perBrand'
  | 'exploration'
  | 'strength'
  | 'seedLow'
  | 'seedHigh'
  | 'pins'
  | 'rules'
>;

const noPlan: Plan = {
  planned: false,
  relevance: 1,
  perCategory: 0,
  perBrand: 0,
  exploration: exploration.none,
  strength: 0,
  seedLow: 0,
  seedHigh: 0,
  pins: none,
  rules: none,
};

/** The plan of a list. An option that is not of the type it should be does not count. */
export function planOf(engine: Engine, options: ListOptions, look: Look): Plan {
  const { diversity, explore } = options;
  const given = Array.isArray(options.rules) ? (options.rules as Rule[]).filter(Boolean) : [];
  if (given.length === 0 && !diversity && !explore) return noPlan;

  const power = Math.round(between(explore?.power, 1, highestPower, 0));
  const epsilon = between(explore?.epsilon, 0, 1, 0);
  const seed = isNumber(explore?.seed) ? explore.seed : Math.random() * 2 ** 53;

  const pins: { place: number; item: number }[] = [];
  const rules: ScoreRule[] = [];
  for (const rule of given) {
    const items = engine
      .find(table.items, Array.isArray(rule.items) ? rule.items : none)
      .filter((item) => item !== unknown);
    if (isNumber(rule.pin)) {
      const first = Math.max(0, Math.floor(rule.pin));
      pins.push(...items.slice(0, mostPins).map((item, i) => ({ place: first + i, item })));
    }
    const factor = factorOf(rule.boost) / factorOf(rule.demote);
    // A rule for items that the bundle does not know fits nothing.
    if (factor === 1 || (rule.items && items.length === 0) || rules.length === mostRules) continue;
    rules.push({
      name: typeof rule.name === 'string' ? rule.name : undefined,
      factor,
      minPrice: between(rule.minPrice, 0, Number.MAX_VALUE, 0),
      maxPrice: isNumber(rule.maxPrice) ? rule.maxPrice : Number.POSITIVE_INFINITY,
      items: items.sort((a, b) => a - b),
      categories: look('category', rule.category),
      brands: look('brand', rule.brand),
    });
  }
  pins.sort((a, b) => a.place - b.place).splice(mostPins);

  return {
    planned: true,
    relevance: between(diversity?.lambda, 0, 1, 1),
    perCategory: between(diversity?.perCategory, 0, mostOfAGroup, 0),
    perBrand: between(diversity?.perBrand, 0, mostOfAGroup, 0),
    exploration:
      power > 0 ? exploration.power : epsilon > 0 ? exploration.epsilon : exploration.none,
    strength: power > 0 ? power : epsilon,
    seedLow: seed,
    seedHigh: Math.floor(seed / 2 ** 32),
    pins,
    rules,
  };
}
