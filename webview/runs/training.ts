import { html, nothing, type TemplateResult } from "lit";
import {
  type ChartLook,
  type ComparedRun,
  Metric,
  type RunsSnapshot,
  type RunView,
} from "../../src/protocol/runs.ts";
import { armWord, wordFor } from "../../src/protocol/words.ts";
import { dateTime, gibibytes, integer, rate } from "../common/format.ts";
import {
  canSmooth,
  type ChartModel,
  chartModel,
  type Drawn,
  letters,
  metricWord,
  newest,
  writeMetric,
} from "./lines.ts";

export interface TrainingActions {
  /** The arm whose curves the reader chose to see. */
  showArm(arm: string): void;
  look(look: ChartLook): void;
}

export const firstLook: ChartLook = { metric: "loss", smoothing: 0.6 };

/** The curves, of the shown run alone or of all that are compared, and the newest figures. */
export function training(
  { run, comparison }: Pick<RunsSnapshot, "comparison"> & { run: RunView },
  actions: TrainingActions,
  look: ChartLook,
  chosen: string | undefined,
): TemplateResult {
  const runs = comparison?.runs ?? [run];
  const arms = [...new Set(runs.flatMap(({ curves }) => curves.map(({ arm }) => arm)))];
  const arm = chosen !== undefined && arms.includes(chosen) ? chosen : shownArm(run, arms);
  const drawn = comparison
    ? comparison.runs.map((compared, index) => drawnOf(compared, arm, letters[index]))
    : [drawnOf(run, arm)];
  const metric = comparison || look.metric !== "heldOut" ? look.metric : "loss";
  const model = chartModel(drawn, metric, look.smoothing);
  return html`
    <div class="row spread">
      <h2>Curves</h2>
      ${armChoice(arms, arm, actions)}
    </div>
    <div class="row spread">
      ${metricChoice(metric, comparison !== undefined, (name) => actions.look({ ...look, metric: name }))}
      ${canSmooth(metric) ? smoothingChoice(look, actions) : nothing}
    </div>
    ${
      model.lines.length === 0
        ? html`<p class="muted placeholder">
            ${runs.some(({ curves }) => curves.length > 0) ? "Nothing of this was measured." : "The curve begins with the first steps of training."}
          </p>`
        : html`<ingrain-loss-chart
            role="img"
            aria-label=${describe(model, arm)}
            .model=${model}
          ></ingrain-loss-chart>`
    }
    ${figures(run, arm)}
  `;
}

function drawnOf(run: RunView | ComparedRun, arm: string | undefined, letter?: string): Drawn {
  return {
    label: `${run.title}, ${run.createdAt === undefined ? run.id : dateTime(run.createdAt)}`,
    curves: run.curves.filter((curve) => curve.arm === arm),
    ...(letter !== undefined && { letter }),
  };
}

/** The arm in training, or the internalized one when nothing trains. */
function shownArm(run: RunView, arms: readonly string[]): string | undefined {
  const running = run.status === "running" ? run.curves.at(-1)?.arm : undefined;
  return running ?? arms.find((arm) => arm === "internalized") ?? arms[0];
}

/** The chart in words: the newest value of every line. */
function describe({ metric, lines }: ChartModel, arm: string | undefined): string {
  const values = lines
    .filter(({ faint }) => !faint)
    .map(({ label, letter, values: all }) => {
      const value = newest(all);
      return `${letter === undefined ? label : `${letter}, ${label}`}: ${value === undefined ? "–" : writeMetric(metric, value)}`;
    });
  return `${metricWord[metric]} of ${wordFor(armWord, arm ?? "")}. ${values.join("; ")}`;
}

function armChoice(
  arms: readonly string[],
  arm: string | undefined,
  actions: TrainingActions,
): TemplateResult | typeof nothing {
  if (arms.length < 2) return nothing;
  return choices(
    "Shown arm",
    arms.map((name) => [name, wordFor(armWord, name)]),
    arm,
    (name) => actions.showArm(name),
  );
}

function metricChoice(
  metric: Metric,
  compares: boolean,
  choose: (metric: Metric) => void,
): TemplateResult {
  const offered = Metric.options.filter((name) => name !== "heldOut" || compares);
  return choices(
    "Shown curve",
    offered.map((name) => [name, metricWord[name]]),
    metric,
    choose,
  );
}

function choices<T extends string>(
  label: string,
  offered: readonly (readonly [value: T, word: string])[],
  chosen: string | undefined,
  choose: (value: T) => void,
): TemplateResult {
  return html`<div class="row choices" role="group" aria-label=${label}>
    ${offered.map(
      ([value, word]) =>
        html`<button
          class="choice"
          aria-pressed=${value === chosen ? "true" : "false"}
          @click=${() => choose(value)}
        >
          ${word}
        </button>`,
    )}
  </div>`;
}

function smoothingChoice(look: ChartLook, actions: TrainingActions): TemplateResult {
  return html`<label class="row smoothing muted">
    Smoothing
    <input
      type="range"
      min="0"
      max="0.99"
      step="0.01"
      .value=${String(look.smoothing)}
      @input=${({ target }: Event) =>
        actions.look({ ...look, smoothing: Number((target as HTMLInputElement).value) })}
    />
    <span class="number">${look.smoothing.toFixed(2)}</span>
  </label>`;
}

function figures(run: RunView, arm: string | undefined): TemplateResult {
  const curves = run.curves.filter((curve) => curve.arm === arm);
  const loss = curves.at(-1)?.train.at(-1);
  const held = newest(curves.flatMap((curve) => curve.heldOut));
  return html`<dl class="figures number">
    ${figure("Tokens/s", run.tokensPerSecond, integer)}
    ${figure("Learning rate", run.learningRate, rate)}
    ${figure("Memory", run.memoryBytes, gibibytes)}
    ${figure("Train loss", loss, (value) => value.toFixed(3))}
    ${figure("Held-out loss", held, (value) => value.toFixed(3))}
  </dl>`;
}

function figure(
  name: string,
  value: number | undefined,
  write: (value: number) => string,
): TemplateResult {
  return html`<div>
    <dt class="muted">${name}</dt>
    <dd>${value === undefined ? "–" : write(value)}</dd>
  </div>`;
}
