import { contrast, type Hex, lightness, mix, tone } from './color.js';
import { anyMetal, anyWood, BRASS, CREAM, type Drawing, form, LEAF } from './look.js';
import { n, type Pen, type Point } from './pen.js';
import { band, GROUND, gloss, opening, smooth, TILT, turned } from './shapes.js';

export const tableLamp: Drawing = (pen, look) => {
  const { color, random } = look;
  const x = 200;
  const kind = form(
    look,
    [
      [/globe/i, 'globe'],
      [/desk/i, 'dome'],
    ],
    ['cone', 'drum', 'dome', 'mushroom', 'globe'],
  );
  const shadeOnly = random.chance(0.5);
  const shade: Hex = shadeOnly ? color : mix(color, CREAM, 0.86);
  const foot: Hex = shadeOnly ? random.pick([anyMetal(look), anyWood(look), CREAM]) : color;
  pen.glow(x, 150, 190, '#ffdf9e', 0.5);
  pen.shadow(x, GROUND + 2, 70);

  const joint = kind === 'globe' ? 196 : 184;
  if (kind === 'mushroom' || random.chance(0.45)) {
    const fat = random.range(34, 58);
    const shape: Point[] = random.chance(0.5)
      ? [
          [13, joint],
          [fat * 0.62, joint + 26],
          [fat, joint + 84],
          [fat * 0.8, GROUND - 12],
          [fat * 0.7, GROUND - 2],
        ]
      : [
          [12, joint],
          [15, joint + 36],
          [fat * 0.56, joint + 78],
          [fat * 1.06, GROUND - 22],
          [fat * 1.1, GROUND - 2],
        ];
    pen.path(turned(x, shape), pen.round(foot));
    gloss(
      pen,
      `M${n(x - fat * 0.45)} ${n(joint + 66)}Q${n(x - fat * 0.6)} ${n(joint + 96)} ${n(x - fat * 0.46)} ${n(GROUND - 22)}`,
      6,
      0.32,
    );
  } else {
    pen.path(
      turned(x, [
        [4.5, joint - 10],
        [4.5, GROUND - 14],
      ]),
      pen.round(foot, 1.4),
    );
    const r = random.range(50, 62);
    pen.path(
      turned(x, [
        [r, GROUND - 13],
        [r, GROUND - 1],
      ]),
      pen.round(tone(foot, -0.05)),
    );
    pen.ellipse(x, GROUND - 13, r, r * TILT, pen.round(tone(foot, 0.05)));
  }

  if (kind === 'globe') {
    const ball = pen.radial(
      [
        [0, '#fffaf0'],
        [0.55, mix(shade, '#fff0cf', 0.72)],
        [1, mix(shade, '#f0c987', 0.35)],
      ],
      0.42,
      0.4,
      0.65,
    );
    pen.path(
      turned(x, [
        [20, joint - 6],
        [15, joint + 8],
      ]),
      pen.round(BRASS),
    );
    pen.ellipse(x, joint - 72, 72, 72, ball);
    return;
  }
  const wide = random.range(86, 106);
  const top = { cone: wide * 0.5, drum: wide * 0.9, dome: 26, mushroom: 22 }[kind];
  const y = random.range(66, 84);
  const low = kind === 'mushroom' ? 176 : 196;
  const profile: Point[] =
    kind === 'cone' || kind === 'drum'
      ? [
          [top, y],
          [wide, low],
        ]
      : [
          [top, y],
          [wide * 0.62, y + 16],
          [wide * 0.93, y + (low - y) * 0.56],
          [wide, low],
        ];
  const body = turned(x, profile, 0.15);
  pen.path(band(x, [wide, low - 1], [wide, low], -0.15), '#fff1cc');
  pen.ellipse(
    x,
    low,
    wide,
    wide * 0.15,
    pen.radial([
      [0, '#fff8e2'],
      [1, '#f6cf8a'],
    ]),
  );
  const cover = turned(x, profile, 0.1);
  pen.path(cover, pen.round(shade, 0.8));
  pen.path(
    cover,
    pen.linear(
      [
        [0, '#ffdf9e', 0],
        [0.55, '#ffdf9e', 0.06],
        [1, '#ffe7b0', 0.6],
      ],
      0,
      0,
      0,
      1,
    ),
  );
  if ((kind === 'cone' || kind === 'drum') && random.chance(0.5)) {
    pen.clip(body, () => {
      for (let i = -8; i <= 8; i++) {
        const share = Math.sin((i / 9) * 1.57);
        pen.line(
          `M${n(x + share * top)} ${n(y)}L${n(x + share * wide)} ${n(low + 16)}`,
          tone(shade, -0.14),
          1.6,
          { opacity: 0.45 },
        );
      }
    });
  }
  pen.ellipse(x, y, top, top * 0.1, tone(shade, kind === 'cone' || kind === 'drum' ? 0.06 : 0.02));
};

function sprig(
  pen: Pen,
  x: number,
  y: number,
  random: { range(a: number, b: number): number; chance(s: number): boolean },
): void {
  const dry = random.chance(0.4);
  const color: Hex = dry ? '#c3a572' : LEAF;
  for (const lean of [random.range(-62, -26), random.range(8, 56)]) {
    const tip: Point = [x + lean, y - random.range(98, 128)];
    const bend: Point = [x + lean * 0.22, y - 52];
    pen.line(smooth([[x, y + 4], bend, tip]), tone(color, -0.16), 3);
    for (let i = 1; i <= 6; i++) {
      const t = i / 6;
      const at: Point = [
        x + (bend[0] - x) * 2 * t * (1 - t) + lean * t * t,
        y - (y - tip[1]) * (0.3 + 0.7 * t),
      ];
      const side = i % 2 === 0 ? 1 : -1;
      const angle = (lean > 0 ? 34 : -34) + side * 48;
      const size = dry ? 5 : 11 - i * 0.6;
      pen.group({ transform: `translate(${n(at[0])} ${n(at[1])}) rotate(${n(angle)})` }, () =>
        pen.path(
          `M0 0C${n(size)} ${n(-size)} ${n(size * 0.8)} ${n(-size * 2.3)} 0 ${n(-size * 2.8)}C${n(-size * 0.8)} ${n(-size * 2.3)} ${n(-size)} ${n(-size)} 0 0Z`,
          tone(color, side * 0.04 + 0.02),
        ),
      );
    }
  }
}

export const vase: Drawing = (pen, { color, random }) => {
  const x = 200;
  const planted = random.chance(0.62);
  const height = planted ? random.range(150, 178) : random.range(196, 236);
  const y = GROUND - height;
  const at = (share: number): number => y + height * share;
  const r = random.range(58, 80);
  const kinds: readonly [Point[], ...Point[][]] = [
    [
      [r * 0.34, y],
      [r * 0.3, at(0.14)],
      [r * 0.5, at(0.3)],
      [r, at(0.62)],
      [r * 0.84, at(0.88)],
      [r * 0.56, GROUND - 2],
    ],
    [
      [r * 0.6, y],
      [r * 0.48, at(0.08)],
      [r * 0.98, at(0.34)],
      [r * 0.88, at(0.64)],
      [r * 0.46, GROUND - 2],
    ],
    [
      [r * 0.66, y],
      [r * 0.7, at(0.5)],
      [r * 0.68, at(0.92)],
      [r * 0.6, GROUND - 2],
    ],
    [
      [r * 0.3, y],
      [r * 0.24, at(0.16)],
      [r * 0.27, at(0.42)],
      [r * 0.92, at(0.7)],
      [r * 0.95, at(0.84)],
      [r * 0.62, GROUND - 2],
    ],
    [
      [r * 0.86, y],
      [r * 0.62, at(0.28)],
      [r * 0.5, at(0.5)],
      [r * 0.66, at(0.78)],
      [r * 0.78, GROUND - 2],
    ],
  ];
  const profile = random.pick(kinds);
  const [mouth] = profile[0] as Point;
  const body = turned(x, profile);
  pen.shadow(x, GROUND + 2, r * 0.95);
  pen.ellipse(x, y, mouth, mouth * TILT, tone(color, -0.2));
  if (planted) sprig(pen, x, y, random);
  pen.path(body, pen.round(color, 1.1));
  const style = random.pick(['plain', 'ribs', 'dip', 'lines', 'plain']);
  pen.clip(body, () => {
    if (style === 'ribs') {
      for (let i = -5; i <= 5; i++) {
        const share = Math.sin((i / 6) * 1.57);
        const rib = profile.map(
          ([radius, py]): Point => [x + radius * share, py + radius * TILT * 0.6],
        );
        pen.line(smooth([[x + mouth * share, y - 4], ...rib]), tone(color, -0.12), 2.2, {
          opacity: 0.5,
        });
      }
    }
    if (style === 'dip')
      pen.path(
        band(x, [110, at(0.64)], [110, 420]),
        pen.round(mix(color, lightness(color) > 0.6 ? '#b98a68' : CREAM, 0.72)),
      );
    if (style === 'lines') {
      for (const share of [0.46, 0.52, 0.62])
        pen.line(
          `M${x - 110} ${n(at(share))}A110 ${n(110 * TILT)} 0 0 0 ${x + 110} ${n(at(share))}`,
          contrast(color, 0.2),
          3.4,
          { opacity: 0.65 },
        );
    }
  });
  const lit = profile.slice(1, -1).map(([radius, py]): Point => [x - radius * 0.62, py + 6]);
  gloss(pen, smooth(lit), 7, 0.28);
  pen.path(
    `M${n(x - mouth)} ${n(y)}A${n(mouth)} ${n(mouth * TILT)} 0 0 0 ${n(x + mouth)} ${n(y)}`,
    'none',
    { stroke: tone(color, 0.1), 'stroke-width': 3.4 },
  );
  if (!planted) opening(pen, x, y, mouth, color, color, 3.5);
};

export const cushion: Drawing = (pen, look) => {
  const { color, random } = look;
  const long = form(look, [[/lumbar|bolster|60 x 40/i, true]], [false, false, false, true]);
  const w = long ? 150 : 118;
  const h = long ? 84 : 112;
  const cy = GROUND - h + 2;
  const pinch = 15;
  const d =
    `M${-w} ${-h}C${-w * 0.5} ${-h + pinch} ${w * 0.5} ${-h + pinch} ${w} ${-h}` +
    `C${w - pinch} ${-h * 0.5} ${w - pinch} ${h * 0.5} ${w} ${h}` +
    `C${w * 0.5} ${h - pinch * 0.5} ${-w * 0.5} ${h - pinch * 0.5} ${-w} ${h}` +
    `C${-w + pinch} ${h * 0.5} ${-w + pinch} ${-h * 0.5} ${-w} ${-h}Z`;
  const style = random.pick(['plain', 'stripes', 'check', 'half', 'tuft', 'arcs']);
  const second: Hex = random.chance(0.5)
    ? contrast(color, 0.16)
    : mix(color, lightness(color) > 0.75 ? '#8f8470' : CREAM, 0.75);
  pen.shadow(200, GROUND + 4, w * 0.98, 15);
  pen.group({ transform: `translate(200 ${n(cy)}) rotate(${n(random.range(-4, 4))})` }, () => {
    pen.path(d, color);
    pen.clip(d, () => {
      if (style === 'stripes') {
        const step = random.pick([22, 30, 44]);
        for (let sx = -w + step / 2; sx < w; sx += step)
          pen.rect(sx, -h, step * 0.36, h * 2, 0, second, { opacity: 0.8 });
      }
      if (style === 'check') {
        for (let s = -160; s < 160; s += 38) {
          pen.rect(s, -h, 11, h * 2, 0, second, { opacity: 0.5 });
          pen.rect(-w, s, w * 2, 11, 0, second, { opacity: 0.5 });
        }
      }
      if (style === 'half') pen.rect(-w, h * 0.2, w * 2, h * 2, 0, second);
      if (style === 'tuft') {
        for (let row = -2; row <= 2; row++)
          for (let col = -3; col <= 3; col++)
            pen.line(`M${col * 40 + (row % 2) * 20 - 5} ${row * 40}l10 0`, second, 5);
      }
      if (style === 'arcs') {
        for (let i = 0; i < 4; i++)
          pen.line(
            `M${-70 + i * 18} ${h}V0A${70 - i * 18} ${70 - i * 18} 0 0 1 ${70 - i * 18} 0V${h}`,
            second,
            8,
          );
      }
      pen.path(
        d,
        pen.radial(
          [
            [0, '#ffffff', 0.22],
            [0.6, '#ffffff', 0],
            [1, '#14120f', 0.2],
          ],
          0.4,
          0.36,
          0.72,
        ),
      );
      for (const [sx, sy] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        pen.line(
          `M${sx * w} ${sy * h}Q${sx * w * 0.86} ${sy * h * 0.8} ${sx * w * 0.7} ${sy * h * 0.72}`,
          '#14120f',
          4,
          { opacity: 0.1 },
        );
      }
    });
    pen.line(d, tone(color, -0.12), 3.4);
  });
};

function flame(pen: Pen, x: number, y: number): void {
  pen.line(`M${n(x)} ${n(y + 3)}V${n(y - 9)}`, '#3a2f28', 2.6);
  pen.glow(x, y - 24, 74, '#ffcf73', 0.55);
  pen.path(
    `M${n(x)} ${n(y - 46)}C${n(x + 13)} ${n(y - 26)} ${n(x + 10)} ${n(y - 7)} ${n(x)} ${n(y - 6)}C${n(x - 10)} ${n(y - 7)} ${n(x - 13)} ${n(y - 26)} ${n(x)} ${n(y - 46)}Z`,
    pen.linear(
      [
        [0, '#ffb54a'],
        [1, '#fff3cf'],
      ],
      0,
      0,
      0,
      1,
    ),
  );
}

export const candle: Drawing = (pen, look) => {
  const { color, random } = look;
  const kind = form(
    look,
    [
      [/pillar/i, 'pillars'],
      [/taper/i, 'taper'],
      [/scented/i, 'jar'],
    ],
    ['jar', 'pillars', 'taper', 'jar'],
  );
  if (kind === 'jar') {
    const r = random.range(66, 84);
    const y = GROUND - random.range(126, 158);
    pen.shadow(200, GROUND + 2, r * 1.05);
    const body = turned(200, [
      [r, y],
      [r, GROUND - 12],
      [r * 0.94, GROUND - 2],
    ]);
    pen.path(body, pen.round(color));
    pen.path(
      body,
      pen.linear(
        [
          [0, '#ffe2a3', 0.5],
          [0.5, '#ffe2a3', 0],
        ],
        0,
        0,
        0,
        1,
      ),
    );
    const paper = random.chance(0.7) ? CREAM : contrast(color, 0.3);
    const top = y + (GROUND - y) * 0.42;
    pen.path(
      `M${n(200 - r * 0.52)} ${n(top + 8)}A${n(r)} ${n(r * TILT)} 0 0 0 ${n(200 + r * 0.52)} ${n(top + 8)}v52A${n(r)} ${n(r * TILT)} 0 0 1 ${n(200 - r * 0.52)} ${n(top + 60)}Z`,
      pen.round(paper, 0.5),
    );
    for (const [row, half] of [
      [24, 0.26],
      [34, 0.34],
      [43, 0.18],
    ] as const)
      pen.line(
        `M${n(200 - r * half)} ${n(top + row + 2)}q${n(r * half)} 4 ${n(r * half * 2)} 0`,
        tone(color, lightness(color) > 0.7 ? -0.4 : -0.1),
        row === 24 ? 4 : 2,
      );
    pen.ellipse(200, y, r, r * TILT, pen.round(tone(color, 0.1)));
    pen.ellipse(200, y + 1, r - 5, (r - 5) * TILT, '#fbeecb');
    flame(pen, 200, y + 3);
    gloss(pen, `M${n(200 - r * 0.76)} ${n(y + 22)}V${n(GROUND - 18)}`, 7, 0.34);
    return;
  }
  const thin = kind === 'taper';
  const places: readonly Point[] = thin
    ? [
        [140, 190],
        [200, 226],
        [260, 164],
      ]
    : [
        [262, 96],
        [146, 138],
        [206, 186],
      ];
  pen.shadow(202, GROUND + 3, 112);
  for (const [i, [x, height]] of places.entries()) {
    const r = thin ? 9 : ([36, 40, 42][i] ?? 40);
    const y = GROUND - height;
    const wax = mix(color, CREAM, i * 0.2);
    const foot = thin ? GROUND - 34 : GROUND - 1 + (i - 1) * 3;
    if (thin) {
      const metal = anyMetal(look);
      pen.path(
        turned(x, [
          [12, foot - 8],
          [13, foot + 8],
          [7, foot + 14],
          [30, GROUND - 3],
          [31, GROUND + 1],
        ]),
        pen.round(metal),
      );
    }
    pen.path(
      turned(x, [
        [r * (thin ? 0.86 : 1), y],
        [r, foot],
      ]),
      pen.round(wax),
    );
    pen.path(
      turned(x, [
        [r * (thin ? 0.86 : 1), y],
        [r, foot],
      ]),
      pen.linear(
        [
          [0, '#ffe2a3', 0.55],
          [0.4, '#ffe2a3', 0],
        ],
        0,
        0,
        0,
        1,
      ),
    );
    pen.ellipse(x, y, r * (thin ? 0.86 : 1), r * TILT, tone(wax, 0.08));
    flame(pen, x, y);
  }
};
