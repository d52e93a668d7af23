import catalogueUrl from '../generated/catalogue.json?url';
import type { Subject } from './pictures/index.js';

export interface Item extends Subject {
  /** The category path as in the bundle: "Kitchen/Mugs". */
  readonly category: string;
  readonly department: string;
  readonly brand: string;
  readonly price: number;
  readonly available: boolean;
  readonly color: string;
  readonly description: string;
}

export interface Department {
  readonly name: string;
  readonly types: readonly string[];
  readonly count: number;
}

export const slug = (name: string): string => name.toLowerCase().replaceAll(' ', '-');

const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });
export const money = (amount: number): string => euros.format(amount);

type Cell = string | number | boolean;

function toItem(fields: readonly string[], row: readonly Cell[]): Item {
  const cell = (name: string): Cell => row[fields.indexOf(name)] ?? '';
  const category = String(cell('category'));
  const [department = '', type = ''] = category.split('/');
  return {
    id: String(cell('id')),
    title: String(cell('title')),
    category,
    department,
    type,
    brand: String(cell('brand')),
    price: Number(cell('price')),
    available: cell('available') === true,
    color: String(cell('color')),
    colorHex: String(cell('color_hex')),
    material: String(cell('material')),
    description: String(cell('description')),
  };
}

/** The items of the shop, in the order of the items file. */
export class Catalogue {
  readonly departments: readonly Department[];
  readonly #byId: ReadonlyMap<string, Item>;

  constructor(readonly items: readonly Item[]) {
    this.#byId = new Map(items.map((item) => [item.id, item]));
    const types = new Map<string, Set<string>>();
    for (const { department, type } of items) {
      types.set(department, (types.get(department) ?? new Set()).add(type));
    }
    this.departments = [...types].map(([name, of]) => ({
      name,
      types: [...of],
      count: items.filter((item) => item.department === name).length,
    }));
  }

  static async load(): Promise<Catalogue> {
    const response = await fetch(catalogueUrl);
    if (!response.ok) throw new Error(`The catalogue did not arrive (${response.status}).`);
    const { fields, rows } = (await response.json()) as { fields: string[]; rows: Cell[][] };
    return new Catalogue(rows.map((row) => toItem(fields, row)));
  }

  get(id: string): Item | undefined {
    return this.#byId.get(id);
  }

  department(name: string): Department | undefined {
    return this.departments.find((department) => slug(department.name) === name);
  }

  /** Returns the items of a department, or of one type in it. */
  within(department: string, type?: string): readonly Item[] {
    return this.items.filter(
      (item) => item.department === department && (type === undefined || item.type === type),
    );
  }
}
