/** Plots as SVG, without a library: they are read on a page of Markdown, in light and in dark. */

const width = 640;
const colors = ["#2f7ed8", "#d9822b", "#5b9a3c", "#9b59b6", "#c0392b", "#16a085", "#7f8c8d"];
const style =
  "text{font:12px system-ui,sans-serif;fill:#777}.title{font-size:14px}.axis{stroke:#999;stroke-width:1}";

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);

const svg = (height: number, title: string, body: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<style>${style}</style>`,
    `<text class="title" x="8" y="18">${escape(title)}</text>`,
    ...body,
    "</svg>\n",
  ].join("\n");

/** One bar a figure; figures lie between 0 and 1. */
export function barChart(title: string, bars: readonly { label: string; value: number }[]): string {
  const row = 22;
  const left = 290;
  const full = width - left - 60;
  const body = bars.flatMap(({ label, value }, i) => {
    const y = 34 + i * row;
    return [
      `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escape(label)}</text>`,
      `<rect x="${left}" y="${y}" width="${(value * full).toFixed(1)}" height="${row - 6}" fill="${colors[0]!}"/>`,
      `<text x="${(left + value * full + 6).toFixed(1)}" y="${y + 12}">${value.toFixed(2)}</text>`,
    ];
  });
  return svg(44 + bars.length * row, title, body);
}

/** One line a series over whole numbers; figures lie between 0 and 1. */
export function lineChart(
  title: string,
  across: string,
  lines: readonly { label: string; points: readonly (readonly [number, number])[] }[],
): string {
  const [left, top, bottom, right] = [44, 34, 230, width - 20];
  const xs = lines.flatMap(({ points }) => points.map(([x]) => x));
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const at = ([x, y]: readonly [number, number]) => {
    const share = last === first ? 0.5 : (x - first) / (last - first);
    return `${(left + 20 + share * (right - left - 40)).toFixed(1)},${(bottom - y * (bottom - top)).toFixed(1)}`;
  };
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((y) => {
    const height = bottom - y * (bottom - top);
    return [
      `<line class="axis" x1="${left}" x2="${right}" y1="${height}" y2="${height}" opacity="0.25"/>`,
      `<text x="${left - 6}" y="${height + 4}" text-anchor="end">${y}</text>`,
    ];
  });
  const places = [...new Set(xs)].map((x) => {
    const [px] = at([x, 0]).split(",");
    return `<text x="${px!}" y="${bottom + 16}" text-anchor="middle">${x}</text>`;
  });
  const drawn = lines.flatMap(({ label, points }, i) => {
    const color = colors[i % colors.length]!;
    const y = bottom + 54 + i * 18;
    return [
      `<polyline fill="none" stroke="${color}" stroke-width="2" points="${points.map(at).join(" ")}"/>`,
      ...points.map((point) => {
        const [x, height] = at(point).split(",");
        return `<circle cx="${x!}" cy="${height!}" r="3" fill="${color}"/>`;
      }),
      `<rect x="${left}" y="${y - 9}" width="12" height="4" fill="${color}"/>`,
      `<text x="${left + 18}" y="${y}">${escape(label)}</text>`,
    ];
  });
  const axis = `<text x="${(left + right) / 2}" y="${bottom + 34}" text-anchor="middle">${escape(across)}</text>`;
  return svg(bottom + 60 + lines.length * 18, title, [...ticks, ...places, axis, ...drawn]);
}
