import type { DeliveredEvent, DeliveryResult, Transport } from './record.js';

/** HTTP statuses of temporary failures: Request Timeout, Too Early, Too Many Requests. */
const temporary = [408, 425, 429];

/**
 * Makes a transport that posts `{"events": [...]}` as JSON to `endpoint`. When the page is closed,
 * the request continues; its type is then text/plain, which needs no preflight. The transport cannot
 * always know whether such a request arrived, so the next page may send the same events again with
 * the same ids.
 */
export function fetchTransport(
  endpoint: string | URL,
  options: { fetch?: typeof fetch; headers?: Record<string, string> } = {},
): Transport {
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
 * Makes a transport that pushes each event to a dataLayer as `{ event: 'vitrine', vitrine: ... }`,
 * so that a tag manager can forward it.
 */
export function dataLayerTransport(dataLayer: { push(entry: unknown): unknown }): Transport {
  return each((event) => dataLayer.push({ event: 'vitrine', vitrine: event }));
}

/**
 * Makes a transport that calls `track` of Segment's analytics.js, or of an object with the same
 * method.
 */
export function segmentTransport(analytics: {
  track(name: string, properties: object, options?: object): unknown;
}): Transport {
  return each(({ event, id, time, ...properties }) => {
    const options = { messageId: id, timestamp: new Date(time) };
    analytics.track(`vitrine ${event}`, properties, options);
  });
}

function each(hand: (event: DeliveredEvent) => void): Transport {
  return {
    send(events): DeliveryResult {
      for (const event of events) hand(event);
      return 'sent';
    },
  };
}
