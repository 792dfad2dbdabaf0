import type { RunsSnapshot, ScoreView } from "../../src/protocol/runs.ts";
import { armWord, categoryWord, wordFor } from "../../src/protocol/words.ts";
import { decimal } from "../common/format.ts";
import type { ChartPicture, LossChart } from "./chart.ts";
import { inOrder } from "./exam.ts";
import { letters, metricWord, newest, writeMetric } from "./lines.ts";

/** One bar of the picture's exam. */
interface Bar {
  name: string;
  score: ScoreView;
}

/** The exam as the picture shows it: for each category a bar an arm, or a bar a run. */
export function examGroups({ run, comparison }: RunsSnapshot): { title: string; bars: Bar[] }[] {
  const columns = comparison
    ? comparison.runs.map(({ exam }, index) => ({ name: letters[index] ?? "", exam }))
    : inOrder(run?.exams ?? []).map((exam) => ({ name: wordFor(armWord, exam.arm), exam }));
  return [["overall", "Overall"] as const, ...Object.entries(categoryWord)].flatMap(
    ([key, title]) => {
      const bars = columns.flatMap(({ name, exam }) => {
        const score = key === "overall" ? exam?.overall : exam?.byCategory[key];
        return score ? [{ name, score }] : [];
      });
      return bars.length > 0 ? [{ title, bars }] : [];
    },
  );
}

const margin = 16;
const lineHeight = 18;
const groupGap = 8;
const nameWidth = 120;

/**
 * What the panel shows as one PNG, in base64: the chart as it stands with its legend, and the exam.
 * @returns undefined when there is no chart yet.
 */
export function drawPicture(snapshot: RunsSnapshot, chart: LossChart | null): string | undefined {
  const shown = chart?.picture;
  const { run } = snapshot;
  if (!shown || !run) return undefined;
  const { canvas: plot, model, looks } = shown;
  const groups = examGroups(snapshot);
  const rows = groups.reduce((sum, { bars }) => sum + bars.length, 0);
  const scale = devicePixelRatio;
  const width = Math.max(plot.width / scale, 480) + 2 * margin;
  const plotTop = margin + 2 * lineHeight;
  const legendTop = plotTop + plot.height / scale + groupGap;
  const examTop = legendTop + model.lines.length * lineHeight + 2 * groupGap;
  const examHeight =
    groups.length === 0 ? 0 : lineHeight + rows * lineHeight + groups.length * groupGap;

  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil((examTop + examHeight + margin) * scale);
  const context = canvas.getContext("2d");
  if (!context) return undefined;
  context.scale(scale, scale);
  const style = getComputedStyle(document.body);
  const color = (name: string) => style.getPropertyValue(name).trim() || style.color;
  const pen = penOn(context, style.fontFamily, color("--vscode-foreground"));

  context.fillStyle = color("--vscode-editor-background");
  context.fillRect(0, 0, width, canvas.height / scale);
  pen.write(run.title, margin, margin + lineHeight / 2, "bold ");
  pen.write(metricWord[model.metric], margin, margin + 1.5 * lineHeight);
  context.drawImage(plot, margin, plotTop, plot.width / scale, plot.height / scale);

  model.lines.forEach(({ label, letter, values }, index) => {
    const y = legendTop + (index + 0.5) * lineHeight;
    const value = newest(values);
    pen.rule(margin, y, 26, looks[index]!);
    const words = letter === undefined ? label : `${letter}  ${label}`;
    pen.write(
      `${words}: ${value === undefined ? "–" : writeMetric(model.metric, value)}`,
      margin + 32,
      y,
    );
  });

  if (groups.length === 0) return base64Of(canvas);
  pen.write("Exam", margin, examTop + lineHeight / 2, "bold ");
  const left = margin + 2 * nameWidth;
  const room = width - left - margin - nameWidth;
  let y = examTop + lineHeight;
  for (const { title, bars } of groups) {
    pen.write(title, margin, y + lineHeight / 2);
    for (const { name, score } of bars) {
      const middle = y + lineHeight / 2;
      pen.write(name, margin + nameWidth, middle);
      context.fillStyle = color("--vscode-charts-blue");
      context.fillRect(left, middle - 5, room * score.accuracy, 10);
      context.fillStyle = color("--vscode-foreground");
      if (score.interval) {
        const [low, high] = score.interval;
        context.fillRect(left + room * low, middle - 1, room * (high - low), 2);
      }
      pen.write(textOf(score), left + room + groupGap, middle);
      y += lineHeight;
    }
    y += groupGap;
  }
  return base64Of(canvas);
}

function textOf({ accuracy, interval }: ScoreView): string {
  const range = interval ? ` [${decimal(interval[0])}–${decimal(interval[1])}]` : "";
  return `${decimal(accuracy)}${range}`;
}

function penOn(context: CanvasRenderingContext2D, family: string, color: string) {
  context.textBaseline = "middle";
  return {
    write: (text: string, x: number, y: number, weight = "") => {
      context.font = `${weight}12px ${family}`;
      context.fillStyle = color;
      context.fillText(text, x, y);
    },
    rule: (x: number, y: number, length: number, look: ChartPicture["looks"][number]) => {
      context.save();
      context.strokeStyle = look.color;
      context.lineWidth = 2;
      context.setLineDash(look.dash);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + length, y);
      context.stroke();
      context.restore();
    },
  };
}

const base64Of = (canvas: HTMLCanvasElement): string =>
  canvas.toDataURL("image/png").slice("data:image/png;base64,".length);
