import { contrast, type Hex, lightness, mix, tone } from './color.js';
import { BRASS, CREAM, type Drawing, form, STEEL, trim } from './look.js';
import { n, type Pen } from './pen.js';
import { band, turned } from './shapes.js';

interface Cut {
  readonly body: string;
  readonly sleeves: readonly [left: string, right: string];
  readonly hem: number;
  readonly half: number;
}

/**
 * Returns the outline of a garment that lies flat: the shoulders are at y 84, the sleeves short
 * (tee) or long.
 */
function cut(neck: number, half: number, hem: number, long: boolean): Cut {
  const right = 200 + half;
  const left = 200 - half;
  const body =
    `M${200 - neck} 80Q200 ${long ? 96 : 100} ${200 + neck} 80L${right - 18} 96Q${right} 102 ${right + 2} 128` +
    `C${right - 6} 190 ${right - 4} 250 ${right + 2} ${hem}Q200 ${hem + 9} ${left - 2} ${hem}C${left + 4} 250 ${left + 6} 190 ${left - 2} 128Q${left} 102 ${left + 18} 96Z`;
  const arm = (s: number): string => {
    const x = (v: number): string => n(200 + s * v);
    return long
      ? `M${x(half - 26)} 92C${x(half + 14)} 96 ${x(half + 26)} 118 ${x(half + 36)} 160L${x(half + 56)} 282Q${x(half + 56)} 294 ${x(half + 44)} 296L${x(half + 24)} 298Q${x(half + 16)} 298 ${x(half + 15)} 288L${x(half - 4)} 172Z`
      : `M${x(half - 26)} 92C${x(half + 10)} 96 ${x(half + 26)} 112 ${x(half + 58)} 162Q${x(half + 62)} 170 ${x(half + 52)} 176L${x(half + 18)} 192Q${x(half + 10)} 194 ${x(half + 6)} 186L${x(half - 6)} 160Z`;
  };
  return { body, sleeves: [arm(-1), arm(1)], hem, half };
}

/** Draws folds and light on cloth. */
function folds(pen: Pen, d: string, color: Hex): void {
  pen.path(
    d,
    pen.linear(
      [
        [0, '#ffffff', 0.13],
        [0.35, '#ffffff', 0],
        [0.75, '#14120f', 0.02],
        [1, '#14120f', 0.18],
      ],
      0,
      0,
      1,
      0.5,
    ),
  );
  pen.clip(d, () => {
    for (const [fold, width] of [
      ['M130 150Q150 210 136 300', 8],
      ['M268 140Q246 220 262 310', 10],
      ['M170 250Q180 290 172 330', 6],
    ] as const) {
      pen.line(fold, tone(color, -0.16), width, { opacity: 0.13 });
    }
  });
}

function lay(pen: Pen, { body, sleeves }: Cut, color: Hex, sleeve: Hex): void {
  pen.cast(`${body}${sleeves[0]}${sleeves[1]}`);
  for (const [i, d] of sleeves.entries()) {
    pen.path(d, sleeve);
    pen.path(
      d,
      pen.linear(
        i === 0
          ? [
              [0, '#ffffff', 0.12],
              [1, '#14120f', 0.14],
            ]
          : [
              [0, '#14120f', 0.12],
              [1, '#14120f', 0.04],
            ],
      ),
    );
  }
  pen.path(body, color);
}

function ribs(pen: Pen, x1: number, x2: number, y: number, height: number, color: Hex): void {
  for (let x = x1; x <= x2; x += 6)
    pen.line(`M${n(x)} ${n(y)}v${n(height)}`, tone(color, -0.13), 1.5, { opacity: 0.55 });
}

export const tShirt: Drawing = (pen, look) => {
  const { color, random } = look;
  const long = /long-sleeve/i.test(look.title);
  const neck = random.range(36, 42);
  const shape = cut(neck, random.range(84, 94), random.range(318, 334), long);
  const ink = random.chance(0.5)
    ? contrast(color, 0.28)
    : lightness(color) > 0.7
      ? '#2f4858'
      : CREAM;
  const style = form(
    look,
    [[/pocket/i, 'pocket']],
    ['plain', 'stripes', 'print', 'ringer', 'block'],
  );
  pen.path(
    `M${n(200 - neck)} 80Q200 66 ${n(200 + neck)} 80Q200 100 ${n(200 - neck)} 80Z`,
    tone(color, -0.2),
  );
  lay(pen, shape, color, style === 'block' ? tone(color, -0.1) : color);
  pen.clip(shape.body, () => {
    if (style === 'stripes')
      for (let y = 132; y < 330; y += 22) pen.rect(80, y, 240, 8, 0, ink, { opacity: 0.85 });
    if (style === 'block') pen.rect(80, 210, 240, 140, 0, tone(color, -0.1));
  });
  if (style === 'stripes')
    for (const d of shape.sleeves)
      pen.clip(d, () => {
        for (let y = 132; y < 300; y += 22) pen.rect(20, y, 360, 8, 0, ink, { opacity: 0.85 });
      });
  folds(pen, shape.body, color);
  if (style === 'pocket') {
    pen.path('M216 150h42v38l-21 12l-21 -12Z', tone(color, 0.03));
    pen.stitches('M216 150h42v38l-21 12l-21 -12Z', tone(color, -0.16));
  }
  if (style === 'print') {
    if (random.chance(0.5)) {
      pen.ellipse(200, 176, 30, 30, ink);
      for (const y of [184, 193, 201]) pen.rect(160, y, 80, 3.6, 0, color);
    } else {
      pen.path('M160 206l28 -46l18 26l12 -16l24 36Z', ink);
      pen.ellipse(228, 158, 8, 8, ink);
    }
  }
  const collar = style === 'ringer' ? ink : tone(color, -0.05);
  pen.line(
    `M${n(200 - neck)} 81Q200 ${n(random.chance(0.2) ? 150 : 120)} ${n(200 + neck)} 81`,
    collar,
    9,
  );
  pen.path(
    `M${n(200 - neck + 3)} 80Q200 108 ${n(200 + neck - 3)} 80Q200 66 ${n(200 - neck + 3)} 80Z`,
    tone(color, -0.16),
  );
  pen.stitches(
    `M${n(200 - shape.half + 6)} ${n(shape.hem - 8)}Q200 ${n(shape.hem)} ${n(200 + shape.half - 6)} ${n(shape.hem - 8)}`,
    tone(color, -0.14),
    1.5,
  );
  if (long) return;
  for (const s of [-1, 1])
    pen.stitches(
      `M${n(200 + s * (shape.half + 14))} 184L${n(200 + s * (shape.half + 53))} 165`,
      style === 'ringer' ? ink : tone(color, -0.14),
      style === 'ringer' ? 4 : 1.5,
    );
};

export const sweater: Drawing = (pen, look) => {
  const { color, random } = look;
  const cardigan = /cardigan/i.test(look.title);
  const roll = form(look, [[/crewneck|cardigan/i, false]], [true, false, false]);
  const neck = 34;
  const shape = cut(neck, random.range(84, 92), 306, true);
  const ink: Hex = random.chance(0.6)
    ? mix(color, lightness(color) > 0.7 ? '#7a6a55' : CREAM, 0.7)
    : contrast(color, 0.2);
  const style = form(
    look,
    [
      [/fisherman|chunky/i, 'cable'],
      [/cardigan/i, 'plain'],
      [/ribbed/i, 'waffle'],
    ],
    ['cable', 'yoke', 'stripes', 'waffle', 'plain', 'chest'],
  );
  lay(pen, shape, color, color);
  const bands = (): void => {
    if (style === 'stripes') for (let y = 120; y < 300; y += 34) pen.rect(20, y, 360, 15, 0, ink);
    if (style === 'chest') {
      pen.rect(20, 168, 360, 34, 0, ink);
      pen.rect(20, 208, 360, 7, 0, ink);
    }
  };
  for (const d of [...shape.sleeves, shape.body]) pen.clip(d, bands);
  pen.clip(shape.body, () => {
    if (style === 'cable') {
      for (const x of [148, 200, 252]) {
        for (let y = 112; y < 300; y += 26)
          pen.line(
            `M${x - 8} ${y}C${x - 8} ${y + 13} ${x + 8} ${y + 13} ${x + 8} ${y + 26}M${x + 8} ${y}C${x + 8} ${y + 13} ${x - 8} ${y + 13} ${x - 8} ${y + 26}`,
            tone(color, -0.11),
            3.4,
            { opacity: 0.8 },
          );
        for (const at of [-18, 18])
          pen.line(`M${x + at} 100V306`, tone(color, -0.12), 2, { opacity: 0.6 });
      }
    }
    if (style === 'waffle') {
      for (let y = 106; y < 300; y += 13) pen.stitches(`M100 ${y}H300`, tone(color, -0.15), 3);
    }
    if (style === 'yoke') {
      for (const [r, step, size] of [
        [70, 15, 4],
        [88, 19, 5.5],
        [106, 17, 3.6],
      ] as const) {
        for (let at = -r; at <= r; at += step) {
          const y = 64 + Math.sqrt(Math.max(0, r * r - at * at)) * 0.86;
          pen.path(
            `M${n(200 + at)} ${n(y - size)}l${size} ${size}l${-size} ${size}l${-size} ${-size}Z`,
            ink,
          );
        }
      }
    }
  });
  folds(pen, shape.body, color);
  const hem = `M${n(200 - shape.half)} 292Q200 301 ${n(200 + shape.half)} 292L${n(200 + shape.half - 8)} 324Q200 332 ${n(200 - shape.half + 8)} 324Z`;
  pen.path(hem, tone(color, -0.05));
  pen.clip(hem, () => ribs(pen, 110, 290, 290, 44, color));
  for (const s of [-1, 1]) {
    const x = (v: number): string => n(200 + s * v);
    const cuff = `M${x(shape.half + 14)} 282L${x(shape.half + 56)} 276L${x(shape.half + 56)} 306Q${x(shape.half + 40)} 312 ${x(shape.half + 22)} 310Z`;
    pen.path(cuff, tone(color, -0.05));
    pen.clip(cuff, () => ribs(pen, 20, 380, 272, 44, color));
  }
  const high = roll ? 54 : 72;
  const collar = `M${200 - neck - 3} 84C${200 - neck} 76 ${200 - neck + 2} 70 ${200 - neck + 2} ${high}Q200 ${high - 10} ${200 + neck - 2} ${high}C${200 + neck - 2} 70 ${200 + neck} 76 ${200 + neck + 3} 84Q200 ${roll ? 112 : 116} ${200 - neck - 3} 84Z`;
  pen.path(collar, tone(color, -0.03));
  pen.clip(collar, () => ribs(pen, 160, 240, high - 10, 66, color));
  pen.ellipse(200, high + 1, neck - 4, roll ? 5 : 11, tone(color, -0.22));
  if (!cardigan) return;
  pen.path(
    'M168 76Q184 116 193 150V328H207V150Q216 116 232 76Q200 100 168 76Z',
    tone(color, -0.06),
  );
  pen.path('M176 79Q190 116 200 146Q210 116 224 79Q200 94 176 79Z', tone(color, -0.25));
  for (let y = 168; y < 320; y += 34)
    pen.ellipse(200, y, 4.6, 4.6, pen.flat(mix(color, CREAM, 0.6)));
};

export const jacket: Drawing = (pen, look) => {
  const { color, random } = look;
  const shape = cut(36, random.range(88, 96), random.range(304, 322), true);
  const kind = form(
    look,
    [
      [/quilted/i, 'puffer'],
      [/hooded/i, 'rain'],
      [/chore|field/i, 'shirt'],
    ],
    ['shirt', 'bomber', 'rain', 'bomber'],
  );
  const accent = kind === 'bomber' ? contrast(color, 0.1) : color;
  const metal = random.pick<Hex>([BRASS, STEEL]);
  if (kind === 'rain') {
    pen.path('M150 96C140 40 260 40 250 96Q200 128 150 96Z', tone(color, -0.05));
    pen.path('M166 92C162 56 238 56 234 92Q200 112 166 92Z', tone(color, -0.26));
  }
  lay(pen, shape, color, kind === 'bomber' ? tone(color, -0.03) : color);
  if (kind === 'puffer') {
    for (const [i, d] of [...shape.sleeves, shape.body].entries())
      pen.clip(d, () => {
        for (let y = 112; y < 330; y += 32) {
          pen.path(
            `M20 ${y}Q200 ${y + (i === 2 ? 12 : 0)} 380 ${y}v10Q200 ${y + 22} 20 ${y + 10}Z`,
            tone(color, 0.1),
            { opacity: 0.5 },
          );
          pen.line(`M20 ${y}Q200 ${y + (i === 2 ? 12 : 0)} 380 ${y}`, tone(color, -0.18), 3.4);
        }
      });
  }
  folds(pen, shape.body, color);
  pen.line(`M200 100V${n(shape.hem + 5)}`, tone(color, -0.2), kind === 'shirt' ? 1.8 : 4);
  if (kind !== 'shirt') {
    pen.stitches(`M200 104V${n(shape.hem + 2)}`, metal, 2);
    pen.rect(196, 128, 8, 20, 4, pen.flat(metal));
  } else {
    pen.line(`M188 112V${n(shape.hem + 5)}`, tone(color, -0.12), 1.5);
    for (let y = 128; y < shape.hem; y += 40) {
      pen.ellipse(194, y, 4.4, 4.4, pen.flat(metal));
      pen.ellipse(194, y, 1.4, 1.4, tone(metal, -0.25));
    }
  }
  if (kind === 'shirt') {
    for (const x of [122, 216]) {
      const pocket = `M${x} 154h62v44q-31 14 -62 0Z`;
      pen.path(pocket, tone(color, 0.02));
      pen.stitches(pocket, tone(color, lightness(color) > 0.5 ? -0.18 : 0.18), 1.6);
      pen.path(`M${x - 2} 150h66v16l-33 13l-33 -13Z`, tone(color, -0.05));
      pen.ellipse(x + 31, 169, 3, 3, metal);
    }
  } else {
    for (const s of [-1, 1])
      pen.line(`M${200 + s * 70} 222L${200 + s * 42} 262`, tone(color, -0.2), 5);
  }
  if (kind === 'bomber' || kind === 'puffer') {
    const hem = `M${n(200 - shape.half - 1)} ${n(shape.hem - 12)}Q200 ${n(shape.hem - 3)} ${n(200 + shape.half + 1)} ${n(shape.hem - 12)}L${n(200 + shape.half - 4)} ${n(shape.hem + 12)}Q200 ${n(shape.hem + 19)} ${n(200 - shape.half + 4)} ${n(shape.hem + 12)}Z`;
    pen.path(hem, tone(accent, -0.08));
    pen.clip(hem, () => ribs(pen, 98, 302, shape.hem - 20, 44, accent));
  }
  for (const s of [-1, 1]) {
    const x = (v: number): string => n(200 + s * v);
    const cuff = `M${x(shape.half + 13)} 278L${x(shape.half + 55)} 272L${x(shape.half + 57)} 296Q${x(shape.half + 40)} 302 ${x(shape.half + 18)} 300Z`;
    pen.path(cuff, tone(accent, -0.08));
    if (kind === 'bomber') pen.clip(cuff, () => ribs(pen, 20, 380, 266, 40, accent));
  }
  if (kind === 'bomber' || kind === 'puffer') {
    const collar =
      'M160 88C164 74 166 66 170 58Q200 48 230 58C234 66 236 74 240 88Q220 108 200 110Q180 108 160 88Z';
    pen.path(collar, tone(accent, -0.06));
    pen.clip(collar, () => ribs(pen, 156, 244, 48, 66, accent));
    pen.ellipse(200, 60, 27, 8, tone(color, -0.25));
  } else if (kind === 'shirt') {
    pen.path('M166 78Q200 62 234 78Q200 108 166 78Z', tone(color, -0.24));
    const cord = random.chance(0.4) ? trim(look) : tone(color, -0.06);
    pen.path('M166 76L200 104L182 136Q158 118 154 88Z', pen.flat(cord));
    pen.path('M234 76L200 104L218 136Q242 118 246 88Z', pen.flat(tone(cord, -0.03)));
  } else {
    for (const s of [-1, 1]) pen.line(`M${200 + s * 20} 108q${s * 4} 26 ${s * 2} 46`, CREAM, 3.4);
  }
};

export const cap: Drawing = (pen, look) => {
  const { color, random } = look;
  const brim: Hex = random.chance(0.45)
    ? random.pick([contrast(color, 0.16), CREAM, trim(look)])
    : tone(color, -0.05);
  if (/bucket/i.test(look.title)) {
    bucket(pen, color);
    return;
  }
  if (/beanie/i.test(look.title)) {
    beanie(pen, color, random.chance(0.5), random.chance(0.5));
    return;
  }
  pen.shadow(196, 298, 132, 16);
  const under = 'M70 262C96 236 176 234 232 262C214 290 120 308 62 286Q54 274 70 262Z';
  const dome =
    'M100 258C98 150 168 116 222 122C284 128 322 180 320 262C316 280 290 286 250 284C204 268 148 250 100 258Z';
  pen.path(dome, color);
  const panel = tone(color, -0.14);
  pen.clip(dome, () => {
    if (random.chance(0.4))
      pen.path('M90 300C90 150 150 116 214 110C190 160 196 230 214 300Z', mix(color, CREAM, 0.82));
    pen.path(
      dome,
      pen.linear(
        [
          [0, '#ffffff', 0.18],
          [0.42, '#ffffff', 0],
          [1, '#14120f', 0.26],
        ],
        0.1,
        0,
        1,
        0.8,
      ),
    );
    pen.line('M212 120C186 160 188 226 204 272', panel, 2.4);
    pen.line('M214 120C262 150 282 210 282 290', panel, 2.4);
    pen.stitches('M206 124C179 162 181 226 197 270', panel, 1.5);
    for (const [x, y] of [
      [172, 168],
      [250, 172],
    ] as const)
      pen.ellipse(x, y, 5, 4.4, 'none', { stroke: tone(color, -0.18), 'stroke-width': 2.4 });
  });
  pen.ellipse(214, 121, 12, 5.5, pen.flat(brim));
  pen.path(
    under,
    pen.linear(
      [
        [0, tone(brim, 0.05)],
        [0.6, tone(brim, -0.02)],
        [1, tone(brim, -0.13)],
      ],
      0,
      0,
      0.3,
      1,
    ),
  );
  for (const lift of [0, 7, 14])
    pen.stitches(
      `M${72 + lift} ${284 - lift * 0.7}C${120 + lift} ${300 - lift} ${196 - lift * 0.4} ${286 - lift} ${224 - lift * 0.7} ${264 - lift * 0.4}`,
      tone(brim, -0.14),
      1.4,
    );
  pen.line('M100 257C148 248 204 266 236 277', tone(color, -0.17), 3);
  const badge = random.pick(['patch', 'mark', 'none']);
  if (badge === 'patch') {
    pen.path('M118 196q30 -18 58 -12l4 38q-32 -4 -60 12Z', trim(look));
    pen.stitches('M124 199q26 -14 48 -10l3 28q-26 -2 -49 9Z', CREAM, 1.4);
  } else if (badge === 'mark') pen.path('M126 226l20 -40l14 22l8 -12l14 24q-30 -2 -56 6Z', brim);
};

function bucket(pen: Pen, color: Hex): void {
  pen.shadow(200, 300, 128, 16);
  const brim = turned(
    200,
    [
      [82, 218],
      [104, 246],
      [132, 282],
    ],
    0.22,
  );
  pen.path(brim, pen.round(tone(color, -0.03)));
  pen.clip(brim, () => {
    for (const [r, y] of [
      [104, 240],
      [114, 254],
      [124, 268],
    ] as const) {
      pen.stitches(
        `M${200 - r} ${y}A${r} ${n(r * 0.22)} 0 0 0 ${200 + r} ${y}`,
        tone(color, -0.14),
        1.5,
      );
    }
  });
  const crown = turned(
    200,
    [
      [62, 132],
      [72, 148],
      [82, 222],
    ],
    0.22,
  );
  pen.path(crown, pen.round(color));
  pen.path(band(200, [79, 204], [83, 222], 0.22), tone(color, -0.07));
  pen.ellipse(200, 134, 63, 14, tone(color, 0.04));
  for (const x of [154, 166])
    pen.ellipse(x, 190, 3.6, 3.6, 'none', { stroke: tone(color, -0.2), 'stroke-width': 2.2 });
}

function beanie(pen: Pen, color: Hex, bobble: boolean, stripe: boolean): void {
  pen.shadow(200, 306, 108, 14);
  if (bobble) {
    for (const [dx, dy] of [
      [0, 0],
      [-13, 5],
      [13, 5],
      [-8, -10],
      [9, -9],
      [0, 11],
    ] as const)
      pen.ellipse(200 + dx, 104 + dy, 19, 18, tone(color, 0.05 + dy / 300));
  }
  const dome = 'M104 250C98 150 146 112 200 112S302 150 296 250Z';
  pen.path(dome, pen.round(color));
  pen.clip(dome, () => {
    if (stripe) {
      pen.path('M90 196Q200 182 310 196v22Q200 204 90 218Z', CREAM, { opacity: 0.9 });
    }
    for (let i = -8; i <= 8; i++)
      pen.line(
        `M${200 + i * 3} 112Q${200 + i * 13} 170 ${200 + i * 12.4} 256`,
        tone(color, -0.13),
        2,
        { opacity: 0.5 },
      );
  });
  const cuff = 'M96 244Q200 230 304 244Q310 270 302 298Q200 312 98 298Q90 270 96 244Z';
  pen.path(cuff, '#14120f', { opacity: 0.12, transform: 'translate(0 -4)' });
  pen.path(cuff, pen.round(tone(color, 0.03)));
  pen.clip(cuff, () => ribs(pen, 96, 308, 230, 84, color));
  pen.rect(222, 262, 34, 24, 2, '#f4ecdc');
  pen.line('M228 270h22M228 277h14', '#6b5b4a', 2);
}
