import { type Hex, lightness, mix, tone } from './color.js';
import type { Pen } from './pen.js';
import type { Random } from './random.js';

/** The properties of an item that a drawing uses. */
export interface Look {
  readonly color: Hex;
  readonly material: string;
  readonly title: string;
  readonly random: Random;
}

export type Drawing = (pen: Pen, look: Look) => void;

/** Returns the form that the title names, or one chosen by the item's id. */
export function form<const T>(
  { title, random }: Look,
  named: readonly (readonly [word: RegExp, form: T])[],
  choices: readonly [T, ...T[]],
): T {
  const chosen = random.pick(choices);
  return named.find(([word]) => word.test(title))?.[1] ?? chosen;
}

export const OAK: Hex = '#c79c6d';
export const BRASS: Hex = '#bd9653';
export const STEEL: Hex = '#b4babd';
export const BLACK: Hex = '#34363a';
export const LEATHER: Hex = '#a0683c';
export const CREAM: Hex = '#efe6d6';
export const LEAF: Hex = '#6f8463';

const NATURAL: readonly (readonly [word: RegExp, color: Hex])[] = [
  [/walnut/i, '#7a5238'],
  [/oak/i, OAK],
  [/ash|birch|maple/i, '#d9bf98'],
  [/beech/i, '#d2a77c'],
  [/pine/i, '#dcb47e'],
  [/teak|acacia|cherry/i, '#a86f45'],
  [/bamboo|rattan|cane|wicker/i, '#d3b078'],
  [/wood/i, OAK],
];

/** Returns the colour of the wood that the title or material names. */
export function woodOf(look: Look): Hex | undefined {
  const words = `${look.title} ${look.material}`;
  return NATURAL.find(([word]) => word.test(words))?.[1];
}

/** Returns a wood for legs and handles: the named one, or one chosen by the item's id. */
export const anyWood = (look: Look): Hex =>
  woodOf(look) ?? look.random.pick<Hex>([OAK, '#d9bf98', '#7a5238', '#d2a77c']);

export const anyMetal = (look: Look): Hex =>
  /brass/i.test(look.material) ? BRASS : look.random.pick<Hex>([BRASS, BLACK, STEEL]);

/** Returns a leather colour that is visible on `color`. */
export const trim = (look: Look): Hex =>
  Math.abs(lightness(look.color) - lightness(LEATHER)) < 0.12
    ? tone(LEATHER, -0.2)
    : look.random.pick<Hex>([LEATHER, '#6d4327', '#c08a55']);

/**
 * Returns the colour of a piece of furniture. Wood has its own colour with a little of the item's;
 * painted furniture has the item's colour.
 */
export function frameOf(look: Look): Hex {
  const wood = woodOf(look);
  return wood === undefined ? look.color : mix(wood, look.color, 0.3);
}
