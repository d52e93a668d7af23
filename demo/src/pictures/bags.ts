import { contrast, type Hex, lightness, tone } from './color.js';
import { BRASS, CREAM, type Drawing, form, STEEL, trim } from './look.js';
import { n, type Pen } from './pen.js';
import { GROUND } from './shapes.js';

/** Draws light over a cloth front: bright at the upper left, dark at the lower right. */
function drape(pen: Pen, d: string, strength = 1): void {
  pen.path(
    d,
    pen.linear(
      [
        [0, '#ffffff', 0.16 * strength],
        [0.42, '#ffffff', 0],
        [0.7, '#14120f', 0.03],
        [1, '#14120f', 0.24 * strength],
      ],
      0,
      0,
      1,
      0.75,
    ),
  );
}

function buckle(pen: Pen, x: number, y: number, metal: Hex, w = 20, h = 15): void {
  pen.rect(x - w / 2, y - h / 2, w, h, 3.5, 'none', {
    stroke: tone(metal, -0.06),
    'stroke-width': 4,
  });
  pen.line(`M${n(x)} ${n(y - h / 2)}v${h}`, metal, 2.6);
}

export const backpack: Drawing = (pen, look) => {
  const { color, random } = look;
  const kind = form(
    look,
    [
      [/rolltop/i, 'roll'],
      [/laptop/i, 'zip'],
    ],
    ['zip', 'flap', 'zip', 'flap'],
  );
  const w = random.range(82, 94);
  const top = random.range(92, 108);
  const strap = trim(look);
  const metal = random.pick<Hex>([BRASS, STEEL]);
  pen.shadow(202, GROUND + 3, w * 1.06, 14);
  for (const s of [-1, 1])
    pen.rod(
      `M${n(200 + s * w * 0.5)} ${n(top + 24)}C${n(200 + s * (w + 42))} ${n(top + 44)} ${n(200 + s * (w + 34))} 250 ${n(200 + s * w * 0.9)} 304`,
      tone(color, -0.14),
      15,
    );
  pen.rod(`M178 ${n(top + 6)}C176 ${n(top - 36)} 224 ${n(top - 36)} 222 ${n(top + 6)}`, strap, 9);
  for (const s of [-1, 1])
    pen.path(
      `M${n(200 + s * (w - 10))} 236Q${n(200 + s * (w + 22))} 240 ${n(200 + s * (w + 20))} 270V304Q${n(200 + s * (w + 18))} 322 ${n(200 + s * (w - 12))} 322Z`,
      pen.flat(tone(color, -0.08)),
    );

  const shoulder = kind === 'roll' ? 16 : 66;
  const body = `M${n(200 - w)} ${n(top + shoulder)}C${n(200 - w)} ${n(top)} ${n(200 - w * 0.55)} ${n(top)} 200 ${n(top)}S${n(200 + w)} ${n(top)} ${n(200 + w)} ${n(top + shoulder)}V302Q${n(200 + w)} ${GROUND} ${n(200 + w - 28)} ${GROUND}H${n(200 - w + 28)}Q${n(200 - w)} ${GROUND} ${n(200 - w)} 302Z`;
  pen.path(body, color);
  pen.clip(body, () => {
    if (random.chance(0.4))
      pen.rect(90, 292, 220, 60, 0, random.chance(0.5) ? strap : contrast(color, 0.12));
  });
  drape(pen, body);

  const pocketTop = kind === 'flap' ? 226 : 214;
  const pocket = `M${n(200 - w + 16)} ${pocketTop + 14}Q${n(200 - w + 16)} ${pocketTop} ${n(200 - w + 32)} ${pocketTop}H${n(200 + w - 32)}Q${n(200 + w - 16)} ${pocketTop} ${n(200 + w - 16)} ${pocketTop + 14}V296Q${n(200 + w - 16)} 314 ${n(200 + w - 34)} 314H${n(200 - w + 34)}Q${n(200 - w + 16)} 314 ${n(200 - w + 16)} 296Z`;
  pen.path(pocket, '#14120f', { opacity: 0.12, transform: 'translate(2 4)' });
  pen.path(pocket, tone(color, 0.015));
  drape(pen, pocket, 0.7);
  pen.stitches(`M${n(200 - w + 23)} 296V${pocketTop + 34}`, tone(color, 0.14));
  pen.stitches(`M${n(200 + w - 23)} 296V${pocketTop + 34}`, tone(color, 0.14));

  if (kind === 'zip') {
    const arc = `M${n(200 - w + 12)} ${n(top + 96)}C${n(200 - w + 12)} ${n(top + 20)} ${n(200 - w * 0.5)} ${n(top + 18)} 200 ${n(top + 18)}S${n(200 + w - 12)} ${n(top + 20)} ${n(200 + w - 12)} ${n(top + 96)}`;
    pen.line(arc, tone(color, -0.15), 4.5);
    pen.stitches(arc, tone(metal, 0.05), 1.8);
    pen.line(`M${n(200 - w + 26)} ${pocketTop + 16}H${n(200 + w - 26)}`, tone(color, -0.15), 4.5);
    pen.stitches(
      `M${n(200 - w + 26)} ${pocketTop + 16}H${n(200 + w - 26)}`,
      tone(metal, 0.05),
      1.8,
    );
    pen.rect(200 + w - 46, pocketTop + 14, 7, 22, 3, strap);
    pen.rect(178, top + 58, 44, 30, 3, strap);
    pen.stitches(`M183 ${n(top + 63)}h34v20h-34Z`, tone(strap, 0.16), 1.4);
  } else if (kind === 'flap') {
    const flap = `M${n(200 - w - 2)} ${n(top + 62)}C${n(200 - w)} ${n(top - 6)} ${n(200 - w * 0.5)} ${n(top - 6)} 200 ${n(top - 6)}S${n(200 + w)} ${n(top - 6)} ${n(200 + w + 2)} ${n(top + 62)}V196Q${n(200 + w)} 218 ${n(200 + w - 26)} 218H${n(200 - w + 26)}Q${n(200 - w)} 218 ${n(200 - w - 2)} 196Z`;
    pen.path(flap, '#14120f', { opacity: 0.14, transform: 'translate(2 6)' });
    pen.path(flap, tone(color, 0.02));
    drape(pen, flap);
    for (const s of [-1, 1]) {
      const x = 200 + s * w * 0.46;
      pen.rect(x - 8, 150, 16, 112, 3, pen.round(strap));
      buckle(pen, x, 232, metal);
    }
  } else {
    pen.rect(
      200 - w - 4,
      top - 20,
      w * 2 + 8,
      34,
      15,
      pen.linear(
        [
          [0, tone(color, 0.05)],
          [0.5, tone(color, -0.02)],
          [1, tone(color, -0.14)],
        ],
        0,
        0,
        0,
        1,
      ),
    );
    pen.line(`M${n(200 - w + 8)} ${n(top - 2)}H${n(200 + w - 8)}`, tone(color, -0.12), 2);
    pen.rect(191, top - 14, 18, 116, 3, pen.round(strap));
    buckle(pen, 200, top + 66, metal, 24, 16);
  }
};

export const tote: Drawing = (pen, look) => {
  const { color, random } = look;
  const topHalf = random.range(100, 116);
  const bottomHalf = topHalf * random.range(0.78, 0.92);
  const top = random.range(158, 176);
  const leather = random.chance(0.5);
  const handle: Hex = leather ? trim(look) : tone(color, -0.06);
  const rise = random.range(84, 106);
  const at = topHalf * 0.46;
  pen.shadow(202, GROUND + 3, bottomHalf * 1.04, 13);
  pen.line(
    `M${n(200 - at + 8)} ${n(top + 4)}C${n(200 - at + 2)} ${n(top - rise * 1.2)} ${n(200 + at - 2)} ${n(top - rise * 1.2)} ${n(200 + at - 8)} ${n(top + 4)}`,
    tone(handle, -0.16),
    9,
  );
  pen.path(
    `M${n(200 - topHalf)} ${n(top)}Q200 ${n(top - 12)} ${n(200 + topHalf)} ${n(top)}Q200 ${n(top + 10)} ${n(200 - topHalf)} ${n(top)}Z`,
    tone(color, -0.24),
  );
  const body = `M${n(200 - topHalf)} ${n(top)}Q200 ${n(top + 14)} ${n(200 + topHalf)} ${n(top)}L${n(200 + bottomHalf + 3)} 314Q${n(200 + bottomHalf)} ${GROUND} ${n(200 + bottomHalf - 16)} ${GROUND}H${n(200 - bottomHalf + 16)}Q${n(200 - bottomHalf)} ${GROUND} ${n(200 - bottomHalf - 3)} 314Z`;
  pen.path(body, color);
  const second: Hex =
    lightness(color) > 0.7 ? random.pick<Hex>(['#2f4858', '#a6512f', '#4d5c3f']) : CREAM;
  const motif = random.pick(['none', 'base', 'sun', 'stripes', 'leaf', 'base']);
  pen.clip(body, () => {
    if (motif === 'base') pen.rect(60, 278, 280, 80, 0, leather ? handle : contrast(color, 0.2));
    if (motif === 'stripes')
      for (const y of [214, 236, 258]) pen.rect(60, y, 280, 9, 0, second, { opacity: 0.85 });
    if (motif === 'sun') {
      pen.path('M158 262a42 42 0 0 1 84 0Z', second);
      for (const y of [270, 280, 290])
        pen.line(`M${158 + (y - 270)} ${y}H${242 - (y - 270)}`, second, 4);
    }
    if (motif === 'leaf') {
      pen.line('M200 302V214', second, 4);
      for (const [y, s] of [
        [284, 1],
        [270, -1],
        [254, 1],
        [240, -1],
      ] as const)
        pen.path(`M200 ${y}q${s * 34} -4 ${s * 36} -30q${s * -32} 2 ${s * -36} 30Z`, second);
    }
  });
  drape(pen, body);
  pen.path(
    `M${n(200 - topHalf + 26)} ${n(top + 30)}Q${n(200 - topHalf + 52)} 250 ${n(200 - bottomHalf + 20)} 318`,
    'none',
    { stroke: '#14120f', 'stroke-width': 5, opacity: 0.05 },
  );
  pen.stitches(
    `M${n(200 - topHalf + 6)} ${n(top + 12)}Q200 ${n(top + 26)} ${n(200 + topHalf - 6)} ${n(top + 12)}`,
    tone(color, lightness(color) > 0.6 ? -0.16 : 0.16),
  );
  const front = `M${n(200 - at)} ${n(top + 44)}V${n(top + 8)}C${n(200 - at - 4)} ${n(top - rise)} ${n(200 + at + 4)} ${n(top - rise)} ${n(200 + at)} ${n(top + 8)}V${n(top + 44)}`;
  pen.rod(front, handle, 11);
  for (const s of [-1, 1])
    pen.ellipse(200 + s * at, top + 38, 3, 3, leather ? BRASS : tone(handle, -0.2));
};

export const wallet: Drawing = (pen, look) => {
  const { color, random } = look;
  const kind = form(
    look,
    [
      [/card holder/i, 'card'],
      [/zip|purse/i, 'zip'],
    ],
    ['bifold', 'bifold', 'card'],
  );
  const stitch = tone(color, lightness(color) > 0.6 ? -0.2 : 0.2);
  const w = kind === 'card' ? 104 : 124;
  const h = kind === 'card' ? 72 : 82;
  const y = 232;
  pen.shadow(206, GROUND - 2, w * 1.05, 15);
  pen.group({ transform: `translate(200 ${y}) rotate(${n(random.range(-9, -3))})` }, () => {
    const cards: readonly [Hex, ...Hex[]] = ['#cf6f4a', '#e3c372', '#55746f', CREAM, '#3d4c60'];
    if (kind !== 'zip') {
      for (let i = 0; i < 3; i++) {
        const lift = 34 - i * 13;
        pen.rect(-w + 24 + i * 7, -h - lift, w * 1.5, 80, 8, pen.flat(random.pick(cards)));
      }
    }
    if (kind === 'bifold') {
      pen.rect(-w + 5, -h - 6, w * 2, h * 2, 15, tone(color, -0.2));
      pen.rect(-w + 2, -h - 2, w * 2, h * 2, 15, tone(color, -0.12));
    }
    const d = `M${-w + 14} ${-h}H${w - 14}Q${w} ${-h} ${w} ${-h + 14}V${h - 14}Q${w} ${h} ${w - 14} ${h}H${-w + 14}Q${-w} ${h} ${-w} ${h - 14}V${-h + 14}Q${-w} ${-h} ${-w + 14} ${-h}Z`;
    pen.path(d, color);
    if (kind === 'card') {
      pen.clip(d, () => {
        pen.path(`M${-w} ${h}V-14Q0 26 ${w} -34V${h}Z`, tone(color, 0.05));
        pen.line(`M${-w} -14Q0 26 ${w} -34`, tone(color, -0.16), 3);
        pen.stitches(`M${-w} -6Q0 34 ${w} -26`, stitch);
      });
    }
    drape(pen, d);
    pen.stitches(
      `M${-w + 20} ${-h + 8}H${w - 20}Q${w - 8} ${-h + 8} ${w - 8} ${-h + 20}V${h - 20}Q${w - 8} ${h - 8} ${w - 20} ${h - 8}H${-w + 20}Q${-w + 8} ${h - 8} ${-w + 8} ${h - 20}V${-h + 20}Q${-w + 8} ${-h + 8} ${-w + 20} ${-h + 8}Z`,
      stitch,
    );
    if (kind === 'bifold' && random.chance(0.5)) {
      pen.path(`M${w} -17H${w - 40}a17 17 0 0 0 0 34H${w}Z`, tone(color, 0.03));
      pen.ellipse(w - 36, 0, 8, 8, pen.round(BRASS));
    }
    if (kind === 'zip') {
      pen.line(`M${-w + 5} ${-h + 22}H${w - 5}`, tone(color, -0.22), 7);
      pen.stitches(`M${-w + 8} ${-h + 22}H${w - 8}`, BRASS, 3);
      pen.rect(w - 52, -h + 18, 9, 34, 4, pen.round(trim(look)));
    }
    pen.rect(-18, h - 34, 36, 12, 2, tone(color, -0.07));
  });
};

export const weekender: Drawing = (pen, look) => {
  const { color, random } = look;
  const w = random.range(136, 148);
  const top = random.range(176, 190);
  const leather = trim(look);
  const metal = random.pick<Hex>([BRASS, STEEL]);
  pen.shadow(202, GROUND + 3, w * 1.0, 15);
  pen.rod(
    `M${n(200 - w + 10)} ${n(top + 34)}C${n(200 - w - 26)} ${n(top - 100)} ${n(200 + w + 26)} ${n(top - 100)} ${n(200 + w - 10)} ${n(top + 34)}`,
    tone(leather, -0.12),
    8,
  );
  pen.rod(
    `M150 ${n(top + 8)}C152 ${n(top - 74)} 248 ${n(top - 74)} 250 ${n(top + 8)}`,
    tone(leather, -0.1),
    10,
  );
  const body = `M${n(200 - w)} ${n(top + 56)}C${n(200 - w + 4)} ${n(top + 6)} ${n(200 - w + 40)} ${n(top)} ${n(200 - w + 74)} ${n(top - 4)}H${n(200 + w - 74)}C${n(200 + w - 40)} ${n(top)} ${n(200 + w - 4)} ${n(top + 6)} ${n(200 + w)} ${n(top + 56)}L${n(200 + w - 4)} 306Q${n(200 + w - 6)} ${GROUND} ${n(200 + w - 30)} ${GROUND}H${n(200 - w + 30)}Q${n(200 - w + 6)} ${GROUND} ${n(200 - w + 4)} 306Z`;
  pen.path(body, color);
  const ends = random.chance(0.5);
  pen.clip(body, () => {
    if (ends) {
      pen.path(
        `M40 150H${n(200 - w + 52)}Q${n(200 - w + 34)} 250 ${n(200 - w + 58)} 340H40Z`,
        tone(color, -0.08),
      );
      pen.path(
        `M360 150H${n(200 + w - 52)}Q${n(200 + w - 34)} 250 ${n(200 + w - 58)} 340H360Z`,
        tone(color, -0.08),
      );
    } else if (random.chance(0.6)) {
      pen.rect(40, 286, 320, 60, 0, leather);
      pen.stitches('M40 293H360', tone(leather, 0.16));
    }
    pen.line(`M40 ${n(top + 16)}H360`, tone(color, -0.17), 6);
    pen.stitches(`M40 ${n(top + 16)}H360`, metal, 2.2);
  });
  drape(pen, body);
  if (random.chance(0.5)) {
    pen.rect(150, 236, 100, 66, 8, tone(color, 0.02));
    pen.line('M150 250H250', tone(color, -0.12), 3);
    pen.stitches('M156 258V294Q156 297 160 297H240Q244 297 244 294V258', tone(color, 0.16));
  }
  pen.rod(
    `M138 ${GROUND - 6}V${n(top + 22)}C142 ${n(top - 66)} 258 ${n(top - 66)} 262 ${n(top + 22)}V${GROUND - 6}`,
    leather,
    13,
  );
  pen.rect(182, top - 56, 36, 20, 7, pen.flat(tone(leather, -0.05)));
  for (const x of [138, 262]) pen.ellipse(x - 1, top + 44, 3.4, 3.4, metal);
  for (const s of [-1, 1]) buckle(pen, 200 + s * (w - 12), top + 42, metal, 16, 14);
};
