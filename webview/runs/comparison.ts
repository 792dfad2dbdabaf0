import { html, nothing, type TemplateResult } from "lit";
import type {
  ComparedRun,
  ComparisonView,
  FromRunsView,
  RunsSnapshot,
  ScoreView,
} from "../../src/protocol/runs.ts";
import { categoryWord, statusWord, tierWord } from "../../src/protocol/words.ts";
import { dateTime, decimal, integer, percent } from "../common/format.ts";
import { icon, iconButton } from "../common/icon.ts";
import { bar } from "./exam.ts";
import { letters } from "./lines.ts";

type Post = (message: FromRunsView) => void;

/** *Compared with*: the other runs, each with a button that takes it away, and the choice of others. */
export function comparedWith(
  { runs, comparison }: RunsSnapshot,
  post: Post,
): TemplateResult | typeof nothing {
  if (runs.length < 2) return nothing;
  const others = comparison?.runs.slice(1) ?? [];
  const without = (folder: string) => () =>
    post({
      type: "compare",
      folders: others.map((other) => other.folder).filter((other) => other !== folder),
    });
  return html`<div class="compared row" role="group" aria-label="Compared with">
      <span>Compared with</span>
      ${others.map(
        (other, index) =>
          html`<span class="chip row">
            <span>${chip(other, index + 1)}</span>
            ${iconButton("close", `Take ${letters[index + 1] ?? ""} Away`, without(other.folder))}
          </span>`,
      )}
      <vscode-button appearance="secondary" @click=${() => post({ type: "chooseCompared" })}
        >Choose Runs…</vscode-button
      >
    </div>
    ${comparison?.problems.map(
      (problem) =>
        html`<div class="notice warning">
          ${icon("warning")}
          <p>${problem}</p>
        </div>`,
    )}`;
}

const chip = (run: ComparedRun, index: number): TemplateResult =>
  html`<strong>${letters[index]}</strong> ${run.title},
    ${run.createdAt === undefined ? run.id : dateTime(run.createdAt)}`;

/** The exam, row by row, with a column a run. */
export function comparedExam({ runs, sameDataset }: ComparisonView): TemplateResult {
  const rows: readonly (readonly [string, string, (run: ComparedRun) => ScoreView | undefined])[] =
    [
      ["overall", "Overall", ({ exam }) => exam?.overall],
      ...Object.entries(categoryWord).map(
        ([category, word]) =>
          [category, word, ({ exam }: ComparedRun) => exam?.byCategory[category]] as const,
      ),
      ...Object.entries(tierWord).map(
        ([tier, word]) => [tier, word, ({ byTier }: ComparedRun) => byTier?.[tier]] as const,
      ),
    ];
  const shown = rows.filter(([, , score]) => runs.some((run) => score(run)));
  return html`<h2>Exam, internalized</h2>
    ${
      sameDataset
        ? nothing
        : html`<p class="muted">
            These runs have different datasets: their exams may ask different questions.
          </p>`
    }
    ${
      shown.length === 0
        ? html`<p class="muted placeholder">Accuracy shows here after the first exam.</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label="Exams side by side">
            <table class="number side-by-side">
              <thead>
                <tr>
                  <td></td>
                  ${runs.map((_, index) => html`<th scope="col">${letters[index]}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${shown.map(
                  ([key, word, score]) =>
                    html`<tr data-row=${key}>
                      <th scope="row">${word}</th>
                      ${runs.map((run) => html`<td>${cell(score(run), key)}</td>`)}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }`;
}

function cell(score: ScoreView | undefined, color: string): TemplateResult {
  if (!score) return html`<span class="muted">–</span>`;
  const { accuracy, interval, n } = score;
  const detail = [
    ...(interval ? [`${decimal(interval[0])}–${decimal(interval[1])}`] : []),
    ...(n === undefined ? [] : [`n=${n}`]),
  ].join(", ");
  return html`<div>${decimal(accuracy)}</div>
    ${bar(score, color)}
    ${detail === "" ? nothing : html`<div class="muted detail">${detail}</div>`}`;
}

/** What the runs are, what their prompts save, and where their specifications differ. */
export function comparisonSection({ runs, differences }: ComparisonView): TemplateResult {
  return html`<section class="comparison" aria-label="Comparison">
    <h2>Comparison</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="Runs side by side">
      <table class="number">
        <thead>
          <tr>
            <td></td>
            ${runs.map((run, index) => html`<th scope="col">${chip(run, index)}</th>`)}
          </tr>
        </thead>
        <tbody>
          <tr data-row="status">
            <th scope="row">Status</th>
            ${runs.map(({ status }) => html`<td>${statusWord[status]}</td>`)}
          </tr>
          <tr data-row="prompt">
            <th scope="row">Prompt tokens saved</th>
            ${runs.map(({ promptTokens }) => html`<td>${saved(promptTokens)}</td>`)}
          </tr>
          ${differences.map(
            ({ name, values }) =>
              html`<tr data-difference=${name}>
                <th scope="row">${name}</th>
                ${values.map((value) => html`<td>${value ?? html`<span class="muted">–</span>`}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="muted">
      ${
        differences.length === 0
          ? "The specifications are the same."
          : "Below the first two rows stands what differs in the specifications; the rest is the same."
      }
    </p>
  </section>`;
}

function saved(tokens: ComparedRun["promptTokens"]): TemplateResult {
  if (!tokens) return html`<span class="muted">–</span>`;
  const { withPolicy, withoutPolicy, reduction } = tokens;
  return html`<div>${integer(withPolicy - withoutPolicy)} a question</div>
    <div class="muted detail">
      ${integer(withPolicy)} → ${integer(withoutPolicy)} (−${percent(reduction, 1)})
    </div>`;
}
