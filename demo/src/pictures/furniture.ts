import { contrast, type Hex, lightness, mix, tone } from './color.js';
import { anyMetal, anyWood, CREAM, type Drawing, form, frameOf } from './look.js';
import { n, type Point } from './pen.js';
import { GROUND, grain, leg, polygon, smooth, turned } from './shapes.js';

export const chair: Drawing = (pen, look) => {
  const { color, random } = look;
  const kind = form(
    look,
    [
      [/slatted/i, 'spindle'],
      [/woven/i, 'ladder'],
      [/lounge|armchair/i, 'upholstered'],
      [/low back/i, 'hoop'],
    ],
    ['spindle', 'shell', 'ladder', 'upholstered', 'hoop'],
  );
  const padded = kind === 'upholstered' || kind === 'shell';
  const frame = padded ? random.pick<Hex>([anyWood(look), anyMetal(look)]) : frameOf(look);
  const back = random.range(64, 84);
  const seat = 214;
  pen.shadow(200, GROUND - 3, 92, 16, 0.65);

  leg(pen, [148, seat], [136, GROUND - 18], 9, tone(frame, -0.14));
  leg(pen, [252, seat], [264, GROUND - 18], 9, tone(frame, -0.14));

  if (kind === 'spindle') {
    for (let i = -3; i <= 3; i++)
      leg(pen, [200 + i * 18, back + 14], [200 + i * 15, seat], 5, tone(frame, -0.03), 1);
    leg(pen, [132, back], [142, seat], 11, frame, 1);
    leg(pen, [268, back], [258, seat], 11, frame, 1);
    pen.path(
      `M122 ${n(back - 4)}Q200 ${n(back - 22)} 278 ${n(back - 4)}L274 ${n(back + 24)}Q200 ${n(back + 8)} 126 ${n(back + 24)}Z`,
      pen.flat(frame),
    );
  }
  if (kind === 'ladder') {
    leg(pen, [136, back - 14], [142, seat], 12, frame, 1);
    leg(pen, [264, back - 14], [258, seat], 12, frame, 1);
    for (const at of [0, 44, 88]) {
      const y = back + at;
      const slat = `M138 ${n(y)}Q200 ${n(y - 12)} 262 ${n(y)}v20Q200 ${n(y + 8)} 138 ${n(y + 20)}Z`;
      pen.path(slat, pen.flat(tone(frame, 0.02)));
    }
  }
  if (kind === 'hoop') {
    pen.rod(`M140 ${seat}C112 ${n(back - 34)} 288 ${n(back - 34)} 260 ${seat}`, frame, 12);
    for (let i = -2; i <= 2; i++) {
      const top = back + 4 + Math.abs(i) ** 1.8 * 8;
      leg(pen, [200 + i * 24, top], [200 + i * 19, seat], 5.5, tone(frame, -0.02), 1);
    }
  }
  if (padded) {
    const wide = kind === 'shell' ? 74 : 68;
    const d = `M${200 - wide} ${n(back + 26)}C${200 - wide + 4} ${n(back - 16)} ${200 + wide - 4} ${n(back - 16)} ${200 + wide} ${n(back + 26)}C${200 + wide + 4} ${n(back + 80)} 262 ${seat - 30} 254 ${seat + 6}L146 ${seat + 6}C138 ${seat - 30} ${200 - wide - 4} ${n(back + 80)} ${200 - wide} ${n(back + 26)}Z`;
    pen.path(d, pen.round(color, 0.9));
    pen.path(
      d,
      pen.linear(
        [
          [0, '#ffffff', 0.1],
          [0.7, '#ffffff', 0],
          [1, '#14120f', 0.22],
        ],
        0,
        0,
        0,
        1,
      ),
    );
    if (kind === 'upholstered') {
      for (const share of [-0.5, 0, 0.5])
        pen.line(
          `M${n(200 + wide * share)} ${n(back + 4)}Q${n(200 + wide * share * 0.9)} ${n(back + 70)} ${n(200 + wide * share * 0.8)} ${seat}`,
          tone(color, -0.12),
          2.2,
          { opacity: 0.7 },
        );
    }
  }

  leg(pen, [138, seat + 14], [122, GROUND], 12, frame);
  leg(pen, [262, seat + 14], [278, GROUND], 12, frame);
  if (kind !== 'shell') pen.rod('M131 280H269', tone(frame, -0.03), 7);

  const top: Hex = padded
    ? color
    : kind === 'ladder'
      ? mix('#d8bf93', CREAM, 0.3)
      : tone(frame, 0.03);
  const plate = `M144 ${seat - 8}H256Q264 ${seat - 8} 268 ${seat}L280 ${seat + 18}Q282 ${seat + 24} 274 ${seat + 24}H126Q118 ${seat + 24} 120 ${seat + 18}L132 ${seat}Q136 ${seat - 8} 144 ${seat - 8}Z`;
  pen.path(
    plate,
    pen.linear(
      [
        [0, tone(top, -0.03)],
        [1, tone(top, 0.07)],
      ],
      0,
      0,
      0.2,
      1,
    ),
  );
  if (kind === 'ladder') {
    pen.clip(plate, () => {
      for (let i = 0; i < 16; i++)
        pen.line(
          `M${120 + i * 10.6} ${seat + 26}L${142 + i * 7.8} ${seat - 8}`,
          tone(top, -0.14),
          1.5,
          { opacity: 0.6 },
        );
      for (let i = 0; i < 4; i++)
        pen.line(`M110 ${seat - 2 + i * 7}H290`, tone(top, -0.14), 1.5, { opacity: 0.6 });
    });
  }
  const thick = padded ? 18 : 9;
  pen.rect(119, seat + 20, 162, thick, thick / 2, pen.round(tone(top, -0.06)));
};

export const stool: Drawing = (pen, look) => {
  const { random } = look;
  const frame = frameOf(look);
  const padded = random.chance(0.35);
  const tall = form(
    look,
    [
      [/bar stool|65 cm/i, true],
      [/step|milking|45 cm/i, false],
    ],
    [true, false],
  );
  const square = /square/i.test(look.title);
  const y = tall ? 120 : 186;
  const r = tall ? random.range(62, 72) : random.range(80, 94);
  const spread = r * (tall ? 1.08 : 0.98);
  const thick = padded ? 30 : random.range(13, 22);
  const legs = random.chance(0.25) && !tall ? 3 : 4;
  const metal = random.chance(0.3) ? anyMetal(look) : frame;
  pen.shadow(200, GROUND - 5, spread * 1.02, 20, 0.6);

  const ring = y + (GROUND - y) * 0.62;
  const at = (reach: number): number =>
    reach * 0.62 + (spread - reach * 0.62) * ((ring - y) / (GROUND - y));
  leg(pen, [200 - r * 0.3, y], [200 - spread * 0.48, GROUND - 24], 10, tone(metal, -0.14));
  if (legs === 4)
    leg(pen, [200 + r * 0.3, y], [200 + spread * 0.48, GROUND - 24], 10, tone(metal, -0.14));
  const half = at(r);
  if (tall || random.chance(0.6)) {
    pen.line(
      `M${n(200 - half)} ${n(ring)}A${n(half)} ${n(half * 0.2)} 0 0 1 ${n(200 + half)} ${n(ring)}`,
      tone(metal, -0.16),
      6,
    );
    pen.rod(
      `M${n(200 - half)} ${n(ring)}A${n(half)} ${n(half * 0.2)} 0 0 0 ${n(200 + half)} ${n(ring)}`,
      metal,
      7,
    );
  }
  leg(pen, [200 - r * 0.62, y], [200 - spread, GROUND], 14, metal);
  leg(
    pen,
    legs === 4 ? [200 + r * 0.62, y] : [200 + r * 0.5, y],
    [200 + spread, GROUND],
    14,
    metal,
  );

  const top: Hex = padded ? look.color : frame;
  if (square) {
    const lidY = y - thick;
    pen.rect(
      200 - r,
      lidY + 10,
      r * 2,
      thick - 2,
      padded ? 10 : 3,
      pen.round(tone(top, -0.04), 0.8),
    );
    const plate = polygon([
      [200 - r * 0.8, lidY - 13],
      [200 + r * 0.8, lidY - 13],
      [200 + r, lidY + 12],
      [200 - r, lidY + 12],
    ]);
    pen.path(
      plate,
      pen.linear(
        [
          [0, tone(top, 0.02)],
          [1, tone(top, 0.09)],
        ],
        0,
        0,
        0.3,
        1,
      ),
    );
    if (!padded) grain(pen, 200 - r * 0.8, lidY - 12, r * 1.6, 22, top, 2);
    return;
  }
  const profile: Point[] = padded
    ? [
        [r * 0.93, y - thick],
        [r * 1.02, y - thick * 0.5],
        [r * 0.96, y],
      ]
    : [
        [r, y - thick],
        [r, y - 5],
        [r * 0.95, y],
      ];
  pen.path(turned(200, profile, 0.2), pen.round(padded ? top : tone(top, -0.04)));
  const lid = padded ? r * 0.93 : r;
  pen.ellipse(
    200,
    y - thick,
    lid,
    lid * 0.2,
    pen.linear(
      [
        [0, tone(top, 0.09)],
        [1, tone(top, 0)],
      ],
      0,
      0,
      1,
      0.5,
    ),
  );
  if (padded) pen.ellipse(200, y - thick, 6, 2.4, tone(top, -0.15));
  else {
    for (const share of [0.74, 0.48, 0.22])
      pen.ellipse(200 - (1 - share) * 10, y - thick, lid * share, lid * 0.2 * share, 'none', {
        stroke: tone(top, -0.09),
        'stroke-width': 1.3,
        opacity: 0.5,
      });
  }
};

export const sideTable: Drawing = (pen, look) => {
  const { random } = look;
  const frame = frameOf(look);
  const box = /square|drawer|bedside/i.test(look.title) || random.chance(0.25);
  const y = random.range(158, 182);
  const metal = random.chance(0.4) ? anyMetal(look) : frame;
  pen.shadow(200, GROUND - 4, 98, 18, 0.6);
  if (box) {
    leg(pen, [128, y], [122, GROUND - 16], 9, tone(metal, -0.14));
    leg(pen, [272, y], [278, GROUND - 16], 9, tone(metal, -0.14));
    leg(pen, [118, y], [110, GROUND], 13, metal);
    leg(pen, [282, y], [290, GROUND], 13, metal);
    pen.path(
      polygon([
        [122, y - 22],
        [278, y - 22],
        [300, y],
        [100, y],
      ]),
      pen.linear(
        [
          [0, tone(frame, 0.02)],
          [1, tone(frame, 0.09)],
        ],
        0,
        0,
        0.3,
        1,
      ),
    );
    pen.rect(100, y, 200, 52, 3, pen.flat(frame));
    grain(pen, 104, y, 190, 52, frame);
    pen.rect(112, y + 9, 176, 34, 3, 'none', { stroke: tone(frame, -0.13), 'stroke-width': 2 });
    pen.path(
      turned(
        200,
        [
          [7, y + 24],
          [7, y + 29],
        ],
        0.5,
      ),
      anyMetal(look),
    );
    return;
  }
  const r = random.range(92, 116);
  const kind = random.pick(['three', 'pedestal', 'drum', 'cross']);
  if (kind === 'three' || kind === 'cross') {
    leg(pen, [200, y], [kind === 'three' ? 206 : 240, GROUND - 24], 10, tone(metal, -0.14));
    if (kind === 'cross') leg(pen, [200, y], [160, GROUND - 24], 10, tone(metal, -0.14));
    leg(pen, [200 - r * 0.6, y], [200 - r * 0.86, GROUND], 13, metal);
    leg(pen, [200 + r * 0.6, y], [200 + r * 0.86, GROUND], 13, metal);
    if (random.chance(0.5))
      pen.rod(`M${n(200 - r * 0.75)} 268H${n(200 + r * 0.75)}`, tone(metal, -0.03), 6);
  } else if (kind === 'pedestal') {
    pen.path(
      turned(200, [
        [11, y],
        [11, GROUND - 30],
        [22, GROUND - 16],
        [60, GROUND - 7],
        [62, GROUND - 1],
      ]),
      pen.round(metal),
    );
  } else {
    const body = turned(
      200,
      [
        [r * 0.86, y],
        [r * 0.86, GROUND - 4],
      ],
      0.18,
    );
    pen.path(body, pen.round(tone(frame, -0.03)));
    pen.clip(body, () => {
      for (let i = -9; i <= 9; i++) {
        const x = 200 + Math.sin((i / 10) * 1.57) * r * 0.86;
        pen.line(`M${n(x)} ${n(y)}V400`, tone(frame, -0.16), 2.6, { opacity: 0.55 });
      }
    });
  }
  const tray = random.chance(0.35);
  const thick = tray ? 18 : random.range(9, 13);
  pen.path(
    turned(
      200,
      [
        [r, y - thick],
        [r, y - 3],
        [r * 0.97, y],
      ],
      0.2,
    ),
    pen.round(tone(frame, -0.05)),
  );
  pen.ellipse(
    200,
    y - thick,
    r,
    r * 0.2,
    pen.linear(
      [
        [0, tone(frame, 0.1)],
        [1, tone(frame, 0.01)],
      ],
      0,
      0,
      1,
      0.5,
    ),
  );
  if (tray)
    pen.ellipse(
      200,
      y - thick + 2,
      r - 7,
      (r - 7) * 0.2,
      pen.linear(
        [
          [0, tone(frame, -0.12)],
          [1, tone(frame, -0.02)],
        ],
        0,
        0,
        1,
        0.6,
      ),
    );
  if (random.chance(0.45)) {
    const cup: Hex = contrast(lightness(frame) > 0.6 ? mix(frame, '#4b5a57', 0.6) : CREAM, 0.02);
    pen.path(
      turned(172, [
        [17, y - thick - 26],
        [15, y - thick - 3],
      ]),
      pen.round(cup),
    );
    pen.ellipse(172, y - thick - 26, 17, 3, '#5a3c2a');
    pen.line(
      smooth([
        [188, y - thick - 21],
        [199, y - thick - 16],
        [187, y - thick - 9],
      ]),
      tone(cup, -0.06),
      4,
    );
  }
};
