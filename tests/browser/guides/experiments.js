import { createPersonalizer, whenSeen } from 'vitrine';

const vitrine = await createPersonalizer({
  bundle: '/shop.vitrine',
  visitorId,
  experiments: {
    attributes: { country: 'DE' },
    onExposure: (exposure) => navigator.sendBeacon('/events', JSON.stringify(exposure)),
  },
});
const { name, value } = vitrine.experiment('blend');
const list = vitrine.recommend(value);
whenSeen(document.querySelector('#row'), () => {
  vitrine.expose('blend', { slot: 'home', items: list.map(({ id }) => id) });
});

window.assigned = name;
