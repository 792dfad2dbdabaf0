import { html, nothing, type TemplateResult } from "lit";
import type { RunView } from "../../src/protocol/runs.ts";
import { armWord, stageWord, tierWord, wordFor } from "../../src/protocol/words.ts";
import { decimal, duration, integer, percent } from "../common/format.ts";
import { bar } from "./exam.ts";

type Report = NonNullable<RunView["report"]>;
type ArmName = keyof Report["arms"];
type Arm = NonNullable<Report["arms"][ArmName]>;
type Score = Arm["nullPrompt"];

const order: readonly ArmName[] = [
  "internalized",
  "sft-only",
  "retrieval",
  "policy-in-prompt",
  "base",
];
/** Four choices: an exam whose options give themselves away scores above this with no question. */
const validNullPrompt = 0.35;

/** The end of a run: what was learned, beside what it would have been without. */
export function reportSection(report: Report): TemplateResult {
  const arms = order.flatMap((name) => {
    const arm = report.arms[name];
    return arm ? [{ name, arm }] : [];
  });
  const { policy, identifier, withPolicy, withoutPolicy, reduction, tokenizer } =
    report.promptTokens;
  return html`<section class="report" aria-label="Report">
    <h2>Report</h2>
    <dl class="figures number">
      <div>
        <dt class="muted">Policy</dt>
        <dd>${integer(policy)} → ${integer(identifier)} tokens</dd>
      </div>
      <div>
        <dt class="muted">Prompt of a question</dt>
        <dd>
          ${integer(withPolicy)} → ${integer(withoutPolicy)} tokens (−${percent(reduction, 1)})
          <div class="muted detail">estimated by ${tokenizer.replaceAll("-", " ")}</div>
        </dd>
      </div>
      ${arms.map(
        ({ name, arm }) =>
          html`<div>
            <dt class="muted">${armWord[name]}</dt>
            <dd>${decimal(arm.accuracy)} ${intervalText(arm.interval)}</dd>
          </div>`,
      )}
    </dl>
    <div class="scroll" tabindex="0" role="group" aria-label="Scores of the arms">
      <table class="number">
        <thead>
          <tr>
            <th scope="col">Arm</th>
            <th scope="col">Overall</th>
            ${Object.values(tierWord).map((word) => html`<th scope="col">${word}</th>`)}
            <th scope="col">Generated, seen</th>
            <th scope="col">Null prompt</th>
          </tr>
        </thead>
        <tbody>
          ${arms.map(armRow)}
        </tbody>
      </table>
    </div>
    <p class="muted">
      Shares of right answers with 95 % intervals. Seen and rewrapped questions measure memory;
      reworded and scenario questions share no wording with the training data and make up the
      overall score. The null prompt ranks the choices with no question: the exam is valid at
      ${decimal(validNullPrompt)} or below. The model is small, and knows nothing but this policy.
    </p>
    ${stageTable(report)}
  </section>`;
}

function armRow({ name, arm }: { name: ArmName; arm: Arm }): TemplateResult {
  const { nullPrompt } = arm;
  const valid = nullPrompt.accuracy <= validNullPrompt;
  return html`<tr data-arm=${name}>
    <th scope="row">${armWord[name]}</th>
    <td>${bar(arm, "overall")} ${scoreText(arm)}</td>
    ${Object.keys(tierWord).map((tier) => html`<td>${scoreText(arm.byTier[tier])}</td>`)}
    <td>${scoreText(arm.generatedSeen)}</td>
    <td class=${valid ? "" : "bad"}>
      ${scoreText(nullPrompt)}${valid ? nothing : html`<div>above chance</div>`}
    </td>
  </tr>`;
}

const intervalText = ([low, high]: readonly [number, number]): TemplateResult =>
  html`<span class="muted">[${decimal(low)}–${decimal(high)}]</span>`;

function scoreText(score: Score | undefined): TemplateResult {
  if (!score || score.n === 0) return html`<span class="muted">–</span>`;
  const [low, high] = score.interval;
  return html`<div>${decimal(score.accuracy)}</div>
    <div class="muted detail">${decimal(low)}–${decimal(high)}, n=${score.n}</div>`;
}

/** The time is by the clock on the wall; the speed is that of the training steps alone. */
function stageTable({ stages, model, wallSeconds }: Report): TemplateResult {
  return html`<details>
    <summary>Training: ${integer(model.parameters)} parameters, ${duration(wallSeconds)}</summary>
    <table class="number">
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">Arm</th>
          <th scope="col">Tokens</th>
          <th scope="col">Tokens/s</th>
          <th scope="col">Seconds</th>
        </tr>
      </thead>
      <tbody>
        ${stages.map(
          (stage) =>
            html`<tr>
              <td>${wordFor(stageWord, stage.name)}</td>
              <td>${armWord[stage.arm]}</td>
              <td>${stage.tokens === 0 ? "–" : integer(stage.tokens)}</td>
              <td>${stage.tokens === 0 ? "–" : integer(stage.tokensPerSecond)}</td>
              <td>${stage.wallSeconds.toFixed(1)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}
