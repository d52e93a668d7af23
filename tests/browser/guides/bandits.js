import { createVitrine, whenSeen } from 'vitrine';
import { Bandits } from 'vitrine/experiments';

const bandits = new Bandits({ consent: () => vitrine.consent.state });
const vitrine = createVitrine({
  bundle: '/shop.vitrine',
  visitorId,
  transport: '/events',
  experiments: { bandits },
});
await vitrine.ready;
const { name, propensity } = vitrine.experiment('offer');
whenSeen(document.querySelector('#offer'), () => vitrine.expose('offer'));
checkout.onsuccess = () => bandits.reward('offer');

window.offered = { name, propensity };
window.states = bandits.states;
