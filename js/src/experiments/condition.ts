import { matchesExpression } from './expression.js';

/**
 * A targeting condition as GrowthBook's SDKs evaluate it (specification 0.8.0). It has the form of
 * MongoDB's queries, such as `{"country": {"$in": ["DE", "AT"]}, "cart.total": {"$gte": 50}}`.
 */
export type Condition = Readonly<Record<string, unknown>>;

/** Lists of values by name, for `$inGroup`. */
export type SavedGroups = Readonly<Record<string, readonly unknown[]>>;

/**
 * Returns true when `attributes` fulfil `condition`. A condition with an unknown operator is not
 * fulfilled.
 */
export function evalCondition(
  attributes: unknown,
  condition: Condition,
  groups: SavedGroups = {},
): boolean {
  return Object.keys(condition).every((key) => {
    const wanted = condition[key];
    switch (key) {
      case '$or':
        return any(attributes, wanted, groups);
      case '$nor':
        return !any(attributes, wanted, groups);
      case '$and':
        return conditions(wanted).every((part) => evalCondition(attributes, part, groups));
      case '$not':
        return !evalCondition(attributes, wanted as Condition, groups);
      default:
        return fits(valueAt(attributes, key), wanted, groups);
    }
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const conditions = (value: unknown): Condition[] => (Array.isArray(value) ? value : []);

function any(attributes: unknown, wanted: unknown, groups: SavedGroups): boolean {
  const parts = conditions(wanted);
  return parts.length === 0 || parts.some((part) => evalCondition(attributes, part, groups));
}

/** Returns the value at a path such as `cart.total`, or null when there is none. */
function valueAt(attributes: unknown, path: string): unknown {
  if (!path.includes('.')) {
    return isObject(attributes) && Object.hasOwn(attributes, path) ? attributes[path] : null;
  }
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : null),
      attributes,
    );
}

const isOperators = (value: Record<string, unknown>): boolean => {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key[0] === '$');
};

/**
 * Returns true when a value matches `wanted`, which is a plain value or an object of operators that
 * must all hold.
 */
function fits(value: unknown, wanted: unknown, groups: SavedGroups, fold = false): boolean {
  switch (typeof wanted) {
    case 'string':
      return fold ? folded(value) === folded(wanted) : `${value}` === wanted;
    case 'number':
      return number(value) === wanted;
    case 'boolean':
      return value !== null && Boolean(value) === wanted;
  }
  if (wanted === null) return value === null;
  if (!isObject(wanted) || Array.isArray(wanted) || !isOperators(wanted)) {
    return JSON.stringify(value) === JSON.stringify(wanted);
  }
  return Object.keys(wanted).every((name) => operate(name, value, wanted[name], groups));
}

function operate(name: string, value: unknown, operand: unknown, groups: SavedGroups): boolean {
  switch (name) {
    case '$eq':
      return value === operand;
    case '$ne':
      return value !== operand;
    case '$lt':
      return order(value, operand) < 0;
    case '$lte':
      return order(value, operand) <= 0;
    case '$gt':
      return order(value, operand) > 0;
    case '$gte':
      return order(value, operand) >= 0;
    case '$veq':
      return version(value) === version(operand);
    case '$vne':
      return version(value) !== version(operand);
    case '$vlt':
      return version(value) < version(operand);
    case '$vlte':
      return version(value) <= version(operand);
    case '$vgt':
      return version(value) > version(operand);
    case '$vgte':
      return version(value) >= version(operand);
    case '$exists':
      return Boolean(operand) === (value !== null && value !== undefined);
    case '$in':
    case '$ini':
      return Array.isArray(operand) && isIn(value, operand, name === '$ini');
    case '$nin':
    case '$nini':
      return Array.isArray(operand) && !isIn(value, operand, name === '$nini');
    case '$inGroup':
      return isIn(value, groups[String(operand)] ?? []);
    case '$notInGroup':
      return !isIn(value, groups[String(operand)] ?? []);
    case '$not':
      return !fits(value, operand, groups);
    case '$size':
      return Array.isArray(value) && fits(value.length, operand, groups);
    case '$elemMatch':
      return Array.isArray(value) && value.some((element) => matches(element, operand, groups));
    case '$all':
    case '$alli':
      return (
        Array.isArray(operand) &&
        Array.isArray(value) &&
        operand.every((one) =>
          value.some((element) => fits(element, one, groups, name === '$alli')),
        )
      );
    case '$regex':
      return matchesExpression(String(value), String(operand), '');
    case '$regexi':
      return matchesExpression(String(value), String(operand), 'i');
    case '$notRegex':
      return !matchesExpression(String(value), String(operand), '');
    case '$notRegexi':
      return !matchesExpression(String(value), String(operand), 'i');
    case '$type':
      return typeName(value) === operand;
    default:
      return false;
  }
}

/**
 * Matches one element of a list against the operand of `$elemMatch`. Empty elements never match.
 */
function matches(element: unknown, operand: unknown, groups: SavedGroups): boolean {
  if (!element || !isObject(operand)) return false;
  return isOperators(operand)
    ? fits(element, operand, groups)
    : evalCondition(element, operand, groups);
}

function isIn(value: unknown, list: readonly unknown[], fold = false): boolean {
  if (!fold && !Array.isArray(value)) return list.includes(value);
  const same = (one: unknown) => (fold && typeof one === 'string' ? folded(one) : one);
  const wanted = list.map(same);
  return Array.isArray(value)
    ? value.some((element) => wanted.includes(same(element)))
    : wanted.includes(same(value));
}

const folded = (value: unknown): string => String(value).toLowerCase();

/** Converts as JavaScript does, but lists and objects give NaN. */
const number = (value: unknown): number => (isObject(value) ? Number.NaN : Number(value));

/**
 * Compares two values: negative, zero or positive, or NaN when they cannot be compared. Texts are
 * compared by their UTF-16 code units.
 */
function order(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return number(a) - number(b);
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/**
 * Converts a version to a text that sorts in the order of versions: numbers are padded, and a
 * release sorts after its pre-releases.
 */
function version(value: unknown): string {
  const text = typeof value === 'number' ? `${value}` : typeof value === 'string' ? value : '';
  const parts = (text || '0').replace(/(^v|\+.*$)/g, '').split(/[-.]/);
  if (parts.length === 3) parts.push('~');
  return parts.map((part) => (/^[0-9]+$/.test(part) ? part.padStart(5, ' ') : part)).join('-');
}
