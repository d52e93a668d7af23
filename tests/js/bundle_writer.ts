// Writes bundles of format version 1 from docs/bundle-format.md alone: a second opinion on the exporter's writer, and
// the source of small shops with a known answer.

export interface TestItem {
  id: string;
  /** How much it is seen; only the share of the best item counts. Items are numbered in the order given. */
  popularity?: number;
  /** Trending rate, in 255ths. */
  trend?: number;
  category?: string;
  brand?: string;
  price?: number;
  available?: boolean;
  /** Embedding; all items have one or none has. At most 16 numbers. */
  vector?: number[];
  /** Session row: id of the target -> weight. */
  next?: Record<string, number>;
}

export interface TestBundle {
  items: TestItem[];
  recommend?: Blend;
  similar?: Blend;
  rowDecay?: number;
  /** Default: 0. */
  sessionDecay?: number;
  /** Default: 0. */
  openingDecay?: number;
  /** Seconds. Default: 1800. */
  sessionGap?: number;
  repeatWeight?: number;
  /** Default: 0. */
  returnWeight?: number;
  embeddingDecay?: number;
  alpha?: number;
  kindWeights?: number[];
  /** Past sessions as ids of items, the latest session first. */
  sessions?: string[][];
  neighbours?: Neighbours;
  /** By country, sorted: ids of its best-known items, at most eight. */
  markets?: Record<string, string[]>;
  metadata?: string;
  experiments?: string;
  /** Items of near directions, by number: each partition's unit vector, and one past its last item. */
  partitions?: { centroid: number[]; end: number }[];
  margin?: number;
}

interface Blend {
  rows?: number;
  embeddings?: number;
  popularity?: number;
  neighbours?: number;
  trending?: number;
}

interface Neighbours {
  sessions?: number;
  neighbours?: number;
  events?: number;
  reach?: number;
  idf?: number;
}

const kNone = 0xffff;
const utf8 = new TextEncoder();

export function writeBundle(shop: TestBundle): Uint8Array<ArrayBuffer> {
  const { items } = shop;
  const sections = new Map<number, Uint8Array>();
  sections.set(1, idSection(items));
  sections.set(2, idOrder(items));
  sections.set(3, settings(shop));
  sections.set(4, utf8.encode(shop.metadata ?? '{}'));
  if (shop.experiments !== undefined) sections.set(5, utf8.encode(shop.experiments));
  sections.set(6, popularity(items));
  if (items.some(({ trend }) => trend !== undefined)) {
    sections.set(7, new Uint8Array(items.map(({ trend }) => trend ?? 0)));
  }
  markets(shop, sections);
  catalogue(items, sections);
  const dims = embeddings(items, sections);
  partitions(shop, sections);
  const entries = sessionRows(items, sections);
  sampledSessions(items, shop.sessions ?? [], sections);
  return assemble(sections, { items: items.length, dims, entries });
}

/** Recomputes the content hash, after a test has changed bytes. */
export function seal(bundle: Uint8Array): void {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  view.setBigUint64(8, xxh64(bundle.subarray(16)), true);
}

function assemble(
  sections: Map<number, Uint8Array>,
  { items, dims, entries }: { items: number; dims: number; entries: number },
): Uint8Array<ArrayBuffer> {
  return frame('VITRINE\n', sections, (view) => {
    view.setUint32(32, items, true);
    view.setUint32(36, dims, true);
    view.setUint32(40, up(dims), true);
    view.setUint32(44, entries, true);
  });
}

const up = (n: number) => Math.ceil(n / 16) * 16;

/** What bundles and overlays have in common: a header, which `fill` completes, a table of sections, and these. */
export function frame(
  magic: string,
  sections: Map<number, Uint8Array>,
  fill: (view: DataView) => void,
): Uint8Array<ArrayBuffer> {
  let offset = up(48 + 24 * sections.size);
  const placed = [...sections].map(([kind, bytes]) => {
    const start = offset;
    offset = up(start + bytes.length);
    return { kind, bytes, start };
  });
  const last = placed.at(-1);
  const size = last ? last.start + last.bytes.length : 48;
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set(utf8.encode(magic));
  view.setUint32(16, 1, true);
  view.setUint32(20, sections.size, true);
  view.setBigUint64(24, BigInt(size), true);
  fill(view);
  placed.forEach(({ kind, bytes, start }, i) => {
    view.setUint32(48 + 24 * i, kind, true);
    view.setBigUint64(48 + 24 * i + 8, BigInt(start), true);
    view.setBigUint64(48 + 24 * i + 16, BigInt(bytes.length), true);
    file.set(bytes, start);
  });
  seal(file);
  return file;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function sortedIds(items: TestItem[]): { bytes: Uint8Array; item: number }[] {
  return items
    .map(({ id }, item) => ({ bytes: utf8.encode(id), item }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes));
}

function idSection(items: TestItem[]): Uint8Array {
  const varint = (n: number) => (n < 128 ? [n] : [(n & 127) | 128, n >> 7]);
  const blocks = Math.ceil(items.length / 16);
  const offsets = [];
  const text: number[] = [];
  let before = new Uint8Array(0);
  for (const [rank, { bytes }] of sortedIds(items).entries()) {
    if (rank % 16 === 0) {
      offsets.push(4 * (blocks + 1) + text.length);
      before = new Uint8Array(0);
    }
    let shared = 0;
    while (shared < before.length && before[shared] === bytes[shared]) shared++;
    text.push(...varint(shared), ...varint(bytes.length - shared), ...bytes.subarray(shared));
    before = new Uint8Array(bytes);
  }
  offsets.push(4 * (blocks + 1) + text.length);
  return concat(u32(offsets), new Uint8Array(text));
}

function idOrder(items: TestItem[]): Uint8Array {
  const order = sortedIds(items).map(({ item }) => item);
  return planes(order, items.length <= 65536 ? 2 : 3);
}

function popularity(items: TestItem[]): Uint8Array {
  const seen = items.map((item) => item.popularity ?? 0);
  const best = seen.reduce((a, b) => Math.max(a, b), 0);
  const code = (share: number) => Math.max(1, 65535 + Math.round(2048 * Math.log2(share)));
  return planes(
    seen.map((value) => (value > 0 ? code(value / best) : 0)),
    2,
  );
}

function markets(shop: TestBundle, sections: Map<number, Uint8Array>): void {
  const names = Object.keys(shop.markets ?? {});
  if (names.length === 0) return;
  const places = Object.values(shop.markets ?? {}).flatMap((ids) => {
    const items = ids.map((id) => shop.items.findIndex((item) => item.id === id));
    items.sort((a, b) => a - b);
    return [...items, ...new Array(24 - items.length).fill(0xffffffff)];
  });
  sections.set(50, stringTable(names));
  sections.set(51, u32(places));
}

/** Fields by rising tag. Those of the blends that are not given are left out: they have their default, 0. */
function settings(shop: TestBundle): Uint8Array {
  const field = (tag: number, values: Uint8Array) => concat(u16([tag, values.length / 4]), values);
  const blend = (tags: number, given: Blend | undefined) => [
    field(tags, f32([given?.rows ?? 1])),
    ...(given?.embeddings === undefined ? [] : [field(tags + 1, f32([given.embeddings]))]),
    field(tags + 2, f32([given?.popularity ?? 0.01])),
    ...(given?.neighbours === undefined ? [] : [field(tags + 4, f32([given.neighbours]))]),
    ...(given?.trending === undefined ? [] : [field(tags + 6, f32([given.trending]))]),
  ];
  const {
    sessions = 500,
    neighbours = 100,
    events = 10,
    reach = 10,
    idf = 1,
  } = shop.neighbours ?? {};
  return concat(
    field(1, f32([shop.rowDecay ?? 0.75])),
    field(2, f32([shop.sessionDecay ?? 0])),
    field(3, f32([shop.openingDecay ?? 0])),
    field(4, u32([shop.sessionGap ?? 1800])),
    field(5, f32([shop.repeatWeight ?? 0])),
    field(6, f32([shop.returnWeight ?? 0])),
    field(7, f32([shop.embeddingDecay ?? 0.75])),
    field(8, f32([shop.alpha ?? 10])),
    field(9, f32(shop.kindWeights ?? [1, 2, 3, 2, 0, 0.5])),
    field(10, u32([sessions])),
    field(11, u32([neighbours])),
    field(12, u32([events])),
    field(13, u32([reach])),
    field(14, f32([idf])),
    ...blend(0x100, shop.recommend),
    ...blend(0x200, shop.similar),
  );
}

function catalogue(items: TestItem[], sections: Map<number, Uint8Array>): void {
  const index = (names: (string | undefined)[], table: string[]) =>
    u16(names.map((name) => (name === undefined ? kNone : table.indexOf(name))));
  // The separator sorts before every other byte: what lies below a category stands right behind it.
  const key = (path: string) => utf8.encode(path.replaceAll('/', '\0'));
  const paths = items.flatMap(({ category }) => (category === undefined ? [] : ancestry(category)));
  const categories = [...new Set(paths)].sort((a, b) => compareBytes(key(a), key(b)));
  const brands = [...new Set(items.flatMap(({ brand }) => (brand === undefined ? [] : [brand])))];
  brands.sort((a, b) => compareBytes(utf8.encode(a), utf8.encode(b)));
  if (categories.length > 0) {
    sections.set(10, stringTable(categories));
    sections.set(
      12,
      index(
        items.map((item) => item.category),
        categories,
      ),
    );
  }
  if (brands.length > 0) {
    sections.set(11, stringTable(brands));
    sections.set(
      13,
      index(
        items.map((item) => item.brand),
        brands,
      ),
    );
  }
  if (items.some((item) => item.price !== undefined)) {
    sections.set(14, f32(items.map((item) => item.price ?? -1)));
  }
  if (items.some((item) => item.available === false)) {
    const bits = new Uint8Array(Math.ceil(items.length / 8));
    items.forEach((item, i) => {
      if (item.available !== false) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
    });
    sections.set(15, bits);
  }
}

function ancestry(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function embeddings(items: TestItem[], sections: Map<number, Uint8Array>): number {
  const dims = items[0]?.vector?.length ?? 0;
  if (dims === 0) return 0;
  const scales: number[] = [];
  const codes = new Int8Array(items.length * 16);
  const rounded = items.map(({ vector = [] }, i) => {
    const scale = bfloat(Math.max(...vector.map(Math.abs)) / 127);
    scales.push(scale.half);
    return vector.map((value, d) => {
      const code = scale.value > 0 ? Math.round(value / scale.value) : 0;
      codes[i * 16 + d] = Math.max(-127, Math.min(127, code));
      return scale.value * (codes[i * 16 + d] ?? 0);
    });
  });
  const gram: number[] = [];
  for (let row = 0; row < dims; row++) {
    for (let column = 0; column <= row; column++) {
      const product = rounded.reduce((sum, y) => sum + (y[row] ?? 0) * (y[column] ?? 0), 0);
      gram.push(product + (row === column ? 0.1 : 0));
    }
  }
  sections.set(20, u16(scales));
  sections.set(21, new Uint8Array(codes.buffer));
  sections.set(22, f32(gram));
  return dims;
}

function partitions(
  { partitions: given = [], margin = 2 }: TestBundle,
  sections: Map<number, Uint8Array>,
): void {
  if (given.length === 0) return;
  const codes = new Int8Array(given.length * 16);
  const scales = given.map(({ centroid }, p) => {
    const scale = bfloat(Math.max(...centroid.map(Math.abs)) / 127);
    centroid.forEach((value, d) => {
      codes[p * 16 + d] = Math.round(value / scale.value);
    });
    return scale.half;
  });
  sections.set(60, new Uint8Array(codes.buffer));
  sections.set(61, u16(scales));
  sections.set(62, u32(given.map(({ end }) => end)));
  sections.set(63, concat(f32([margin]), u32([0])));
}

function sessionRows(items: TestItem[], sections: Map<number, Uint8Array>): number {
  const place = new Map(items.map(({ id }, i) => [id, i]));
  const weights = items.flatMap(({ next = {} }) => Object.values(next));
  if (weights.length === 0) return 0;
  const levels = weightLevels(weights);
  const upwards: number[] = [];
  const sizes: number[] = [];
  const bytes: number[] = [];
  const write = (gap: number, weight: number) => {
    const distances = levels.map((level) => Math.abs(level - weight));
    const level = distances.indexOf(Math.min(...distances));
    if (gap < 12) bytes.push((gap << 4) | level);
    else if (gap < 780) bytes.push(((12 + ((gap - 12) >> 8)) << 4) | level, (gap - 12) & 0xff);
    else {
      bytes.push(0xf0 | level);
      let rest = gap - 780;
      for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
      bytes.push(rest);
    }
  };
  for (const [item, { next = {} }] of items.entries()) {
    const row = Object.entries(next).map(([id, weight]) => ({
      target: place.get(id) ?? -1,
      weight,
    }));
    const start = bytes.length;
    const up = row.filter(({ target }) => target >= item).sort((a, b) => a.target - b.target);
    const down = row.filter(({ target }) => target < item).sort((a, b) => b.target - a.target);
    up.forEach(({ target, weight }, i) => {
      write(target - (i === 0 ? item : (up[i - 1]?.target ?? 0) + 1), weight);
    });
    down.forEach(({ target, weight }, i) => {
      write((i === 0 ? item : (down[i - 1]?.target ?? 0)) - 1 - target, weight);
    });
    upwards.push(up.length);
    sizes.push(bytes.length - start);
  }
  const lengths = [...upwards, ...sizes];
  sections.set(30, planes(lengths, lengths.every((length) => length < 256) ? 1 : 2));
  sections.set(31, f32(levels));
  sections.set(32, new Uint8Array(bytes));
  return weights.length;
}

/** The weights themselves if 16 suffice, else 16 of them spread over all. */
function weightLevels(weights: number[]): number[] {
  const distinct = [...new Set(weights)].sort((a, b) => a - b);
  const most = Math.max(16, distinct.length);
  return Array.from({ length: 16 }, (_, i) => distinct[Math.floor((i * most) / 16)] ?? 0);
}

function sampledSessions(
  items: TestItem[],
  sessions: string[][],
  sections: Map<number, Uint8Array>,
): void {
  if (sessions.length === 0) return;
  const place = new Map(items.map(({ id }, i) => [id, i]));
  const sets = sessions.map((ids) =>
    [...new Set(ids)].map((id) => place.get(id) ?? -1).sort((a, b) => a - b),
  );
  const all = sets.flat();
  sections.set(40, new Uint8Array(sets.map((set) => set.length)));
  sections.set(41, u16(all.map((item) => item & 0xffff)));
  if (items.length > 65536) sections.set(42, new Uint8Array(all.map((item) => item >> 16)));
}

/** The upper half of an f32, rounded up so that codes never overflow. */
function bfloat(value: number): { half: number; value: number } {
  if (!(value > 0)) return { half: 0, value: 0 };
  const word = new Uint32Array(new Float32Array([value]).buffer)[0] ?? 0;
  const half = (word >>> 16) + ((word & 0xffff) === 0 ? 0 : 1);
  return { half, value: new Float32Array(new Uint32Array([half << 16]).buffer)[0] ?? 0 };
}

export function stringTable(strings: string[]): Uint8Array {
  const texts = strings.map((text) => utf8.encode(text));
  const offsets = [0];
  for (const text of texts) offsets.push((offsets.at(-1) ?? 0) + text.length);
  return concat(u32([strings.length, ...offsets]), ...texts);
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Whole numbers as byte planes: the low bytes of all, then the next bytes of all, and so on. */
function planes(numbers: number[], count: number): Uint8Array {
  const bytes = Array.from({ length: count }, (_, plane) =>
    numbers.map((number) => (number >>> (8 * plane)) & 0xff),
  );
  return new Uint8Array(bytes.flat());
}

export const u16 = (numbers: number[]) => new Uint8Array(new Uint16Array(numbers).buffer);
export const u32 = (numbers: number[]) => new Uint8Array(new Uint32Array(numbers).buffer);
export const f32 = (numbers: number[]) => new Uint8Array(new Float32Array(numbers).buffer);

/** XXH64 with seed 0 (xxHash specification 0.1.1), plainly. */
export function xxh64(bytes: Uint8Array): bigint {
  const mask = (1n << 64n) - 1n;
  const [p1, p2, p3, p4, p5] = [
    0x9e3779b185ebca87n,
    0xc2b2ae3d27d4eb4fn,
    0x165667b19e3779f9n,
    0x85ebca77c2b2ae63n,
    0x27d4eb2f165667c5n,
  ] as const;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const times = (a: bigint, b: bigint) => (a * b) & mask;
  const rotate = (a: bigint, by: bigint) => ((a << by) | (a >> (64n - by))) & mask;
  const round = (sum: bigint, lane: bigint) =>
    times(rotate((sum + times(lane, p2)) & mask, 31n), p1);
  let at = 0;
  let hash: bigint = p5;
  if (bytes.length >= 32) {
    const lanes = [(p1 + p2) & mask, p2, 0n, mask + 1n - p1];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) {
        lanes[i] = round(lanes[i] ?? 0n, view.getBigUint64(at + 8 * i, true));
      }
    }
    const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
    hash = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & mask;
    for (const lane of lanes) hash = (times(hash ^ round(0n, lane), p1) + p4) & mask;
  }
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    hash ^= round(0n, view.getBigUint64(at, true));
    hash = (times(rotate(hash, 27n), p1) + p4) & mask;
  }
  if (at + 4 <= bytes.length) {
    hash ^= times(BigInt(view.getUint32(at, true)), p1);
    hash = (times(rotate(hash, 23n), p2) + p3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at++) {
    hash ^= times(BigInt(bytes[at] ?? 0), p5);
    hash = times(rotate(hash, 11n), p1);
  }
  hash = times(hash ^ (hash >> 33n), p2);
  hash = times(hash ^ (hash >> 29n), p3);
  return hash ^ (hash >> 32n);
}
