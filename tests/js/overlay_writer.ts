// Writes overlays from docs/bundle-format.md alone, as bundle_writer.ts does for bundles.
import { f32, frame, stringTable, type TestBundle, u16, u32, xxh64 } from './bundle_writer.ts';

export { writeBundle } from './bundle_writer.ts';

export interface TestOverlay {
  /** The new price of each item id. */
  prices?: Record<string, number>;
  /** Ids of items whose availability changes. */
  available?: string[];
  /** The new popularity code of each item id. */
  popularity?: Record<string, number>;
  shift?: number;
  added?: {
    id: string;
    price?: number;
    available?: boolean;
    popularity?: number;
    /** The share of each alike item, in 255ths. */
    alike?: Record<string, number>;
  }[];
  experiments?: string;
}

/** Writes an overlay for the bundle that `writeBundle` makes of `base`. */
export function writeOverlay(
  base: TestBundle,
  bundle: Uint8Array,
  changes: TestOverlay,
): Uint8Array<ArrayBuffer> {
  const number = (id: string) => base.items.findIndex((item) => item.id === id);
  const rising = (ids: string[]) => ids.map(number).sort((a, b) => a - b);
  const inOrder = (record: Record<string, number>) =>
    Object.entries(record)
      .map(([id, value]) => ({ item: number(id), value }))
      .sort((a, b) => a.item - b.item);
  const sections = new Map<number, Uint8Array>();
  const set = (kind: number, bytes: Uint8Array) => {
    if (bytes.length > 0) sections.set(kind, bytes);
  };

  const priced = inOrder(changes.prices ?? {});
  set(83, u32(priced.map(({ item }) => item)));
  set(84, f32(priced.map(({ value }) => value)));
  set(85, u32(rising(changes.available ?? [])));
  const popular = inOrder(changes.popularity ?? {});
  set(86, u32(popular.map(({ item }) => item)));
  set(87, u16(popular.map(({ value }) => value)));

  const added = [...(changes.added ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (added.length > 0) {
    set(80, stringTable(added.map(({ id }) => id)));
    const codes = added.map(({ popularity = 0 }) => popularity);
    set(
      6,
      Uint8Array.from([...codes.map((code) => code & 255), ...codes.map((code) => code >> 8)]),
    );
    set(14, f32(added.map(({ price = -1 }) => price)));
    const bits = new Uint8Array(Math.ceil(added.length / 8));
    added.forEach(({ available = true }, i) => {
      if (available) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
    });
    set(15, bits);
    const alike = added.map(({ alike: shares = {} }) => {
      const lenders = Object.entries(shares);
      return Array.from({ length: 8 }, (_, i) => lenders[i] ?? [base.items[0]?.id ?? '', 0]);
    });
    set(81, u32(alike.flat().map(([id]) => number(id as string))));
    set(82, Uint8Array.from(alike.flat().map(([, share]) => share as number)));
  }
  set(5, new TextEncoder().encode(changes.experiments ?? ''));
  return frame('VITRLAY\n', sections, (view) => {
    view.setBigUint64(32, xxh64(bundle.subarray(16)), true);
    view.setUint32(40, added.length, true);
    view.setUint32(44, changes.shift ?? 0, true);
  });
}
