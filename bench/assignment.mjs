// What benches of assignment share: the experiments, the visitors, and the time of one call.

export const plain = { key: 'hero', variations: ['control', 'b'], hashVersion: 2 };
export const targeted = {
  ...plain,
  weights: [0.2, 0.8],
  condition: { country: { $in: ['DE', 'AT'] }, 'cart.total': { $gte: 50 } },
};
export const attributes = { country: 'DE', cart: { total: 60 } };
export const units = Array.from({ length: 1000 }, (_, i) => `visitor-${i}`);

/** Nanoseconds of one call: the mean over `rounds` times all of `over`. */
export function nanoseconds(call, rounds = 50, over = units) {
  const start = performance.now();
  for (let round = 0; round < rounds; round++) for (const unit of over) call(unit);
  return (1e6 * (performance.now() - start)) / (rounds * over.length);
}
