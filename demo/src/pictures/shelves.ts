import { type Hex, mix, tone } from './color.js';
import { BLACK, CREAM, type Drawing, form, frameOf, LEAF, type Look, STEEL } from './look.js';
import type { Pen } from './pen.js';
import { n } from './pen.js';
import { GROUND, leg, turned } from './shapes.js';

/** Draws objects on a shelf: books, a pot, a bowl. */
function goods(pen: Pen, look: Look, x: number, y: number, width: number, tall: number): void {
  const { random } = look;
  const inks: readonly [Hex, ...Hex[]] = [
    mix(look.color, CREAM, 0.35),
    '#b9653f',
    '#5e7268',
    CREAM,
    '#39474f',
    '#d4a94f',
  ];
  const kind = random.pick(['books', 'pot', 'stack', 'books', 'bowl']);
  if (kind === 'books') {
    let at = x;
    const end = x + width * random.range(0.5, 0.8);
    while (at < end) {
      const w = random.range(7, 14);
      const h = tall * random.range(0.62, 0.9);
      pen.rect(at, y - h, w, h, 1, pen.round(random.pick(inks)));
      pen.rect(at + 1.5, y - h * 0.82, w - 3, 3, 0, '#ffffff', { opacity: 0.35 });
      at += w + 0.8;
    }
  } else if (kind === 'pot') {
    const cx = x + width * 0.5;
    for (const lean of [-22, -9, 6, 20])
      pen.path(
        `M${n(cx)} ${n(y - 18)}Q${n(cx + lean * 0.2)} ${n(y - tall * 0.6)} ${n(cx + lean)} ${n(y - tall * 0.88)}Q${n(cx + lean * 0.9)} ${n(y - tall * 0.42)} ${n(cx + 3)} ${n(y - 18)}Z`,
        tone(LEAF, lean / 300),
      );
    pen.path(
      turned(cx, [
        [14, y - 22],
        [11, y - 1],
      ]),
      pen.round(random.pick(inks)),
    );
  } else if (kind === 'stack') {
    let at = y;
    for (let i = 0; i < 3; i++) {
      const w = width * random.range(0.4, 0.62);
      pen.rect(
        x + width * 0.18 + random.range(-4, 4),
        at - 8,
        w,
        7.4,
        1.4,
        pen.flat(random.pick(inks)),
      );
      at -= 8;
    }
  } else {
    const cx = x + width * 0.55;
    pen.path(
      turned(cx, [
        [22, y - 19],
        [17, y - 7],
        [8, y - 1],
      ]),
      pen.round(random.pick(inks)),
    );
    pen.ellipse(cx, y - 19, 22, 3.6, tone(CREAM, -0.2));
  }
}

export const shelf: Drawing = (pen, look) => {
  const { random } = look;
  const frame = frameOf(look);
  const kind = form(
    look,
    [
      [/ladder/i, 'ladder'],
      [/bookcase/i, 'case'],
      [/steel/i, 'rail'],
    ],
    ['case', 'ladder', 'rail', 'case'],
  );
  const half = kind === 'ladder' ? 84 : random.range(84, 112);
  const top = random.range(54, 74);
  const levels = form(
    look,
    [
      [/two boards/i, 2],
      [/three boards/i, 3],
    ],
    [3, 4],
  );
  const left = 200 - half;
  const board = 9;
  const room = (GROUND - 10 - top) / levels;
  pen.shadow(200, GROUND + 1, half * 1.08, 10);
  if (kind === 'case') {
    pen.rect(
      left,
      top,
      half * 2,
      GROUND - 8 - top,
      3,
      pen.linear([
        [0, tone(frame, -0.2)],
        [1, tone(frame, -0.13)],
      ]),
    );
  }
  const metal = random.pick<Hex>([BLACK, STEEL]);
  for (let i = 0; i < levels; i++) {
    const y = top + room * (i + 1);
    const reach = kind === 'ladder' ? half * (0.66 + (0.34 * (i + 1)) / levels) : half;
    pen.rect(200 - reach + 6, y - 7, reach * 2 - 12, 7, 0, '#14120f', { opacity: 0.1 });
    goods(pen, look, 200 - reach + 16, y, reach - 20, room - board);
    if (random.chance(0.75)) goods(pen, look, 206, y, reach - 26, room - board);
    pen.rect(200 - reach, y, reach * 2, board, 2, pen.flat(tone(frame, 0.03)));
  }
  if (kind === 'case') {
    pen.rect(left, top - 2, half * 2, board + 2, 2, pen.flat(tone(frame, 0.06)));
    for (const x of [left - 1, 200 + half - 9])
      pen.rect(x, top - 2, 10, GROUND - top + 2, 2, pen.flat(frame));
  } else if (kind === 'ladder') {
    leg(pen, [200 - half * 0.6, top - 18], [left - 2, GROUND], 10, frame, 1);
    leg(pen, [200 + half * 0.6, top - 18], [200 + half + 2, GROUND], 10, frame, 1);
  } else {
    for (const x of [left + 6, 200 + half - 6]) leg(pen, [x, top - 16], [x, GROUND], 7, metal, 1);
    pen.line(`M${n(left + 6)} ${n(top - 14)}H${n(200 + half - 6)}`, metal, 6);
  }
};
