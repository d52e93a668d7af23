import { createWorkerPersonalizer } from 'vitrine/worker';

const personalizer = createWorkerPersonalizer({ bundle: '/vitrine/shop.vitrine' });

/** The results of a search in the best order for this shopper. */
export async function order(results) {
  const list = await (await personalizer).rerank(results);
  return list.map(({ id }) => id);
}
