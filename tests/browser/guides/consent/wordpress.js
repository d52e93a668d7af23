document.addEventListener('wp_listen_for_consent_change', ({ detail }) => {
  if (detail.preferences) answer(detail.preferences === 'allow');
});
