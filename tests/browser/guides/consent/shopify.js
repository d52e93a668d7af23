document.addEventListener('visitorConsentCollected', ({ detail }) => {
  answer(detail.preferencesAllowed);
});
