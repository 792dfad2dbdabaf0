import uPlot from "uplot";
import { integer } from "../common/format.ts";
import { type ChartModel, type Line, newest, writeMetric } from "./lines.ts";

/** How lines look, by {@link Line.look}: colours and dashes both tell them apart. */
const looks = [
  { color: "--vscode-charts-blue", dash: [] },
  { color: "--vscode-charts-orange", dash: [7, 4] },
  { color: "--vscode-charts-green", dash: [2, 3] },
  { color: "--vscode-charts-purple", dash: [9, 3, 2, 3] },
  { color: "--vscode-charts-red", dash: [14, 4] },
] as const;

const height = 220;
/** The least that letters at the ends of lines are apart, in pixels of the screen. */
const letterHeight = 13;
/** Room for the letters at the right. */
const letterRoom = 18;

/** The chart as it is drawn, and how each of its lines looks. */
export interface ChartPicture {
  canvas: HTMLCanvasElement;
  model: ChartModel;
  looks: { color: string; dash: readonly number[] }[];
}

/**
 * Curves as an element. It redraws with the theme's colours when the theme changes, and follows its
 * container's width.
 */
export class LossChart extends HTMLElement {
  #model: ChartModel = { metric: "loss", x: [], lines: [] };
  #plot: uPlot | undefined;
  readonly #resize = new ResizeObserver(() => {
    if (this.clientWidth > 0) this.#plot?.setSize({ width: this.clientWidth, height });
  });
  readonly #theme = new MutationObserver(() => this.#rebuild());

  set model(model: ChartModel) {
    const same = this.#plot && signature(model) === signature(this.#model);
    this.#model = model;
    if (!this.isConnected) return;
    if (same) this.#plot!.setData(dataOf(model));
    else this.#rebuild();
  }

  /** What the chart shows, for a picture of it. */
  get picture(): ChartPicture | undefined {
    if (!this.#plot) return undefined;
    const looks = this.#model.lines.map(({ look, faint }) => ({
      color: colorOf(look),
      dash: faint ? [] : dashOf(look),
    }));
    return { canvas: this.#plot.ctx.canvas, model: this.#model, looks };
  }

  connectedCallback(): void {
    this.#rebuild();
    this.#resize.observe(this);
    this.#theme.observe(document.documentElement, { attributeFilter: ["style", "class"] });
    this.#theme.observe(document.body, { attributeFilter: ["class"] });
  }

  disconnectedCallback(): void {
    this.#resize.disconnect();
    this.#theme.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #rebuild(): void {
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(), dataOf(this.#model), this);
  }

  #options(): uPlot.Options {
    const { metric, lines } = this.#model;
    const style = getComputedStyle(document.body);
    const font = `11px ${style.fontFamily}`;
    const grid = themeColor("--vscode-editorIndentGuide-background1", "--vscode-panel-border");
    const axis: uPlot.Axis = {
      stroke: themeColor("--vscode-descriptionForeground", "--vscode-foreground"),
      font,
      grid: { stroke: grid, width: 1 },
      ticks: { stroke: grid, width: 1, size: 4 },
    };
    // Without a pointer on the chart the legend tells the newest values.
    const tell = (write: (value: number) => string): uPlot.Series.Value => {
      return (plot, raw: number | null, series, index) => {
        const value = index === null ? newest([...(plot.data[series] ?? [])]) : raw;
        return typeof value === "number" ? write(value) : "–";
      };
    };
    const lettered = lines.some(({ letter }) => letter !== undefined);
    return {
      width: Math.max(this.clientWidth, 120),
      height,
      padding: [null, lettered ? letterRoom : null, null, null],
      cursor: { y: false, points: { size: 6 } },
      scales: { x: { time: false } },
      axes: [
        { ...axis, size: 30, values: (_, ticks) => ticks.map(shorten) },
        {
          ...axis,
          size: 56,
          values: (_, ticks) =>
            ticks.map((tick) =>
              metric === "loss" || metric === "heldOut" ? String(tick) : writeMetric(metric, tick),
            ),
        },
      ],
      series: [
        { label: "Tokens", value: tell(integer) },
        ...lines.map(({ label, letter, look, faint }): uPlot.Series => ({
          label: letter === undefined ? label : `${letter}  ${label}`,
          stroke: colorOf(look),
          alpha: faint ? 0.35 : 1,
          width: faint ? 1 : 1.5,
          dash: faint ? [] : [...dashOf(look)],
          spanGaps: true,
          points: { show: false },
          value: tell((value) => writeMetric(metric, value)),
        })),
      ],
      hooks: { draw: [(plot) => drawLetters(plot, lines)] },
    };
  }
}

const dataOf = ({ x, lines }: ChartModel): uPlot.AlignedData => [
  x,
  ...lines.map(({ values }) => values),
];

/** What a new chart must be built for; new values alone need none. */
const signature = ({ metric, lines }: ChartModel): string =>
  JSON.stringify([
    metric,
    lines.map(({ label, letter, look, faint }) => [label, letter, look, faint]),
  ]);

/** The letter of each run at the end of its line; letters that would cover each other move apart. */
function drawLetters(plot: uPlot, lines: readonly Line[]): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const ends = lines.flatMap((line) => {
    const at = line.values.findLastIndex((value) => value !== null);
    const value = line.values[at];
    if (line.letter === undefined || value === null || value === undefined) return [];
    const x = plot.valToPos(plot.data[0][at]!, "x", true);
    return [{ letter: line.letter, look: line.look, x, y: plot.valToPos(value, "y", true) }];
  });
  ends.sort((a, b) => a.y - b.y);
  const apart = letterHeight * ratio;
  ends.forEach((end, index) => {
    end.y = Math.max(end.y, bbox.top, (ends[index - 1]?.y ?? -Infinity) + apart);
  });
  let lowest = bbox.top + bbox.height + apart / 2;
  for (const end of [...ends].reverse()) {
    end.y = Math.min(end.y, lowest - apart / 2);
    lowest = end.y - apart / 2;
  }
  ctx.save();
  ctx.font = `bold ${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  for (const { letter, look, x, y } of ends) {
    ctx.fillStyle = colorOf(look);
    ctx.fillText(letter, x + 5 * ratio, y);
  }
  ctx.restore();
}

const lookOf = (look: number) => looks[look % looks.length]!;
const dashOf = (look: number): readonly number[] => lookOf(look).dash;
const colorOf = (look: number): string => themeColor(lookOf(look).color, "--vscode-foreground");

function themeColor(name: string, fallback: string): string {
  const style = getComputedStyle(document.body);
  return (
    style.getPropertyValue(name).trim() || style.getPropertyValue(fallback).trim() || style.color
  );
}

const shorten = (tokens: number): string =>
  tokens >= 1e6 ? `${tokens / 1e6}M` : tokens >= 1000 ? `${tokens / 1000}k` : String(tokens);
