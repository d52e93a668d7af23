let count = 0;

/**
 * An id of 32 hex digits, 112 bits of them random; also on pages without https, where `randomUUID` is missing. Ids made
 * later in a page sort behind those before (until 65,536 were made), so that events of one millisecond keep their order.
 */
export function randomId(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  random[0] = count >> 8;
  random[1] = count++;
  return hex(random);
}

/** Two lower-case digits of each byte. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
