/**
 * Colour arithmetic for the drawings. It uses OKLab, in which "a little darker" looks the same for
 * every hue.
 */

export type Hex = `#${string}`;

interface Lab {
  l: number;
  a: number;
  b: number;
}

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const fromLinear = (v: number): number =>
  v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055;

function parse(hex: Hex): Lab {
  const n = Number.parseInt(hex.slice(1), 16);
  const r = toLinear((n >> 16) / 255);
  const g = toLinear(((n >> 8) & 255) / 255);
  const b = toLinear((n & 255) / 255);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function format({ l, a, b }: Lab): Hex {
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
  const digits = channels.map((v) => {
    const byte = Math.round(255 * Math.min(1, Math.max(0, fromLinear(Math.max(0, v)))));
    return byte.toString(16).padStart(2, '0');
  });
  return `#${digits.join('')}`;
}

/** Returns the lightness of a colour: 0 is black, 1 is white. */
export const lightness = (hex: Hex): number => parse(hex).l;

/** Makes a colour lighter (positive `by`) or darker (negative `by`); 1 is the whole range. */
export function tone(hex: Hex, by: number): Hex {
  const lab = parse(hex);
  const l = Math.min(0.985, Math.max(0.1, lab.l + by));
  // Shadows keep their chroma and highlights lose some, as on a matt surface.
  const chroma = by > 0 ? 1 - by * 0.8 : 1 + by * 0.25;
  return format({ l, a: lab.a * chroma, b: lab.b * chroma });
}

/** Mixes two colours: `share` 0 gives `from`, 1 gives `to`. */
export function mix(from: Hex, to: Hex, share: number): Hex {
  const x = parse(from);
  const y = parse(to);
  const at = (p: number, q: number): number => p + (q - p) * share;
  return format({ l: at(x.l, y.l), a: at(x.a, y.a), b: at(x.b, y.b) });
}

/**
 * Returns a colour for lines or patterns on `hex`: darker on light colours, lighter on dark ones.
 */
export const contrast = (hex: Hex, by = 0.14): Hex => tone(hex, lightness(hex) > 0.55 ? -by : by);

export function asHex(text: string, fallback: Hex): Hex {
  return /^#[0-9a-f]{6}$/i.test(text) ? (text as Hex) : fallback;
}
