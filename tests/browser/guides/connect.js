import { createVitrine } from 'vitrine';

const vitrine = createVitrine({ bundle: '/shop.vitrine' });

window.dataLayer = window.dataLayer || [];
vitrine.connect(window.dataLayer); // those already in it count too

window.live = vitrine;
