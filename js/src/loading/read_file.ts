/**
 * Node's fetch does not read files. The build for browsers replaces this file by `read_no_file.ts`.
 */
export async function readFile(url: URL): Promise<Uint8Array> {
  // The name is not written as a literal in import(), so that bundlers for the web do not look for
  // the module.
  const name = 'node:fs/promises';
  const files: { readFile(path: URL): Promise<Uint8Array> } = await import(
    /* @vite-ignore */ /* webpackIgnore: true */ name
  );
  return files.readFile(url);
}
