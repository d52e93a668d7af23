// Converts build/demo/items.csv to generated/catalogue.json and copies build/demo/shop.vitrine. The
// build gives both files names that contain a hash of their content. Other files can be given by
// DEMO_ITEMS=FILE DEMO_BUNDLE=FILE.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCsv } from '../../scripts/parse-csv.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const items = process.env.DEMO_ITEMS ?? here('../../build/demo/items.csv');
const bundle = process.env.DEMO_BUNDLE ?? here('../../build/demo/shop.vitrine');
const out = here('../generated');

const FIELDS = [
  'id',
  'title',
  'category',
  'brand',
  'price',
  'available',
  'color',
  'color_hex',
  'material',
  'description',
];

function fail(line) {
  console.error(`catalogue: ${line}`);
  process.exit(1);
}

for (const [file, how] of [
  [items, 'vitrine simulate --out build/demo'],
  [
    bundle,
    'vitrine train --events build/demo/events.csv --items build/demo/items.csv --out build/demo/shop.vitrine',
  ],
]) {
  if (!existsSync(file))
    fail(`${file} is missing; make it with: ${how} (make demo does all of it)`);
}

const [header = [], ...rows] = parseCsv(readFileSync(items, 'utf8'));
const missing = FIELDS.filter((field) => !header.includes(field));
if (missing.length > 0)
  fail(`${items} lacks the columns ${missing.join(', ')}; it has ${header.join(', ')}`);
const at = FIELDS.map((field) => header.indexOf(field));
const catalogue = rows.map((row) =>
  at.map((column, i) => {
    const value = row[column] ?? '';
    if (FIELDS[i] === 'price') return Number(value);
    if (FIELDS[i] === 'available') return /^(1|t|true|yes)$/i.test(value);
    return value;
  }),
);
if (catalogue.length === 0) fail(`${items} holds no product`);

mkdirSync(out, { recursive: true });
writeFileSync(`${out}/catalogue.json`, JSON.stringify({ fields: FIELDS, rows: catalogue }));
copyFileSync(bundle, `${out}/shop.vitrine`);
console.log(`catalogue: ${catalogue.length} products, bundle ${readFileSync(bundle).length} bytes`);
