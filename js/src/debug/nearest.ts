/** The largest number of ids that are compared, so that a large catalogue costs no second. */
const mostCompared = 200_000;

/**
 * Returns the name that `given` was probably meant to be: the one with the fewest letters to insert,
 * delete or exchange, at most a third of its letters. Undefined when no name is that near.
 */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const wanted = given.toLowerCase();
  let best: string | undefined;
  let least = Math.floor(wanted.length / 3) + 1;
  for (const name of names) {
    const distance = edits(wanted, name.toLowerCase());
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** Returns the edit distance of Levenshtein between two short texts. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * Returns up to `count` of `ids` that look like `given`, most alike first: those that share the most
 * pairs of neighbouring letters or digits with it (the coefficient of Dice).
 */
export function lookAlikes(given: string, ids: Iterable<string>, count = 3): string[] {
  const pairs = pairsOf(given);
  const best: { id: string; alike: number }[] = [];
  let compared = 0;
  for (const id of ids) {
    if (++compared > mostCompared) break;
    const others = pairsOf(id);
    let shared = 0;
    for (const pair of others) if (pairs.has(pair)) shared++;
    const alike = (2 * shared) / (pairs.size + others.size || 1);
    if (alike <= (best[count - 1]?.alike ?? 0)) continue;
    best.push({ id, alike });
    best.sort((a, b) => b.alike - a.alike).splice(count);
  }
  return best.map(({ id }) => id);
}

function pairsOf(id: string): Set<string> {
  const text = `^${id.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')}$`;
  return new Set(Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2)));
}
