let count = 0;

/**
 * Returns an id of 32 hex digits, of which 112 bits are random. It also works on pages without
 * https, where `randomUUID` is missing. Later ids of a page sort after earlier ones (up to 65,536
 * ids), so that events of one millisecond keep their order.
 */
export function randomId(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  random[0] = count >> 8;
  random[1] = count++;
  return hex(random);
}

/** Returns two lower-case hex digits for each byte. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns an id as text: a number as its decimal digits, and '' for a value that cannot be an id. */
export function idText(id: unknown): string {
  return typeof id === 'string' ? id : Number.isFinite(id) ? `${id}` : '';
}
