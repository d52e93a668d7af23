/** The array `dataLayer`, which tag managers read. */
export interface DataLayer {
  /** The method that the tag manager observes. */
  push(...entries: unknown[]): unknown;
  /** The number of entries. */
  readonly length: number;
  readonly [place: number]: unknown;
}

/**
 * Calls `hear` with each event of a GA4 dataLayer, including the events already in it. It
 * understands `{ event, ecommerce }` as in Tag Manager, and `gtag('event', name, parameters)`.
 * Returns a function that stops it.
 */
export function followDataLayer(
  dataLayer: DataLayer,
  hear: (name: unknown, parameters: unknown) => void,
): () => void {
  let following = true;
  const read = (entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return;
    const {
      0: command,
      1: name,
      2: parameters,
      event,
      ecommerce,
    } = entry as Record<string, unknown>;
    if (command === 'event') hear(name, parameters);
    else if (event !== undefined) hear(event, ecommerce ?? entry);
  };
  for (let place = 0; place < dataLayer.length; place++) read(dataLayer[place]);
  const push = dataLayer.push;
  dataLayer.push = (...entries) => {
    // The tag manager comes first; it must not be disturbed by this listener.
    const result = push.apply(dataLayer, entries);
    if (following) entries.forEach(read);
    return result;
  };
  return () => {
    following = false;
  };
}
