import { contrast, type Hex, lightness, mix, tone } from './color.js';
import { anyMetal, anyWood, BLACK, CREAM, type Drawing, form, STEEL, trim } from './look.js';
import { n, type Pen, type Point } from './pen.js';
import { band, curve, GROUND, gloss, polygon, TILT, turned } from './shapes.js';

export const bottle: Drawing = (pen, look) => {
  const { color, random } = look;
  const r = random.range(46, 58);
  const top = random.range(104, 132);
  const kind = form(
    look,
    [
      [/sports/i, 'loop'],
      [/insulated/i, 'strap'],
      [/flask/i, 'cup'],
    ],
    ['loop', 'wood', 'strap'],
  );
  const neck = kind === 'cup' ? r * 0.9 : r * random.range(0.52, 0.66);
  const lid: Hex =
    kind === 'wood'
      ? anyWood(look)
      : kind === 'cup'
        ? STEEL
        : lightness(color) < 0.4
          ? STEEL
          : BLACK;
  pen.shadow(200, GROUND + 2, r * 1.06);
  if (kind === 'loop' || kind === 'strap') {
    pen.rod(
      `M${n(200 - neck * 0.7)} ${n(top - 22)}C${n(200 - neck * 0.8)} ${n(top - 66)} ${n(200 + neck * 0.8)} ${n(top - 66)} ${n(200 + neck * 0.7)} ${n(top - 22)}`,
      kind === 'strap' ? trim(look) : lid,
      10,
    );
  }
  const body = turned(200, [
    [neck, top],
    [neck, top + 10],
    [r * 0.86, top + 36],
    [r, top + 62],
    [r, GROUND - 14],
    [r * 0.95, GROUND - 2],
  ]);
  pen.path(body, pen.round(color, 1.2));
  pen.clip(body, () => {
    const style = random.pick(['plain', 'base', 'fade', 'ring', 'peaks']);
    if (style === 'base')
      pen.path(band(200, [80, GROUND - 52], [80, 420]), pen.round(mix(color, '#c9c5bd', 0.75)));
    if (style === 'fade')
      pen.path(
        body,
        pen.linear(
          [
            [0.35, tone(color, -0.2), 0],
            [1, mix(tone(color, -0.2), '#20303a', 0.3), 0.9],
          ],
          0,
          0,
          0,
          1,
        ),
      );
    if (style === 'ring')
      for (const y of [top + 72, top + 84])
        pen.path(band(200, [80, y], [80, y + 5]), contrast(color, 0.22), { opacity: 0.85 });
    if (style === 'peaks') {
      const ink = lightness(color) > 0.7 ? tone(color, -0.35) : CREAM;
      pen.path('M168 250l22 -40l12 18l10 -12l20 34Z', ink, { opacity: 0.9 });
      pen.ellipse(222, 202, 6, 6, ink, { opacity: 0.9 });
    }
  });
  gloss(
    pen,
    `M${n(200 - r * 0.58)} ${n(top + 56)}Q${n(200 - r * 0.64)} ${n(top + 76)} ${n(200 - r * 0.64)} ${n(GROUND - 24)}`,
    8,
    0.42,
  );
  const cap = kind === 'cup' ? 56 : 28;
  pen.path(
    turned(200, [
      [neck * (kind === 'cup' ? 0.92 : 1.02), top - cap],
      [neck * 1.06, top - 2],
    ]),
    pen.round(lid, 1.2),
  );
  const lidTop = neck * (kind === 'cup' ? 0.92 : 1.02);
  pen.ellipse(
    200,
    top - cap,
    lidTop,
    lidTop * TILT,
    pen.linear([
      [0, tone(lid, 0.1)],
      [1, tone(lid, 0)],
    ]),
  );
  if (kind === 'loop')
    for (let i = -3; i <= 3; i++)
      pen.line(`M${n(200 + neck * Math.sin(i / 2.6))} ${n(top - 20)}v16`, tone(lid, 0.1), 1.6, {
        opacity: 0.6,
      });
};

export const tent: Drawing = (pen, look) => {
  const { color, random } = look;
  const y = GROUND - 6;
  const second: Hex = random.chance(0.5) ? mix(color, CREAM, 0.72) : tone(color, -0.1);
  const kind = form(
    look,
    [
      [/dome|tunnel/i, 'dome'],
      [/trekking/i, 'ridge'],
    ],
    ['ridge', 'tipi'],
  );
  pen.shadow(204, y + 4, 150, 15);
  const dark: Hex = tone(mix(color, '#20242a', 0.75), -0.03);
  const rope = (from: Point, to: Point): void => {
    pen.line(`M${n(from[0])} ${n(from[1])}L${n(to[0])} ${n(to[1])}`, '#efe6d6', 3);
    pen.line(`M${n(from[0])} ${n(from[1])}L${n(to[0])} ${n(to[1])}`, '#8d8577', 1.4);
    pen.line(`M${n(to[0] - 2)} ${n(to[1] - 7)}l5 13`, '#7b6a56', 4);
  };
  if (kind === 'dome') {
    const high = random.range(128, 150);
    rope([96, 230], [34, y + 3]);
    rope([304, 230], [368, y + 3]);
    const shell = `M58 ${y}C74 ${n(high + 36)} 136 ${n(high)} 204 ${n(high)}S338 ${n(high + 36)} 348 ${y}Q200 ${y + 12} 58 ${y}Z`;
    pen.path(shell, color);
    pen.clip(shell, () => {
      pen.path(`M204 ${n(high - 2)}C118 ${n(high + 50)} 92 280 84 350H30V100Z`, second);
      pen.path(
        `M204 ${n(high - 2)}C290 ${n(high + 50)} 316 280 324 350H380V100Z`,
        tone(second, -0.08),
      );
      pen.path(
        shell,
        pen.linear(
          [
            [0, '#ffffff', 0.2],
            [0.45, '#ffffff', 0],
            [1, '#14120f', 0.22],
          ],
          0,
          0,
          1,
          0.6,
        ),
      );
      pen.line(`M204 ${n(high)}C118 ${n(high + 50)} 92 280 84 350`, tone(color, -0.16), 3.4);
      pen.line(`M204 ${n(high)}C290 ${n(high + 50)} 316 280 324 350`, tone(color, -0.16), 3.4);
    });
    pen.path(
      `M204 ${n(high + 46)}C170 ${n(high + 70)} 150 270 144 ${y + 4}H262C256 270 238 ${n(high + 70)} 204 ${n(high + 46)}Z`,
      dark,
    );
    pen.path(
      `M204 ${n(high + 46)}C170 ${n(high + 70)} 150 270 144 ${y + 4}H172C168 280 178 ${n(high + 96)} 204 ${n(high + 46)}Z`,
      pen.round(tone(color, 0.05)),
    );
    pen.glow(214, y - 30, 54, '#ffcf73', 0.5);
    return;
  }
  const peak = kind === 'tipi' ? 84 : 122;
  const half = kind === 'tipi' ? 112 : 122;
  if (kind === 'tipi')
    for (const lean of [-16, 2, 18])
      pen.rod(`M200 ${peak + 14}L${200 + lean} ${peak - 34}`, '#b98f62', 6);
  else {
    rope([200, peak], [40, y + 4]);
    rope([286, peak + 4], [376, y]);
    pen.path(
      polygon([
        [200, peak],
        [286, peak + 6],
        [362, y - 12],
        [200 + half, y],
      ]),
      pen.flat(tone(color, -0.12)),
    );
  }
  const front = `M200 ${peak}L${200 + half} ${y}Q200 ${y + 12} ${200 - half} ${y}Z`;
  pen.path(front, color);
  pen.clip(front, () => {
    if (kind === 'tipi' || random.chance(0.5)) {
      pen.path(`M60 ${y - 46}Q200 ${y - 34} 340 ${y - 46}V400H60Z`, second);
      for (let x = 84; x < 320; x += 26) pen.path(`M${x} ${y - 50}l13 -17l13 17Z`, second);
    }
    pen.path(
      front,
      pen.linear([
        [0, '#ffffff', 0.16],
        [0.5, '#ffffff', 0],
        [1, '#14120f', 0.2],
      ]),
    );
  });
  pen.path(`M200 ${peak + 54}Q188 260 164 ${y + 7}H238Q212 260 200 ${peak + 54}Z`, dark);
  pen.glow(202, y - 26, 46, '#ffcf73', 0.5);
  for (const s of [-1, 1]) {
    const flap = `M200 ${peak + 54}C${200 + s * 8} 250 ${200 + s * 30} 270 ${200 + s * 66} 282Q${200 + s * 54} 300 ${200 + s * 64} ${y + 3}L${200 + s * 36} ${y + 7}Q${200 + s * 12} 260 200 ${peak + 54}Z`;
    pen.path(flap, pen.round(tone(color, s < 0 ? 0.07 : 0.02)));
  }
  pen.line(`M200 ${peak}V${peak + 54}`, tone(color, -0.18), 2.4);
};

export const lantern: Drawing = (pen, look) => {
  const { color, random } = look;
  const kind = form(
    look,
    [
      [/storm/i, 'storm'],
      [/camp|rechargeable/i, 'camp'],
      [/solar/i, 'box'],
    ],
    ['storm', 'box', 'camp'],
  );
  const glass = pen.linear([
    [0, '#ffedc2', 0.75],
    [0.5, '#fff6dd', 0.55],
    [1, '#f3cf8d', 0.75],
  ]);
  pen.glow(200, 220, 170, '#ffcf73', 0.5);
  pen.shadow(200, GROUND + 2, 74);
  const top = kind === 'storm' ? 128 : 138;
  const metal = kind === 'camp' ? anyMetal(look) : color;
  if (kind === 'storm') {
    pen.rod('M134 300C112 250 116 170 152 138', tone(color, -0.05), 8);
    pen.rod('M266 300C288 250 284 170 248 138', tone(color, -0.05), 8);
    pen.line('M152 142C150 40 250 40 248 142', tone(STEEL, -0.1), 4.5);
    pen.path(
      turned(200, [
        [38, 176],
        [52, 214],
        [50, 250],
        [38, 282],
      ]),
      glass,
    );
    flame(pen, 200, 262);
    gloss(pen, 'M166 202Q158 228 166 258', 6, 0.75);
    for (const y of [204, 256])
      pen.line(`M148 ${y}Q200 ${y + 18} 252 ${y}`, tone(STEEL, -0.08), 2.4);
    pen.path(
      turned(200, [
        [18, 104],
        [24, 122],
        [20, 130],
        [46, 150],
        [40, 176],
      ]),
      pen.round(color),
    );
    pen.ellipse(200, 104, 18, 4, tone(color, -0.14));
    pen.path(
      turned(200, [
        [40, 280],
        [62, 292],
        [72, 304],
        [72, GROUND - 8],
        [66, GROUND - 1],
      ]),
      pen.round(color, 1.1),
    );
    pen.path(
      turned(
        258,
        [
          [5, 300],
          [5, 308],
        ],
        0.3,
      ),
      pen.round(STEEL),
    );
    gloss(pen, 'M146 308V318', 6, 0.4);
    return;
  }
  if (kind === 'box') {
    pen.line('M170 128C166 54 234 54 230 128', tone(color, -0.12), 6);
    pen.path(
      polygon([
        [200, 88],
        [262, 146],
        [138, 146],
      ]),
      pen.round(color),
    );
    pen.rect(184, 84, 32, 16, 4, pen.round(tone(color, 0.02)));
    pen.rect(140, 146, 120, 166, 0, tone(mix(color, '#3b2f22', 0.6), -0.05), { opacity: 0.25 });
    pen.rect(140, 146, 120, 166, 0, glass);
    pen.path(
      turned(200, [
        [26, 236],
        [26, 304],
      ]),
      pen.round(CREAM),
    );
    pen.ellipse(200, 236, 26, 26 * TILT, '#fff8e6');
    flame(pen, 200, 236);
    for (const x of [136, 200, 254])
      if (x !== 200 || random.chance(0.4))
        pen.rect(x - (x === 200 ? 3 : 3), 146, x === 200 ? 6 : 11, 168, 2, pen.flat(color));
    pen.rect(128, 140, 144, 12, 3, pen.flat(tone(color, 0.03)));
    pen.rect(124, 308, 152, 19, 4, pen.flat(tone(color, -0.02)));
    pen.line('M154 162L178 292', '#ffffff', 7, { opacity: 0.28 });
    return;
  }
  pen.rod(`M150 ${top + 10}C140 ${top - 82} 260 ${top - 82} 250 ${top + 10}`, trim(look), 9);
  pen.path(
    turned(200, [
      [56, top + 34],
      [64, top + 74],
      [64, 246],
      [56, 274],
    ]),
    pen.linear([
      [0, '#f8dfa6'],
      [0.35, '#fffaf0'],
      [1, '#eebd6c'],
    ]),
  );
  for (let i = -3; i <= 3; i++) {
    const x = 200 + Math.sin(i / 2.4) * 62;
    pen.line(`M${n(x)} ${top + 44}V276`, tone(metal, -0.05), 4);
  }
  pen.path(
    turned(200, [
      [20, top - 6],
      [50, top + 8],
      [60, top + 22],
      [60, top + 38],
    ]),
    pen.round(color),
  );
  pen.ellipse(200, top - 6, 20, 4.5, tone(color, 0.06));
  pen.path(
    turned(200, [
      [60, 266],
      [68, 282],
      [68, GROUND - 6],
      [64, GROUND - 1],
    ]),
    pen.round(color),
  );
  pen.ellipse(200, 308, 8, 8, pen.round(metal));
};

function flame(pen: Pen, x: number, y: number): void {
  pen.path(
    `M${x} ${y - 38}C${x + 12} ${y - 20} ${x + 10} ${y - 2} ${x} ${y}C${x - 10} ${y - 2} ${x - 12} ${y - 20} ${x} ${y - 38}Z`,
    pen.linear(
      [
        [0, '#ffae3f'],
        [1, '#fff3cf'],
      ],
      0,
      0,
      0,
      1,
    ),
  );
}

export const blanket: Drawing = (pen, look) => {
  const { color, random } = look;
  const second: Hex = random.chance(0.6)
    ? mix(color, lightness(color) > 0.75 ? '#7d6b58' : CREAM, 0.75)
    : contrast(color, 0.18);
  const style = form(
    look,
    [
      [/striped/i, 'stripes'],
      [/checked/i, 'plaid'],
      [/plain|fringed/i, 'plain'],
    ],
    ['plaid', 'stripes', 'plain', 'border'],
  );
  if (form(look, [[/picnic|camp/i, true]], [false])) {
    roll(pen, color, second, trim(look));
    return;
  }
  const layers = random.pick([3, 4]);
  const half = random.range(120, 134);
  const thick = random.range(33, 38);
  pen.shadow(202, GROUND + 3, half * 1.04, 14);
  for (let i = 0; i < layers; i++) {
    const y = GROUND - thick * (i + 1);
    const lean = ((i % 2) * 2 - 1) * 4;
    const [l, r] = [200 - half + lean, 200 + half + lean];
    const fold = `M${n(l + 12)} ${n(y)}H${n(r - 17)}Q${n(r)} ${n(y)} ${n(r)} ${n(y + thick / 2)}T${n(r - 17)} ${n(y + thick)}H${n(l + 12)}Q${n(l - 2)} ${n(y + thick / 2)} ${n(l + 12)} ${n(y)}Z`;
    pen.path(fold, i % 2 === 0 ? color : tone(color, 0.025));
    pen.clip(fold, () => {
      if (style === 'stripes')
        for (const x of [0.12, 0.2, 0.28, 0.72, 0.8, 0.88])
          pen.rect(l + half * 2 * x, y, half * 0.07, thick, 0, second);
      if (style === 'border') pen.rect(r - half * 0.5, y, half * 0.2, thick, 0, second);
      if (style === 'plaid') {
        for (let x = 0.06; x < 1; x += 0.18)
          pen.rect(l + half * 2 * x, y, half * 0.16, thick, 0, second, { opacity: 0.45 });
        pen.rect(l, y + thick * 0.36, half * 2, thick * 0.26, 0, second, { opacity: 0.45 });
      }
      pen.path(
        fold,
        pen.linear(
          [
            [0, '#ffffff', 0.2],
            [0.4, '#ffffff', 0],
            [1, '#14120f', 0.3],
          ],
          0,
          0,
          0,
          1,
        ),
      );
      pen.line(
        `M${n(l)} ${n(y + thick / 2)}H${n(l + half * random.range(0.8, 1.6))}`,
        '#14120f',
        2,
        { opacity: 0.16 },
      );
    });
  }
  const y = GROUND - thick * layers;
  if (/fringed/i.test(look.title) || random.chance(0.4))
    for (let x = 200 - half + 10; x < 200 - half * 0.25; x += 8)
      pen.line(
        `M${n(x)} ${n(y + thick - 4)}q${n(random.range(-2, 2))} 12 ${n(random.range(-2, 2))} ${n(random.range(20, 26))}`,
        mix(color, second, 0.4),
        3.4,
      );
};

function roll(pen: Pen, color: Hex, second: Hex, strap: Hex): void {
  const y = 258;
  pen.shadow(204, GROUND + 3, 132, 14);
  const body = `M92 ${y - 68}H296${curve([
    [296, y - 68],
    [336, y - 40],
    [344, y],
    [336, y + 44],
    [296, y + 70],
  ])}H92Z`;
  pen.path(body, color);
  pen.clip(body, () => {
    for (const x of [262, 282]) pen.rect(x, 150, 11, 200, 0, second);
    pen.path(
      body,
      pen.linear(
        [
          [0, '#ffffff', 0.24],
          [0.35, '#ffffff', 0.02],
          [1, '#14120f', 0.32],
        ],
        0,
        0,
        0,
        1,
      ),
    );
  });
  for (const x of [156, 226]) {
    pen.rect(
      x,
      y - 71,
      17,
      143,
      3,
      pen.linear(
        [
          [0, tone(strap, 0.08)],
          [1, tone(strap, -0.12)],
        ],
        0,
        0,
        0,
        1,
      ),
    );
    pen.rect(x - 2, y - 22, 21, 17, 3, 'none', { stroke: STEEL, 'stroke-width': 4 });
  }
  pen.rod(`M164 ${y - 72}C168 ${y - 128} 230 ${y - 128} 234 ${y - 72}`, strap, 9);
  pen.ellipse(92, y + 1, 42, 70, tone(color, -0.06));
  for (const [rx, ry, ink] of [
    [35, 59, second],
    [28, 48, color],
    [21, 37, second],
    [14, 25, color],
    [7, 13, second],
  ] as const) {
    pen.ellipse(93, y + 2, rx, ry, 'none', { stroke: tone(ink, -0.04), 'stroke-width': 5 });
  }
}
