import type { DeliveredEvent, DeliveryAdapter, DeliveryResult } from './record.js';

/** HTTP statuses of temporary failures: Request Timeout, Too Early, Too Many Requests. */
const temporary = [408, 425, 429];

/**
 * Makes an adapter that posts `{"events": [...]}` as JSON to `endpoint`. When the page is closed,
 * the request continues; its type is then text/plain, which needs no preflight. The adapter cannot
 * always know whether such a request arrived, so the next page may send the same events again with
 * the same ids.
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

/** Returns true when `fetch` supports `keepalive`; Firefox before 133 does not. */
function outlivesPage(): boolean {
  return 'keepalive' in Request.prototype;
}

/**
 * Reads a Retry-After header, which has seconds or a date. Returns milliseconds; 0 without a
 * header.
 */
export function retryAfter(header: string | null, now = Date.now()): number {
  if (!header) return 0;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : 1000 * seconds;
  return wait > 0 ? wait : 0;
}

/**
 * Makes an adapter that pushes each event to a dataLayer as `{ event: 'vitrine', vitrine: ... }`,
 * so that a tag manager can forward it.
 */
export function dataLayerAdapter(dataLayer: { push(entry: unknown): unknown }): DeliveryAdapter {
  return each((event) => dataLayer.push({ event: 'vitrine', vitrine: event }));
}

/**
 * Makes an adapter that calls `track` of Segment's analytics.js, or of an object with the same
 * method.
 */
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
