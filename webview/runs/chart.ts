import uPlot from "uplot";
import type { Curve } from "../../src/protocol/runs.ts";
import { decimal, integer } from "../common/format.ts";

/** The curves of one arm as uPlot wants them: tokens, training loss, held-out loss. */
export function chartData(curves: readonly Curve[]): uPlot.AlignedData {
  return [
    curves.flatMap((curve) => curve.tokens),
    curves.flatMap((curve) => curve.train),
    curves.flatMap((curve) => curve.heldOut),
  ];
}

/**
 * The loss curve as an element. It redraws with the theme's colours when the theme changes, and
 * follows its container's width.
 */
export class LossChart extends HTMLElement {
  #curves: readonly Curve[] = [];
  #plot: uPlot | undefined;
  readonly #resize = new ResizeObserver(() => {
    if (this.clientWidth > 0)
      this.#plot?.setSize({ width: this.clientWidth, height: this.#height });
  });
  readonly #theme = new MutationObserver(() => this.#rebuild());
  readonly #height = 220;

  set curves(curves: readonly Curve[]) {
    this.#curves = curves;
    if (!this.isConnected) return;
    if (this.#plot) this.#plot.setData(chartData(curves));
    else this.#rebuild();
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
    this.#plot = new uPlot(this.#options(), chartData(this.#curves), this);
  }

  #options(): uPlot.Options {
    const style = getComputedStyle(document.body);
    const color = (name: string, fallback: string) =>
      style.getPropertyValue(name).trim() || style.getPropertyValue(fallback).trim() || style.color;
    const font = `11px ${style.fontFamily}`;
    const muted = color("--vscode-descriptionForeground", "--vscode-foreground");
    const lines = color("--vscode-editorIndentGuide-background1", "--vscode-panel-border");
    const axis: uPlot.Axis = {
      stroke: muted,
      font,
      grid: { stroke: lines, width: 1 },
      ticks: { stroke: lines, width: 1, size: 4 },
    };
    // Without a pointer on the chart the legend tells the newest values.
    const tell = (write: (value: number) => string): uPlot.Series.Value => {
      return (plot, raw: number | null, series, index) => {
        const value = index === null ? newest(plot.data[series]) : raw;
        return typeof value === "number" ? write(value) : "–";
      };
    };
    return {
      width: Math.max(this.clientWidth, 120),
      height: this.#height,
      cursor: { y: false, points: { size: 6 } },
      scales: { x: { time: false } },
      axes: [
        { ...axis, size: 30, values: (_, ticks) => ticks.map((tick) => shorten(tick)) },
        { ...axis, size: 44 },
      ],
      series: [
        { label: "Tokens", value: tell(integer) },
        {
          label: "Train",
          stroke: color("--vscode-charts-blue", "--vscode-foreground"),
          width: 1.5,
          points: { show: false },
          value: tell(decimal),
        },
        {
          label: "Held-out",
          stroke: color("--vscode-charts-yellow", "--vscode-foreground"),
          width: 1.5,
          dash: [5, 4],
          spanGaps: true,
          points: { size: 4 },
          value: tell(decimal),
        },
      ],
    };
  }
}

function newest(values: uPlot.AlignedData[number] | undefined): number | null | undefined {
  return [...(values ?? [])].findLast((value) => typeof value === "number");
}

const shorten = (tokens: number): string =>
  tokens >= 1e6 ? `${tokens / 1e6}M` : tokens >= 1000 ? `${tokens / 1000}k` : String(tokens);
