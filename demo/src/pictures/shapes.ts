import { type Hex, tone } from './color.js';
import { n, type Pen, type Point } from './pen.js';

/** The height of an ellipse seen from slightly above, as a share of its width. */
export const TILT = 0.17;
/** The y coordinate of the ground. */
export const GROUND = 328;

/** Returns a smooth curve through `points` (Catmull-Rom as Béziers), without the first "M". */
export function curve(points: readonly Point[]): string {
  let d = '';
  for (let i = 0; i + 1 < points.length; i++) {
    const p1 = points[i] as Point;
    const p2 = points[i + 1] as Point;
    const p0 = points[i - 1] ?? p1;
    const p3 = points[i + 2] ?? p2;
    d += `C${n(p1[0] + (p2[0] - p0[0]) / 6)} ${n(p1[1] + (p2[1] - p0[1]) / 6)} `;
    d += `${n(p2[0] - (p3[0] - p1[0]) / 6)} ${n(p2[1] - (p3[1] - p1[1]) / 6)} ${n(p2[0])} ${n(p2[1])}`;
  }
  return d;
}

export const smooth = (points: readonly Point[]): string => {
  const [first] = points;
  return first === undefined ? '' : `M${n(first[0])} ${n(first[1])}${curve(points)}`;
};

export const polygon = (points: readonly Point[]): string =>
  `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;

/**
 * Returns the outline of a turned body around the vertical line at `cx`. `profile` lists [radius,
 * y] from top to bottom. The ends are the front halves of ellipses; a rim drawn over the top closes
 * the outline.
 */
export function turned(cx: number, profile: readonly Point[], tilt = TILT): string {
  const left = profile.map(([r, y]): Point => [cx - r, y]);
  const right = profile.map(([r, y]): Point => [cx + r, y]).reverse();
  const [topRadius, topY] = profile[0] as Point;
  const [bottomRadius] = profile[profile.length - 1] as Point;
  const [bx, by] = right[0] as Point;
  return (
    `M${n(cx - topRadius)} ${n(topY)}${curve(left)}` +
    `A${n(bottomRadius)} ${n(bottomRadius * tilt)} 0 0 0 ${n(bx)} ${n(by)}${curve(right)}` +
    `A${n(topRadius)} ${n(topRadius * tilt)} 0 0 0 ${n(cx - topRadius)} ${n(topY)}Z`
  );
}

/**
 * Draws the open top of a turned body: the rim, then the inside, which is darker on the lit side.
 */
export function opening(
  pen: Pen,
  cx: number,
  y: number,
  r: number,
  color: Hex,
  inside: Hex,
  rim = 5,
): void {
  pen.ellipse(cx, y, r, r * TILT, pen.round(tone(color, 0.06), 0.7));
  const within = pen.linear([
    [0, tone(inside, -0.22)],
    [0.6, tone(inside, -0.1)],
    [1, tone(inside, -0.02)],
  ]);
  pen.ellipse(cx, y + 0.6, r - rim, (r - rim) * TILT, within);
}

/**
 * Returns a horizontal band of a turned body between two heights, as a shape to fill. It follows
 * the tilt.
 */
export function band(cx: number, top: Point, bottom: Point, tilt = TILT): string {
  const [r1, y1] = top;
  const [r2, y2] = bottom;
  return (
    `M${n(cx - r1)} ${n(y1)}A${n(r1)} ${n(r1 * tilt)} 0 0 0 ${n(cx + r1)} ${n(y1)}` +
    `L${n(cx + r2)} ${n(y2)}A${n(r2)} ${n(r2 * tilt)} 0 0 1 ${n(cx - r2)} ${n(y2)}Z`
  );
}

/** Draws a soft streak of light down a glossy body. */
export function gloss(pen: Pen, d: string, width: number, opacity = 0.4): void {
  pen.line(d, '#ffffff', width, { opacity });
}

/** Draws a leg or post: straight, tapered, lit from the left. */
export function leg(
  pen: Pen,
  from: Point,
  to: Point,
  width: number,
  color: Hex,
  taper = 0.7,
): void {
  const [x1, y1] = from;
  const [x2, y2] = to;
  const a = width / 2;
  const b = a * taper;
  const d = polygon([
    [x1 - a, y1],
    [x1 + a, y1],
    [x2 + b, y2],
    [x2 - b, y2],
  ]);
  pen.path(
    d,
    pen.linear([
      [0, tone(color, 0.03)],
      [0.45, color],
      [1, tone(color, -0.13)],
    ]),
  );
}

/** Draws wood grain: a few long light lines inside a box. */
export function grain(
  pen: Pen,
  x: number,
  y: number,
  width: number,
  height: number,
  color: Hex,
  lines = 3,
): void {
  for (let i = 1; i <= lines; i++) {
    const at = y + (height * i) / (lines + 1);
    const bow = ((i % 2) * 2 - 1) * height * 0.12;
    pen.line(
      `M${n(x + width * 0.05)} ${n(at)}Q${n(x + width * 0.4)} ${n(at + bow)} ${n(x + width * 0.95)} ${n(at)}`,
      tone(color, -0.08),
      1.4,
      { opacity: 0.5 },
    );
  }
}
