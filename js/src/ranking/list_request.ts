import type {
  mode,
  pinWords,
  requestDoubles,
  requestFloats,
  requestWords,
  ruleFloats,
  ruleWords,
} from '../abi.js';

/** An empty list that need not be created again. An item without explanation has these reasons. */
export const none: readonly never[] = Object.freeze([]);

/** Values for the fields of a block of wasm memory, of which some are lists that follow the block. */
type Block<Field extends string, Lists> = Readonly<
  Record<Exclude<Field, keyof Lists>, number | boolean>
> &
  Lists;

/** Lists of indices, as `Engine.find` gave them; `unknown` matches nothing. */
interface Indices {
  readonly categories: readonly number[];
  readonly brands: readonly number[];
}

/** An item that has a fixed place. */
export type Pin = Block<keyof typeof pinWords, unknown>;

/** A rule that changes scores. */
export type ScoreRule = Block<
  keyof typeof ruleWords | keyof typeof ruleFloats,
  Indices & { readonly items: readonly number[] }
> & { readonly name: string | undefined };

/** A list as the wasm is asked for it: the fields of `Request` in `wasm/ranking/abi.h`, and the lists behind it. */
export type ListRequest = Block<
  keyof typeof requestWords | keyof typeof requestFloats | keyof typeof requestDoubles,
  Indices & {
    readonly mode: (typeof mode)[keyof typeof mode];
    readonly limit: number;
    readonly exploration: number;
    readonly pins: readonly Pin[];
    readonly rules: readonly ScoreRule[];
    readonly excluded: readonly number[];
    readonly given: readonly number[];
    readonly shown: readonly number[];
  }
>;
