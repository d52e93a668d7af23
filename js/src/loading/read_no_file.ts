/** A page has no files to read: `file:` addresses work in Node alone. */
export async function readFile(url: URL): Promise<Uint8Array> {
  throw new Error(`${url} cannot be read in a browser`);
}
