// Replays expected lists through the package; runs unchanged in Node and in a page.

/**
 * Everything in which the package answers otherwise than the native command: ids, order, scores and reasons, to the
 * last bit.
 *
 * @param {import('../../js/src/ranking/types.ts').Personalizer} vitrine
 * @param {import('./prepare.mjs').Expected[]} expected lists of this one bundle
 * @returns {string[]} one line a difference
 */
export function differences(vitrine, expected) {
  return expected.flatMap((list, i) => {
    const { name, history, starts, over, unknown, items, limit, includeSeen, options } = list;
    vitrine.clear();
    const week = 7 * 24 * 3600 * 1000;
    let time = Date.now() - week * (starts.length + (over ? 1 : 0));
    const refused = history.filter((item, place) => {
      if (starts.includes(place)) time += week;
      return !vitrine.record({ item, time });
    });
    const got = vitrine.recommend({ excludeSeen: !includeSeen, ...options, limit });
    const label = `${name}, list ${i}`;
    if (JSON.stringify(refused) !== JSON.stringify(unknown)) {
      return [`${label}: unknown items ${JSON.stringify(refused)}, not ${JSON.stringify(unknown)}`];
    }
    if (got.length !== items.length) return [`${label}: ${got.length} items, not ${items.length}`];
    const first = got.findIndex((item, place) => text(item) !== text(items[place]));
    return first < 0
      ? []
      : [`${label}, place ${first}: ${text(got[first])}, not ${text(items[first])}`];
  });
}

/** All of one place; numbers print alike only when they are the same double. */
function text({ id, score, reasons, propensity }) {
  const parts = reasons.map(({ kind, item, rule, score: part }) => [kind, item ?? rule, part]);
  return JSON.stringify([id, score, propensity, parts]);
}
