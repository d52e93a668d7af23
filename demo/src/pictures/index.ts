import { backpack, tote, wallet, weekender } from './bags.js';
import { cap, jacket, sweater, tShirt } from './clothing.js';
import { asHex, type Hex } from './color.js';
import { chair, sideTable, stool } from './furniture.js';
import { bowl, kettle, mug, pan } from './kitchen.js';
import { candle, cushion, tableLamp, vase } from './living.js';
import type { Drawing } from './look.js';
import { blanket, bottle, lantern, tent } from './outdoor.js';
import { Pen } from './pen.js';
import { Random } from './random.js';
import { GROUND } from './shapes.js';
import { shelf } from './shelves.js';

/** The drawing of each product type of the catalogue. */
const DRAWINGS: Readonly<Record<string, Drawing>> = {
  Mugs: mug,
  Kettles: kettle,
  Pans: pan,
  Bowls: bowl,
  'Table Lamps': tableLamp,
  Vases: vase,
  Cushions: cushion,
  Candles: candle,
  Chairs: chair,
  Stools: stool,
  Shelves: shelf,
  'Side Tables': sideTable,
  Backpacks: backpack,
  Totes: tote,
  Wallets: wallet,
  Weekenders: weekender,
  'T-Shirts': tShirt,
  Sweaters: sweater,
  Jackets: jacket,
  Caps: cap,
  Bottles: bottle,
  Tents: tent,
  Lanterns: lantern,
  Blankets: blanket,
};

export interface Subject {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly material: string;
  readonly colorHex: string;
}

/** The scale of each drawing, so that a mug fills its tile as well as a chair does. */
const SCALE: Readonly<Record<string, number>> = {
  Mugs: 1.34,
  Bowls: 1.14,
  Candles: 1.16,
  Chairs: 1.1,
  Stools: 1.12,
  Shelves: 1.1,
  'Side Tables': 1.16,
  'Table Lamps': 1.06,
  Totes: 1.1,
  Lanterns: 1.1,
  Blankets: 1.12,
  Bottles: 1.08,
};

const LAID_FLAT: readonly string[] = ['T-Shirts', 'Sweaters', 'Jackets'];

export const TYPES: readonly string[] = Object.keys(DRAWINGS);

const FALLBACK: Hex = '#9a9488';

/**
 * Returns the picture of an item as SVG text, 400 by 400. A type without a drawing gets a parcel.
 */
export function drawPicture(subject: Subject): string {
  const pen = new Pen();
  const color = asHex(subject.colorHex, FALLBACK);
  backdrop(pen, color, LAID_FLAT.includes(subject.type));
  const scale = SCALE[subject.type] ?? 1;
  const lift = 8;
  pen.group(
    {
      transform: `translate(${200 - 200 * scale} ${GROUND - lift - GROUND * scale}) scale(${scale})`,
    },
    () => {
      const random = new Random(subject.id);
      const { material, title } = subject;
      (DRAWINGS[subject.type] ?? parcel)(pen, { color, material, title, random });
    },
  );
  return pen.svg();
}

/** Draws a transparent layer of the item's colour, which looks right on light and dark pages. */
function backdrop(pen: Pen, color: Hex, wall: boolean): void {
  pen.rect(0, 0, 400, 400, 0, color, { opacity: 0.15 });
  pen.rect(
    0,
    0,
    400,
    400,
    0,
    pen.radial(
      [
        [0, '#ffffff', 0.28],
        [1, '#ffffff', 0],
      ],
      0.32,
      0.22,
      0.75,
    ),
  );
  if (!wall)
    pen.rect(
      0,
      284,
      400,
      116,
      0,
      pen.linear(
        [
          [0, '#14120f', 0.075],
          [1, '#14120f', 0.02],
        ],
        0,
        0,
        0,
        1,
      ),
    );
}

const parcel: Drawing = (pen, { color }) => {
  pen.shadow(200, 330, 110);
  pen.rect(100, 150, 200, 178, 6, pen.flat(color));
  pen.rect(186, 150, 28, 178, 0, pen.round(color));
};

const cache = new Map<string, string>();

/** Returns the picture as an address for <img>. */
export function pictureUrl(subject: Subject): string {
  let url = cache.get(subject.id);
  if (url === undefined) {
    url = `data:image/svg+xml,${encodeURIComponent(drawPicture(subject))}`;
    cache.set(subject.id, url);
  }
  return url;
}

/**
 * Draws the picture before it is needed, so that showing it is fast. The caller must keep the
 * returned image until then.
 */
export async function prepared(subject: Subject): Promise<HTMLImageElement> {
  const picture = new Image();
  picture.src = pictureUrl(subject);
  await picture.decode().catch(() => undefined);
  return picture;
}

/** Returns true when the picture has been drawn. */
export const isDrawn = (subject: Subject): boolean => cache.has(subject.id);
