// Stand-ins for consent platforms, as far as docs/guides/consent.md calls them. They do not contain
// the platforms' own code.

/** The action of each platform when the shopper has answered, as described in its documentation. */
export const platforms = {
  google: {
    before: () => {
      window.dataLayer = [];
      window.gtag = function () {
        // biome-ignore lint/complexity/noArguments: as Google's own function has it
        window.dataLayer.push(arguments);
      };
      window.gtag('consent', 'default', { personalization_storage: 'denied' });
    },
    answer: (allowed) =>
      window.gtag('consent', 'update', { personalization_storage: allowed ? 'granted' : 'denied' }),
  },
  tcf: {
    before: () => {
      window.__tcfapi = (command, version, callback) => {
        if (command !== 'addEventListener' || version !== 2) throw new Error(command);
        window.tell = (data) => callback({ gdprApplies: true, ...data }, true);
        window.tell({ eventStatus: 'cmpuishown', purpose: { consents: {} } });
      };
    },
    answer: (allowed) =>
      window.tell({
        eventStatus: 'useractioncomplete',
        purpose: { consents: { 1: true, 5: allowed, 6: allowed } },
      }),
  },
  onetrust: {
    before: () => {
      window.OneTrust = { IsAlertBoxClosed: () => window.closed_ === true };
      addEventListener('load', () =>
        dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: ['C0001'] })),
      );
    },
    answer: (allowed) => {
      window.closed_ = true;
      const detail = allowed ? ['C0001', 'C0003'] : ['C0001'];
      dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail }));
    },
  },
  cookiebot: {
    before: () => {
      window.Cookiebot = { hasResponse: false, consent: { preferences: false } };
      addEventListener('load', () => dispatchEvent(new Event('CookiebotOnConsentReady')));
    },
    answer: (preferences) => {
      window.Cookiebot = { hasResponse: true, consent: { preferences } };
      dispatchEvent(new Event('CookiebotOnConsentReady'));
    },
  },
  wordpress: {
    answer: (allowed) => {
      const tell = (detail) =>
        document.dispatchEvent(new CustomEvent('wp_listen_for_consent_change', { detail }));
      tell({ marketing: 'allow' });
      tell({ preferences: allowed ? 'allow' : 'deny' });
    },
  },
  shopify: {
    answer: (preferencesAllowed) =>
      document.dispatchEvent(
        new CustomEvent('visitorConsentCollected', { detail: { preferencesAllowed } }),
      ),
  },
};
