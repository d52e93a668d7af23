// Sessions as a storefront developer would search them: item-kNN and VMIS-kNN over Maps, VMIS-kNN over typed arrays. The
// VMIS ones answer what core/include/vitrine/ranking/session_neighbours.h answers, from the same sampled sessions.
import { best } from './measure.mjs';

/** m sessions compared, k neighbours, the last events that count, and how far back a match counts. */
export const vmis = { m: 500, k: 100, events: 10, reach: 10 };

const match = (place) => Math.max(1, vmis.reach - 1 - place) / vmis.reach;

/** Distinct items of the last events, latest first, with their weight and place. */
function sources(history) {
  const last = history.slice(-vmis.events).reverse();
  const seen = new Map();
  for (const [place, item] of last.entries()) {
    if (!seen.has(item)) seen.set(item, { place, weight: last.length - place });
  }
  return seen;
}

/** Sessions that a bundle samples, latest first, as lists of item numbers; docs/bundle-format.md. */
export function sampledSessions(bundle) {
  const view = new DataView(bundle.buffer, bundle.byteOffset);
  const section = {};
  for (let i = 0, entry = 48; i < view.getUint32(20, true); i++, entry += 24) {
    const from = Number(view.getBigUint64(entry + 8, true));
    const size = Number(view.getBigUint64(entry + 16, true));
    section[view.getUint32(entry, true)] = bundle.slice(from, from + size);
  }
  const low = new Uint16Array(section[41].buffer);
  let at = 0;
  return Array.from(section[40], (length) => {
    at += length;
    return Array.from(low.subarray(at - length, at), (item, i) => {
      return item + 65_536 * (section[42]?.[at - length + i] ?? 0);
    });
  });
}

export class MapVmis {
  #sessions;
  #latest = new Map(); // item -> its m latest sessions
  #rarity = new Map();

  /** `sessions`: lists of ids, latest first. */
  constructor(sessions) {
    this.#sessions = sessions;
    const counts = new Map();
    let entries = 0;
    for (const [number, items] of sessions.entries()) {
      for (const item of items) {
        entries++;
        counts.set(item, (counts.get(item) ?? 0) + 1);
        if (!this.#latest.has(item)) this.#latest.set(item, []);
        if (this.#latest.get(item).length < vmis.m) this.#latest.get(item).push(number);
      }
    }
    for (const [item, count] of counts) {
      this.#rarity.set(item, Math.log(entries / count) / Math.log(entries));
    }
  }

  query(history, limit) {
    const found = new Map();
    for (const [item, { place, weight }] of sources(history)) {
      for (const session of this.#latest.get(item) ?? []) {
        const before = found.get(session);
        if (before) before.similarity += weight;
        else found.set(session, { similarity: weight, match: match(place) });
      }
    }
    const neighbours = [...found]
      .sort(([a], [b]) => a - b)
      .slice(0, vmis.m)
      .sort(([a, x], [b, y]) => y.similarity - x.similarity || a - b)
      .slice(0, vmis.k);
    const votes = new Map();
    for (const [session, { similarity, match }] of neighbours) {
      for (const item of this.#sessions[session]) {
        const vote = similarity * match * this.#rarity.get(item);
        votes.set(item, (votes.get(item) ?? 0) + vote);
      }
    }
    return [...votes]
      .sort(([, a], [, b]) => b - a)
      .slice(0, limit)
      .map(([item]) => item);
  }
}

/** Items that were seen with the last ones, by cosine: another question, and the usual first answer. */
export class MapItemKnn {
  #lists = new Map();

  constructor(sessions) {
    const counts = new Map();
    const pairs = new Map();
    for (const items of sessions) {
      for (const item of items) {
        counts.set(item, (counts.get(item) ?? 0) + 1);
        if (!pairs.has(item)) pairs.set(item, new Map());
        const beside = pairs.get(item);
        for (const other of items) {
          if (other !== item) beside.set(other, (beside.get(other) ?? 0) + 1);
        }
      }
    }
    for (const [item, beside] of pairs) {
      const list = [...beside]
        .map(([other, both]) => [other, both / Math.sqrt(counts.get(item) * counts.get(other))])
        .sort(([, a], [, b]) => b - a);
      this.#lists.set(item, list.slice(0, 100));
    }
  }

  query(history, limit) {
    const scores = new Map();
    for (const [item, { weight }] of sources(history)) {
      for (const [other, similarity] of this.#lists.get(item) ?? []) {
        scores.set(other, (scores.get(other) ?? 0) + weight * similarity);
      }
    }
    return [...scores]
      .sort(([, a], [, b]) => b - a)
      .slice(0, limit)
      .map(([item]) => item);
  }
}

export class TypedVmis {
  #offsets;
  #items;
  #postingOffsets;
  #postings;
  #rarity;
  #votes;
  #touched;
  #sessions = new Uint32Array(vmis.m);
  #similarities = new Uint32Array(vmis.m);
  #matches = new Float32Array(vmis.m);
  #counts = new Uint32Array(1 + (vmis.events * (vmis.events + 1)) / 2);

  /** `sessions`: lists of item numbers below n, latest first. */
  constructor(sessions, n) {
    this.#offsets = new Uint32Array(sessions.length + 1);
    for (const [i, items] of sessions.entries())
      this.#offsets[i + 1] = this.#offsets[i] + items.length;
    this.#items = Uint32Array.from(sessions.flat());
    this.#postingOffsets = new Uint32Array(n + 1);
    for (const item of this.#items) this.#postingOffsets[item + 1]++;
    for (let i = 0; i < n; i++) this.#postingOffsets[i + 1] += this.#postingOffsets[i];
    const next = this.#postingOffsets.slice();
    this.#postings = new Uint32Array(this.#items.length);
    for (const [session, items] of sessions.entries()) {
      for (const item of items) this.#postings[next[item]++] = session;
    }
    const all = Math.log(this.#items.length);
    this.#rarity = Float32Array.from({ length: n }, (_, i) => {
      const count = this.#postingOffsets[i + 1] - this.#postingOffsets[i];
      return count > 0 ? 1 - Math.log(count) / all : 0;
    });
    this.#votes = new Float32Array(n);
    this.#touched = new Uint32Array(n);
  }

  query(history, limit) {
    const count = this.#compare(history);
    const touched = this.#vote(count);
    const items = this.#touched.subarray(0, touched);
    const list = best(
      Float32Array.from(items, (item) => this.#votes[item]),
      limit,
    ).map((i) => items[i]);
    for (const item of items) this.#votes[item] = 0;
    return list;
  }

  /** Merges the sessions of the sources, latest first, until there are m; returns how many there are. */
  #compare(history) {
    const heads = [];
    const ends = [];
    const weights = [];
    const places = [];
    for (const [item, { place, weight }] of sources(history)) {
      heads.push(this.#postingOffsets[item]);
      ends.push(this.#postingOffsets[item + 1]);
      weights.push(weight);
      places.push(place);
    }
    const postings = this.#postings;
    let count = 0;
    while (count < vmis.m) {
      let session = 0xffffffff;
      for (let s = 0; s < heads.length; s++) {
        if (heads[s] < ends[s] && postings[heads[s]] < session) session = postings[heads[s]];
      }
      if (session === 0xffffffff) break;
      let similarity = 0;
      let latest = 0;
      for (let s = heads.length - 1; s >= 0; s--) {
        if (heads[s] < ends[s] && postings[heads[s]] === session) {
          similarity += weights[s];
          latest = places[s];
          heads[s]++;
        }
      }
      this.#sessions[count] = session;
      this.#similarities[count] = similarity;
      this.#matches[count++] = match(latest);
    }
    return count;
  }

  /** Adds up the votes of the k most similar, found by counting; returns how many items have some. */
  #vote(count) {
    this.#counts.fill(0);
    for (let i = 0; i < count; i++) this.#counts[this.#similarities[i]]++;
    let bound = this.#counts.length - 1;
    let left = vmis.k;
    while (bound > 0 && this.#counts[bound] < left) left -= this.#counts[bound--];
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const similarity = this.#similarities[i];
      if (similarity < bound || (similarity === bound && left-- <= 0)) continue;
      const weight = similarity * this.#matches[i];
      const session = this.#sessions[i];
      for (let e = this.#offsets[session]; e < this.#offsets[session + 1]; e++) {
        const item = this.#items[e];
        if (this.#votes[item] === 0) this.#touched[touched++] = item;
        this.#votes[item] += weight * this.#rarity[item];
      }
    }
    return touched;
  }
}
