import { type Hex, tone } from './color.js';

export type Point = readonly [x: number, y: number];
type Stop = readonly [offset: number, color: string, opacity?: number];
type Attributes = Readonly<Record<string, string | number>>;

/** Rounds a number of a path to a tenth of a unit, which is enough on a canvas of 400 units. */
export const n = (value: number): string => String(Math.round(value * 10) / 10);

const text = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? n(value) : value}"`)
    .join('');

/** Collects the shapes of one picture (400 by 400 units) and the gradients they use. */
export class Pen {
  readonly #defs = new Map<string, string>();
  #body = '';

  #define(markup: (id: string) => string): string {
    const key = markup('');
    let id = this.#defs.get(key);
    if (id === undefined) {
      id = `g${this.#defs.size}`;
      this.#defs.set(key, id);
    }
    return `url(#${id})`;
  }

  /** Adds a gradient over the shape's box from (x1, y1) to (x2, y2), 0 to 1. */
  linear(stops: readonly Stop[], x1 = 0, y1 = 0, x2 = 1, y2 = 0): string {
    const inner = stops.map(stop).join('');
    return this.#define(
      (id) =>
        `<linearGradient id="${id}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}">${inner}</linearGradient>`,
    );
  }

  radial(stops: readonly Stop[], cx = 0.5, cy = 0.5, r = 0.5): string {
    const inner = stops.map(stop).join('');
    return this.#define(
      (id) => `<radialGradient id="${id}" cx="${cx}" cy="${cy}" r="${r}">${inner}</radialGradient>`,
    );
  }

  /** Adds the shading of a round body that is lit from the upper left. */
  round(color: Hex, depth = 1): string {
    return this.linear([
      [0, tone(color, -0.07 * depth)],
      [0.18, tone(color, 0.03 * depth)],
      [0.36, tone(color, 0.06 * depth)],
      [0.7, tone(color, -0.05 * depth)],
      [1, tone(color, -0.15 * depth)],
    ]);
  }

  /** Adds the shading of a flat front: a little light from above. */
  flat(color: Hex, depth = 1): string {
    return this.linear(
      [
        [0, tone(color, 0.035 * depth)],
        [1, tone(color, -0.06 * depth)],
      ],
      0,
      0,
      0.3,
      1,
    );
  }

  /** Clips everything drawn by `draw` to `d`. */
  clip(d: string, draw: () => void): void {
    const url = this.#define((id) => `<clipPath id="${id}"><path d="${d}"/></clipPath>`);
    this.group({ 'clip-path': url }, draw);
  }

  group(attributes: Attributes, draw: () => void): void {
    this.#body += `<g${text(attributes)}>`;
    draw();
    this.#body += '</g>';
  }

  path(d: string, fill: string, attributes: Attributes = {}): void {
    this.#body += `<path d="${d}" fill="${fill}"${text(attributes)}/>`;
  }

  line(d: string, stroke: string, width: number, attributes: Attributes = {}): void {
    const caps = { 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
    this.path(d, 'none', { stroke, 'stroke-width': width, ...caps, ...attributes });
  }

  /** Draws a line with a lit side, for rods, handles and straps. */
  rod(d: string, color: Hex, width: number): void {
    this.line(d, tone(color, -0.1), width);
    this.line(d, color, width * 0.72, {
      transform: `translate(${n(-width * 0.09)} ${n(-width * 0.06)})`,
    });
    this.line(d, tone(color, 0.1), width * 0.2, {
      transform: `translate(${n(-width * 0.18)} ${n(-width * 0.12)})`,
      opacity: 0.8,
    });
  }

  stitches(d: string, color: Hex, width = 1.8): void {
    this.line(d, color, width, { 'stroke-dasharray': '5 4', opacity: 0.75 });
  }

  rect(
    x: number,
    y: number,
    width: number,
    height: number,
    rx: number,
    fill: string,
    more: Attributes = {},
  ): void {
    this.#body += `<rect${text({ x, y, width, height, rx })} fill="${fill}"${text(more)}/>`;
  }

  ellipse(
    cx: number,
    cy: number,
    rx: number,
    ry: number,
    fill: string,
    more: Attributes = {},
  ): void {
    this.#body += `<ellipse${text({ cx, cy, rx, ry })} fill="${fill}"${text(more)}/>`;
  }

  /** Draws the shadow of an object on the ground. */
  shadow(cx: number, y: number, rx: number, ry = rx * 0.13, strength = 1): void {
    const soft = this.radial([
      [0, '#14120f', 0.34 * strength],
      [0.6, '#14120f', 0.16 * strength],
      [1, '#14120f', 0],
    ]);
    this.ellipse(cx + rx * 0.08, y, rx * 1.28, ry * 1.5, soft);
  }

  /**
   * Draws the shadow of an object that hangs flat on the wall: its outline twice, moved to the
   * lower right.
   */
  cast(d: string): void {
    this.path(d, '#14120f', { opacity: 0.07, transform: 'translate(9 13)' });
    this.path(d, '#14120f', { opacity: 0.09, transform: 'translate(4 6)' });
  }

  glow(cx: number, cy: number, r: number, color: string, strength = 0.6): void {
    this.ellipse(
      cx,
      cy,
      r,
      r,
      this.radial([
        [0, color, strength],
        [0.4, color, strength * 0.35],
        [1, color, 0],
      ]),
    );
  }

  svg(): string {
    let defs = '';
    for (const [markup, id] of this.#defs) defs += markup.replace('id=""', `id="${id}"`);
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><defs>${defs}</defs>${this.#body}</svg>`;
  }
}

function stop([offset, color, opacity]: Stop): string {
  const alpha = opacity === undefined ? '' : ` stop-opacity="${opacity}"`;
  return `<stop offset="${offset}" stop-color="${color}"${alpha}/>`;
}
