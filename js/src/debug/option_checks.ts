import { nearest } from './nearest.js';

/** Returns true for a value that an option takes. */
type Test = (value: unknown) => boolean;

/** A kind of value with its name for messages, or the options of an object. */
type Kind = { readonly is: string; readonly test: Test; readonly each?: Options };
/** The kind of each option of an object by its name. */
export type Options = Readonly<Record<string, Kind>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isId: Test = (value) => typeof value === 'string' || Number.isFinite(value);
const isText: Test = (value) => typeof value === 'string';
const isNumber: Test = (value) => typeof value === 'number' && !Number.isNaN(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);

const any: Kind = { is: 'anything', test: () => true };
const flag: Kind = { is: 'true or false', test: (value) => typeof value === 'boolean' };
const number: Kind = { is: 'a number', test: isNumber };
const positive: Kind = {
  is: 'a number of at least 0',
  test: (value) => isNumber(value) && (value as number) >= 0,
};
const share: Kind = {
  is: 'a number from 0 to 1',
  test: (value) => isNumber(value) && (value as number) >= 0 && (value as number) <= 1,
};
const text: Kind = { is: 'a text', test: isText };
const id: Kind = { is: 'an id', test: isId };
const ids: Kind = { is: 'a list of ids', test: listOf(isId) };
const texts: Kind = {
  is: 'a text or a list of texts',
  test: (value) => isText(value) || listOf(isText)(value),
};
const call: Kind = { is: 'a function', test: (value) => typeof value === 'function' };
const address: Kind = {
  is: 'an address',
  test: (value) => isText(value) || value instanceof URL,
};
const oneOf = (...values: string[]): Kind => ({
  is: values.map((value) => `'${value}'`).join(' or '),
  test: (value) => values.includes(value as string),
});
const object = (each: Options): Kind => ({ is: 'an object', test: isObject, each });

const selection: Options = {
  category: texts,
  brand: texts,
  minPrice: positive,
  maxPrice: positive,
};

/** The options of every list. */
export const listOptions: Options = {
  limit: positive,
  filter: object({ ...selection, includeUnavailable: flag }),
  exclude: ids,
  excludeSeen: flag,
  explain: flag,
  rules: {
    is: 'a list of rules',
    test: listOf(isObject),
    each: {
      ...selection,
      name: text,
      boost: positive,
      demote: positive,
      pin: positive,
      items: ids,
    },
  },
  diversity: object({ lambda: share, perCategory: positive, perBrand: positive }),
  explore: object({ epsilon: share, power: positive, seed: number }),
  context: object({ landingProduct: id, category: texts, country: text }),
  // The calls of `createVitrine` take these too.
  fallback: ids,
  where: call,
};

/** The options of a slot. */
export const slotOptions: Options = {
  ...listOptions,
  list: oneOf('recommend', 'similar', 'popular'),
  item: id,
  dedupe: flag,
};

/** The options of `createVitrine`. */
export const pageOptions: Options = {
  manifest: address,
  bundle: any,
  wasm: any,
  timeout: positive,
  publicKey: any,
  shop: text,
  loadTimeout: positive,
  scope: text,
  inspector: flag,
  globalPrivacyControl: flag,
  doNotTrack: flag,
  visitorId: text,
  experiments: { is: 'an object', test: isObject },
  fetch: call,
  consent: oneOf('pending', 'granted', 'denied'),
  historyEvents: positive,
  historyDays: positive,
  transport: any,
  beforeSend: call,
  itemId: call,
  slots: { is: 'an object', test: isObject },
  debug: flag,
  onError: call,
};

/**
 * Returns a sentence for each option of `given` that has no effect: one whose name does not exist,
 * with the nearest name, and one whose value is of a wrong kind. `where` begins the sentences.
 */
export function checkOptions(where: string, given: unknown, options: Options): string[] {
  if (given === undefined) return [];
  if (!isObject(given)) return [`${where} takes an object of options, not ${shown(given)}`];
  return Object.entries(given).flatMap(([name, value]) => {
    const kind = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!kind) {
      const meant = nearest(name, Object.keys(options));
      return [`${where} has no option "${name}"${meant ? `; did you mean "${meant}"?` : ''}`];
    }
    if (value === undefined) return [];
    if (!kind.test(value)) return [`${where}: "${name}" is ${shown(value)}; it takes ${kind.is}`];
    const { each } = kind;
    if (!each) return [];
    const inside = Array.isArray(value) ? value : [value];
    return inside.flatMap((one) => checkOptions(`${where}, in "${name}"`, one, each));
  });
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : describeValue(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function describeValue(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value;
  }
}
