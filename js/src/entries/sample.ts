/**
 * A made-up shop of 240 products, for trying the package: its bundle and its catalogue. Nothing of
 * it is loaded unless it is imported.
 *
 * @module
 */

/** A product of the sample. */
export interface SampleItem {
  /** The title. */
  readonly title: string;
  /** The category path, such as `Kitchen/Mugs`. */
  readonly category: string;
  /** The brand. */
  readonly brand: string;
  /** The price in euros. */
  readonly price: number;
  /** The colour, as `#rrggbb`. */
  readonly color: string;
  /** The material. */
  readonly material: string;
}

/** The build puts the catalogue here. */
declare const SAMPLE_ITEMS: Readonly<Record<string, SampleItem>>;

/** The address of the bundle, for `createPersonalizer` and `createVitrine`; a file in Node. */
export const bundle: URL = new URL('./sample/shop.vitrine', import.meta.url);

/** The products by id. */
export const items: Readonly<Record<string, SampleItem>> = SAMPLE_ITEMS;
