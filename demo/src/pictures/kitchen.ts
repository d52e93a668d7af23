import { contrast, type Hex, lightness, mix, tone } from './color.js';
import { anyMetal, anyWood, BLACK, CREAM, type Drawing, form, STEEL } from './look.js';
import { n, type Pen, type Point } from './pen.js';
import { band, curve, GROUND, gloss, opening, smooth, TILT, turned } from './shapes.js';

/** Draws specks of iron in a stoneware glaze, inside `d`. */
function specks(
  pen: Pen,
  d: string,
  color: Hex,
  next: () => number,
  box: readonly [number, number, number, number],
): void {
  const [x, y, width, height] = box;
  pen.clip(d, () => {
    for (let i = 0; i < 46; i++) {
      const r = 0.7 + next() * 1.5;
      pen.ellipse(x + next() * width, y + next() * height, r, r * 0.8, contrast(color, 0.3), {
        opacity: 0.5,
      });
    }
  });
}

export const mug: Drawing = (pen, look) => {
  const { color, random } = look;
  const size = form(look, [[/espresso/i, 0.76]], [1]);
  const top = random.range(66, 84) * size;
  const height = form(look, [[/tall/i, 172]], [random.range(128, 160)]) * size;
  const shape = random.pick(['straight', 'taper', 'belly', 'flare']);
  const foot = top * { straight: 0.96, taper: 0.76, belly: 0.72, flare: 0.7 }[shape];
  const y = GROUND - height;
  const x = 182;
  const profile: Point[] =
    shape === 'belly'
      ? [
          [top, y],
          [top * 1.02, y + height * 0.2],
          [top * 1.1, y + height * 0.55],
          [top * 0.98, y + height * 0.85],
          [foot, GROUND - 3],
        ]
      : shape === 'flare'
        ? [
            [top, y],
            [top * 0.9, y + height * 0.35],
            [top * 0.86, y + height * 0.7],
            [foot, GROUND - 3],
          ]
        : [
            [top, y],
            [top + (foot - top) * 0.5, y + height * 0.5],
            [foot * 1.02, GROUND - 14],
            [foot * 0.94, GROUND - 3],
          ];
  const body = turned(x, profile);
  pen.shadow(x + 6, GROUND + 3, top * 1.05);

  const edge = x + top * (shape === 'belly' ? 1.02 : 0.92);
  const reach = random.range(44, 62) * size;
  const low = y + height * random.range(0.66, 0.8);
  const high = y + height * 0.2;
  const ear = random.chance(0.3)
    ? `M${n(edge)} ${n(high)}L${n(edge + reach)} ${n(high)}L${n(edge - 8)} ${n(low)}`
    : `M${n(edge - 6)} ${n(high)}C${n(edge + reach * 1.3)} ${n(high - 8)} ${n(edge + reach * 1.2)} ${n(low + 6)} ${n(edge - 10)} ${n(low)}`;
  pen.rod(ear, tone(color, -0.03), random.range(15, 20));

  pen.path(body, pen.round(color));
  const finish = random.pick(['plain', 'dip', 'specks', 'band', 'clay', 'specks']);
  const clay: Hex = mix('#c9a283', color, 0.15);
  if (finish === 'clay' || finish === 'dip') {
    const at = GROUND - height * random.range(0.16, 0.42);
    const under =
      finish === 'clay'
        ? clay
        : lightness(color) > 0.6
          ? tone(color, -0.2)
          : mix(color, CREAM, 0.75);
    pen.clip(body, () => {
      pen.path(band(x, [120, at], [120, 400]), pen.round(under));
      pen.line(
        `M${x - 120} ${n(at)}A120 ${n(120 * TILT)} 0 0 0 ${x + 120} ${n(at)}`,
        tone(under, -0.12),
        1.5,
        { opacity: 0.5 },
      );
    });
  }
  if (finish === 'band') {
    pen.clip(body, () => {
      for (const share of [0.2, 0.26]) {
        const at = y + height * share;
        pen.line(
          `M${x - 110} ${n(at)}A110 ${n(110 * TILT)} 0 0 0 ${x + 110} ${n(at)}`,
          contrast(color, 0.22),
          4,
          { opacity: 0.75 },
        );
      }
    });
  }
  if (finish === 'specks')
    specks(pen, body, color, () => random.next(), [x - 95, y, 190, height + 16]);
  gloss(
    pen,
    `M${n(x - top * 0.62)} ${n(y + 30)}Q${n(x - top * 0.68)} ${n(y + height * 0.5)} ${n(x - foot * 0.6)} ${n(GROUND - 26)}`,
    7,
    0.26,
  );
  opening(pen, x, y, top, color, random.chance(0.5) ? CREAM : color, 6);
};

export const kettle: Drawing = (pen, look) => {
  const { color, random } = look;
  const goose = form(
    look,
    [
      [/gooseneck/i, true],
      [/stovetop/i, false],
    ],
    [true, false],
  );
  const wide = random.range(88, 104);
  const height = random.range(124, 150);
  const y = GROUND - height;
  const neck = wide * random.range(0.44, 0.56);
  const x = 200;
  const accent = random.chance(0.6) ? anyWood(look) : lightness(color) < 0.45 ? STEEL : BLACK;
  const profile: Point[] = random.chance(0.5)
    ? [
        [neck, y],
        [neck + 16, y + 7],
        [wide * 0.86, y + height * 0.36],
        [wide, y + height * 0.76],
        [wide * 0.93, GROUND - 4],
      ]
    : [
        [neck, y],
        [neck + 10, y + 10],
        [wide * 0.78, y + height * 0.4],
        [wide * 0.95, y + height * 0.84],
        [wide * 0.95, GROUND - 4],
      ];
  const body = turned(x, profile, 0.14);
  pen.shadow(x, GROUND + 2, wide * 1.08);

  if (goose) {
    const spout: Point[] = [
      [x - wide * 0.86, GROUND - 34],
      [x - wide * 1.28, GROUND - 50],
      [x - wide * 1.26, y + 40],
      [x - wide * 1.36, y + 4],
      [x - wide * 1.62, y - 10],
    ];
    pen.rod(smooth(spout), tone(color, -0.02), 15);
    const handle = `M${n(x + wide * 0.62)} ${n(y + 34)}C${n(x + wide * 1.2)} ${n(y - 14)} ${n(x + wide * 1.62)} ${n(y + 4)} ${n(x + wide * 1.5)} ${n(y + 96)}`;
    pen.rod(handle, accent, 15);
  } else {
    const tip: Point = [x - wide * 1.42, y + 18];
    const spout =
      `M${n(x - wide * 0.7)} ${n(y + height * 0.34)}` +
      curve([[x - wide * 0.7, y + height * 0.34], [x - wide * 1.08, y + 42], tip]) +
      `L${n(tip[0] + 20)} ${n(tip[1] - 12)}` +
      curve([
        [tip[0] + 20, tip[1] - 12],
        [x - wide * 0.86, y + 30],
        [x - wide * 0.5, y + 18],
      ]) +
      'Z';
    pen.path(spout, pen.round(tone(color, -0.03)));
    pen.path(`M${n(tip[0])} ${n(tip[1])}L${n(tip[0] + 20)} ${n(tip[1] - 12)}`, 'none', {
      stroke: tone(color, -0.24),
      'stroke-width': 5,
    });
    const rise = random.range(78, 98);
    const metal = lightness(color) < 0.5 ? STEEL : BLACK;
    const arch = `M${n(x - wide * 0.62)} ${n(y + 34)}C${n(x - wide * 0.9)} ${n(y - rise)} ${n(x + wide * 0.9)} ${n(y - rise)} ${n(x + wide * 0.62)} ${n(y + 34)}`;
    pen.rod(arch, metal, 8);
    const grip = `M${n(x - wide * 0.36)} ${n(y - rise * 0.6)}C${n(x - wide * 0.18)} ${n(y - rise * 0.72)} ${n(x + wide * 0.18)} ${n(y - rise * 0.72)} ${n(x + wide * 0.36)} ${n(y - rise * 0.6)}`;
    pen.rod(grip, accent, 17);
  }
  pen.path(body, pen.round(color, 1.1));
  const base = band(x, [wide * 0.98, GROUND - 15], [wide * 0.94, GROUND - 2], 0.14);
  pen.clip(body, () => pen.path(base, pen.round(tone(color, -0.12))));
  gloss(
    pen,
    `M${n(x - wide * 0.5)} ${n(y + 36)}Q${n(x - wide * 0.78)} ${n(y + 78)} ${n(x - wide * 0.72)} ${n(GROUND - 34)}`,
    9,
    0.34,
  );

  pen.path(
    turned(
      x,
      [
        [neck * 0.3, y - 17],
        [neck * 0.8, y - 10],
        [neck, y + 1],
      ],
      0.2,
    ),
    pen.round(tone(color, 0.02)),
  );
  pen.line(
    `M${n(x - neck)} ${n(y + 1)}A${n(neck)} ${n(neck * 0.2)} 0 0 0 ${n(x + neck)} ${n(y + 1)}`,
    tone(color, -0.2),
    2,
  );
  pen.path(
    turned(
      x,
      [
        [9, y - 36],
        [13, y - 30],
        [6, y - 18],
      ],
      0.3,
    ),
    pen.round(accent),
  );
  pen.ellipse(x, y - 35, 9.5, 3.4, tone(accent, 0.1));
};

export const pan: Drawing = (pen, look) => {
  const { color, random } = look;
  const kind = form(
    look,
    [
      [/frying|saute|grill/i, 'frying'],
      [/saucepan/i, 'sauce'],
    ],
    ['frying', 'sauce', 'casserole'],
  );
  const deep = { frying: 34, sauce: 92, casserole: 104 }[kind];
  const r = {
    frying: random.range(108, 120),
    sauce: random.range(82, 94),
    casserole: random.range(100, 114),
  }[kind];
  const x = kind === 'casserole' ? 200 : 164;
  const tilt = kind === 'frying' ? 0.36 : 0.24;
  const y = GROUND - deep - r * tilt * 0.7;
  const bottom = y + deep;
  pen.shadow(x + 4, bottom + r * tilt * 0.72, r * 1.02, r * 0.22);
  const wood = random.chance(0.55);
  const grip = wood ? anyWood(look) : lightness(color) < 0.42 ? STEEL : BLACK;

  if (kind === 'casserole') {
    for (const side of [-1, 1]) {
      const at = x + side * r * 0.93;
      pen.rod(
        `M${n(at)} ${n(y + 22)}C${n(at + side * 42)} ${n(y + 14)} ${n(at + side * 42)} ${n(y + 52)} ${n(at)} ${n(y + 46)}`,
        tone(color, -0.06),
        13,
      );
    }
  } else {
    const lift = kind === 'frying' ? -46 : -34;
    const from: Point = [x + r * 0.86, y + (kind === 'frying' ? 6 : 22)];
    const to: Point = [388, from[1] + lift];
    const middle: Point = [from[0] + (to[0] - from[0]) * 0.36, from[1] + lift * 0.3];
    pen.rod(smooth([from, middle]), lightness(color) < 0.42 ? STEEL : tone(color, -0.14), 12);
    pen.rod(
      smooth([middle, [(middle[0] + to[0]) / 2, middle[1] + lift * 0.42], [to[0] - 14, to[1] + 4]]),
      grip,
      19,
    );
    pen.ellipse(to[0] - 19, to[1] + 5, 4, 3, tone(grip, -0.3));
  }
  const profile: Point[] =
    kind === 'frying'
      ? [
          [r, y],
          [r * 0.93, y + deep * 0.6],
          [r * 0.8, bottom],
        ]
      : [
          [r, y],
          [r * 0.99, y + deep * 0.6],
          [r * 0.96, bottom - 6],
          [r * 0.9, bottom],
        ];
  const body = turned(x, profile, tilt);
  pen.path(body, pen.round(color));
  gloss(
    pen,
    `M${n(x - r * 0.66)} ${n(y + r * tilt * 0.9)}L${n(x - r * 0.6)} ${n(bottom + r * tilt * 0.5)}`,
    8,
    0.22,
  );

  if (kind === 'casserole' || (kind === 'sauce' && random.chance(0.5))) {
    pen.ellipse(x, y, r * 1.03, r * 1.03 * tilt, pen.round(tone(color, -0.08)));
    pen.path(
      turned(
        x,
        [
          [r * 0.2, y - 22],
          [r * 0.74, y - 12],
          [r * 0.99, y],
        ],
        tilt,
      ),
      pen.round(tone(color, 0.01)),
    );
    pen.ellipse(x, y - 21, r * 0.22, r * 0.22 * tilt, tone(color, 0.05));
    const knob = random.chance(0.5) ? anyMetal(look) : grip;
    pen.path(
      turned(
        x,
        [
          [13, y - 46],
          [16, y - 39],
          [7, y - 23],
        ],
        0.34,
      ),
      pen.round(knob),
    );
    pen.ellipse(x, y - 45, 13, 4.6, tone(knob, 0.1));
  } else {
    const inner: Hex = kind === 'frying' ? '#3b3c3f' : mix(color, '#d9d6cf', 0.7);
    pen.ellipse(x, y, r, r * tilt, pen.round(tone(color, 0.07)));
    pen.ellipse(
      x,
      y + 1,
      r - 6,
      (r - 6) * tilt,
      pen.linear([
        [0, tone(inner, -0.12)],
        [1, tone(inner, 0.03)],
      ]),
    );
    pen.ellipse(
      x + 4,
      y + 5,
      r * 0.78,
      r * 0.74 * tilt,
      pen.linear(
        [
          [0, tone(inner, -0.03)],
          [0.5, tone(inner, 0.07)],
          [1, tone(inner, 0)],
        ],
        0,
        0,
        1,
        0.4,
      ),
    );
  }
};

export const bowl: Drawing = (pen, { color, random }) => {
  const count = random.pick([1, 1, 2, 3]);
  const r = random.range(108, 130) - count * 6;
  const deep = random.range(74, 98) - count * 8;
  const x = 200;
  const step = 27;
  const style = random.pick(['plain', 'rings', 'two', 'specks']);
  const base: Hex = count > 1 && random.chance(0.5) ? mix(color, CREAM, 0.55) : color;
  pen.shadow(x, GROUND + 2, r * 0.72);
  for (let i = 0; i < count; i++) {
    const y = GROUND - deep - 9 - i * step;
    const tint = count > 1 ? mix(base, color, i / (count - 1)) : color;
    const foot = r * 0.4;
    const bottom = y + deep;
    if (i === 0)
      pen.path(
        turned(x, [
          [foot, bottom - 6],
          [foot * 1.04, bottom + 7],
        ]),
        pen.round(tone(tint, -0.12)),
      );
    const body = turned(x, [
      [r, y],
      [r * 0.96, y + deep * 0.34],
      [r * 0.76, y + deep * 0.76],
      [foot * 1.05, bottom],
    ]);
    pen.path(body, pen.round(tint));
    pen.clip(body, () => {
      if (style === 'rings') {
        for (const share of [0.16, 0.3, 0.44]) {
          const at = y + deep * share;
          pen.line(
            `M${n(x - r)} ${n(at)}A${n(r)} ${n(r * TILT)} 0 0 0 ${n(x + r)} ${n(at)}`,
            contrast(tint, 0.2),
            3,
            { opacity: 0.6 },
          );
        }
      }
      if (style === 'two')
        pen.path(band(x, [r, y + deep * 0.42], [r, 400]), pen.round(mix('#c9a283', tint, 0.2)));
    });
    if (style === 'specks')
      specks(pen, body, tint, () => random.next(), [x - r, y, r * 2, deep + 20]);
    gloss(
      pen,
      `M${n(x - r * 0.78)} ${n(y + 26)}Q${n(x - r * 0.7)} ${n(y + deep * 0.62)} ${n(x - r * 0.46)} ${n(y + deep * 0.86)}`,
      7,
      0.24,
    );
    opening(
      pen,
      x,
      y,
      r,
      tint,
      i + 1 === count && random.chance(0.5) ? mix(tint, CREAM, 0.7) : tint,
      5,
    );
  }
};
