// The file for a script tag:
// <script async src="vitrine.js" data-manifest="/vitrine/manifest.json"></script>
// It replaces the page's queue, `window.vitrine = window.vitrine || []`, by the live object.
import { createVitrine } from '../page/create_vitrine.js';
import type { Vitrine, VitrineOptions } from '../page/vitrine_types.js';
import type { ConsentState } from '../session/consent.js';

type Callback = (vitrine: Vitrine) => void;
type Waiting = Callback[] & Partial<VitrineOptions>;

const script = document.currentScript as HTMLScriptElement | null;
const page = globalThis as { vitrine?: Waiting | Vitrine };
const waiting = page.vitrine;

// A second tag finds the live object of the first.
if (script && (waiting === undefined || Array.isArray(waiting))) {
  const {
    manifest,
    publicKey,
    shop,
    scope,
    transport,
    visitorId,
    timeout,
    consent,
    debug,
    inspector,
  } = script.dataset;
  const { options } = (waiting ?? {}) as { options?: Partial<VitrineOptions> };
  const live = createVitrine({
    wasm: new URL('vitrine.wasm', script.src),
    ...(manifest && { manifest }),
    // An empty attribute, as of an empty variable in a template, must not turn the check off.
    ...(publicKey !== undefined && { publicKey }),
    ...(shop && { shop }),
    ...(scope && { scope }),
    ...(transport && { transport }),
    ...(visitorId && { visitorId }),
    ...(timeout && { timeout: Number(timeout) }),
    ...(consent && { consent: consent as ConsentState }),
    ...(debug !== undefined && { debug: debug !== 'false' }),
    ...(inspector !== undefined && { inspector: inspector !== 'false' }),
    ...options,
  });
  page.vitrine = live;
  if (waiting) live.push(...waiting);
}
