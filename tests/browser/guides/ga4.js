window.vitrine = window.vitrine || [];
window.dataLayer = window.dataLayer || [];

vitrine.options = {
  manifest: '/vitrine/manifest.json',
  transport(events) {
    for (const event of events) dataLayer.push({ event: 'vitrine', vitrine: event });
    return 'sent';
  },
};
vitrine.push((live) => live.connect(dataLayer));
