import type { DeliveredEvent, DeliveryAdapter, DeliveryResult } from './record.js';

/** Answers that a later attempt may change: Request Timeout, Too Early, Too Many Requests. */
const temporary = [408, 425, 429];

/**
 * Posts `{"events": [...]}` as JSON to `endpoint`. When the page goes away the request outlives it; it is then of type
 * text/plain, which needs no preflight. Whether such a request arrived is not always known: the next page may send
 * the same events, with the same ids, again.
 */
export function fetchAdapter(
  endpoint: string | URL,
  options: { fetch?: typeof fetch; headers?: Record<string, string> } = {},
): DeliveryAdapter {
  return {
    async send(events, { leaving }) {
      const body = JSON.stringify({ events });
      if (leaving && !outlivesPage() && navigator.sendBeacon(endpoint, body)) return 'sent';
      const response = await (options.fetch ?? fetch)(endpoint, {
        method: 'POST',
        headers: {
          'Content-Type': leaving ? 'text/plain' : 'application/json',
          ...options.headers,
        },
        body,
        keepalive: leaving,
      });
      if (response.ok) return 'sent';
      const { status } = response;
      return status >= 500 || temporary.includes(status)
        ? { later: retryAfter(response.headers.get('Retry-After')) }
        : 'refused';
    },
  };
}

/** Whether `fetch` knows `keepalive`; Firefox before 133 does not. */
function outlivesPage(): boolean {
  return 'keepalive' in Request.prototype;
}

/** Milliseconds of a Retry-After header, in seconds or as a date; 0 for none. */
export function retryAfter(header: string | null, now = Date.now()): number {
  if (!header) return 0;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : 1000 * seconds;
  return wait > 0 ? wait : 0;
}

/** Pushes each event to a dataLayer as `{ event: 'vitrine', vitrine: ... }`, for a tag manager to take on. */
export function dataLayerAdapter(dataLayer: { push(entry: unknown): unknown }): DeliveryAdapter {
  return each((event) => dataLayer.push({ event: 'vitrine', vitrine: event }));
}

/** Calls `track` of Segment's analytics.js, or of anything with the same call. */
export function segmentAdapter(analytics: {
  track(name: string, properties: object, options?: object): unknown;
}): DeliveryAdapter {
  return each(({ event, id, time, ...properties }) => {
    const options = { messageId: id, timestamp: new Date(time) };
    analytics.track(`vitrine ${event}`, properties, options);
  });
}

function each(hand: (event: DeliveredEvent) => void): DeliveryAdapter {
  return {
    send(events): DeliveryResult {
      for (const event of events) hand(event);
      return 'sent';
    },
  };
}
