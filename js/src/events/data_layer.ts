/** An array that tag managers read: `dataLayer`. */
export interface DataLayer {
  /** What the tag manager listens to. */
  push(...entries: unknown[]): unknown;
  /** How many entries there are. */
  readonly length: number;
  readonly [place: number]: unknown;
}

/**
 * Calls `hear` with each event of a GA4 dataLayer, those already in it first: `{ event, ecommerce }` as Tag Manager
 * takes them, and `gtag('event', name, parameters)`. Returns a function that ends it.
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
    // First the tag manager, which must not notice that anybody listens.
    const result = push.apply(dataLayer, entries);
    if (following) entries.forEach(read);
    return result;
  };
  return () => {
    following = false;
  };
}
