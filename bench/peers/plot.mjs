// A plot of lines as an SVG file: logarithmic axes, one panel beside the other.

const size = { width: 300, height: 220, left: 46, right: 14, top: 34, bottom: 40 };
const colours = ['#0b6e4f', '#c8553d', '#3d5a80'];

const text = (x, y, content, more = '') => `<text x="${x}" y="${y}" ${more}>${content}</text>`;
const short = (value) => (value >= 1000 ? `${value / 1000}k` : `${value}`);

/** Powers of ten around the values, and what lies between where there are few. */
function ticksOf(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const ticks = [];
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= 10 * most; power++) {
    ticks.push(10 ** power);
  }
  const from = ticks.findLast((tick) => tick <= least);
  const to = ticks.find((tick) => tick >= most && tick > from);
  return ticks.filter((tick) => tick >= from && tick <= to);
}

/** `series`: name and points [x, y] each; both above 0. */
function panel({ title, xLabel, series }, column) {
  const { width, height, left, right, top, bottom } = size;
  const points = series.flatMap((one) => one.points);
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const yTicks = ticksOf(ys);
  const scale = (value, low, high, from, to) =>
    from + ((to - from) * Math.log(value / low)) / Math.log(high / low);
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const x = (value) => scale(value, x0, x1, left, width - right).toFixed(1);
  const y = (value) => scale(value, yTicks[0], yTicks.at(-1), height - bottom, top).toFixed(1);
  const parts = [text(left, 16, title, 'class="title"')];
  for (const tick of yTicks) {
    parts.push(`<path class="grid" d="M${left} ${y(tick)}H${width - right}"/>`);
    parts.push(
      text(left - 6, Number(y(tick)) + 3, short(Number(tick.toPrecision(1))), 'text-anchor="end"'),
    );
  }
  for (const value of [...new Set(xs)]) {
    parts.push(text(x(value), height - bottom + 15, short(value), 'text-anchor="middle"'));
  }
  parts.push(text((left + width - right) / 2, height - 8, xLabel, 'text-anchor="middle"'));
  for (const [i, { name, points: line }] of series.entries()) {
    const path = line.map((point) => `${x(point[0])} ${y(point[1])}`).join('L');
    parts.push(`<path class="line" stroke="${colours[i]}" d="M${path}"/>`);
    for (const point of line) {
      parts.push(`<circle cx="${x(point[0])}" cy="${y(point[1])}" r="2.5" fill="${colours[i]}"/>`);
    }
    const at = left + 6 + i * 84;
    parts.push(`<circle cx="${at}" cy="27" r="3" fill="${colours[i]}"/>`);
    parts.push(text(at + 6, 30, name));
  }
  return `<g transform="translate(${(column % 2) * width} ${Math.floor(column / 2) * height})">${parts.join('\n')}</g>`;
}

/** The text of the file. All y are microseconds. */
export function plot(panels) {
  const [width, height] = [2 * size.width, Math.ceil(panels.length / 2) * size.height];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<style>
text { font: 10px system-ui, sans-serif; fill: #333 }
.title { font-weight: 600; font-size: 11px }
.grid { stroke: #ddd; fill: none }
.line { fill: none; stroke-width: 1.6 }
</style>
<rect width="100%" height="100%" fill="#fff"/>
${panels.map(panel).join('\n')}
</svg>
`;
}
