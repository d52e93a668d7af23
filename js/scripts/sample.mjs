// The sample shop of the package, for trying it: the bundle and the catalogue that `make build/sample/shop.vitrine` makes,
// and the page of demo/sample.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parseCsv } from '../../scripts/parse-csv.mjs';

const made = fileURLToPath(new URL('../../build/sample/', import.meta.url));
const demo = fileURLToPath(new URL('../../demo/', import.meta.url));

/** Returns the products of the sample by id, with the properties that `SampleItem` names. */
export function readSampleItems() {
  for (const name of ['items.csv', 'shop.vitrine']) {
    if (existsSync(join(made, name))) continue;
    console.error(
      `no ${join(made, name)}: make the sample first, with\n  make build/sample/shop.vitrine`,
    );
    process.exit(1);
  }
  const [header, ...rows] = parseCsv(readFileSync(join(made, 'items.csv'), 'utf8'));
  const items = {};
  for (const row of rows) {
    const item = Object.fromEntries(header.map((name, i) => [name, row[i]]));
    const { id, title, category, brand, material } = item;
    items[id] = {
      title,
      category,
      brand,
      price: Number(item.price),
      color: item.color_hex,
      material,
    };
  }
  return items;
}

/** Writes the page and the bundle of the sample into `folder`. */
export async function writeSampleShop(folder) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(made, 'shop.vitrine'), join(folder, 'shop.vitrine'));
  for (const name of ['index.html', 'shop.js', 'style.css']) {
    copyFileSync(join(demo, 'sample', name), join(folder, name));
  }
  await build({
    entryPoints: [join(demo, 'src/pictures/index.ts')],
    outfile: join(folder, 'pictures.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  });
}
