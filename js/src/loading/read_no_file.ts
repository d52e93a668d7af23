/** A page cannot read files: `file:` addresses work only in Node. */
export async function readFile(url: URL): Promise<Uint8Array> {
  throw new Error(`${url} cannot be read in a browser`);
}
