/** A random id, 128 bits as 32 hex digits; also on pages without https, where `randomUUID` is missing. */
export function randomId(): string {
  const words = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(words, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
