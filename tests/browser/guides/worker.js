import { createWorkerPersonalizer } from 'vitrine/worker';

const vitrine = await createWorkerPersonalizer({ bundle: '/shop.vitrine' });
vitrine.record({ item: 'stoneware-latte-mug-0001' });
const list = await vitrine.recommend({ limit: 5 });

window.list = list;
