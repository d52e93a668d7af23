/** Node's fetch does not read files. The build for browsers has `read_no_file.ts` in its place. */
export async function readFile(url: URL): Promise<Uint8Array> {
  // Not a literal, so that bundlers for the web do not look for it.
  const name = 'node:fs/promises';
  const files: { readFile(path: URL): Promise<Uint8Array> } = await import(
    /* @vite-ignore */ /* webpackIgnore: true */ name
  );
  return files.readFile(url);
}
