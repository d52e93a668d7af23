window.addEventListener('CookiebotOnConsentReady', () => {
  if (Cookiebot.hasResponse) answer(Cookiebot.consent.preferences);
});
