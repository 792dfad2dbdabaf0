import { html, nothing, svg, type TemplateResult } from "lit";
import type { ExamView, RunView, ScoreView } from "../../src/protocol/runs.ts";
import { armWord, categoryWord, wordFor } from "../../src/protocol/words.ts";
import { decimal } from "../common/format.ts";

/** Newest arm first: what was trained is what the reader waits for. */
const order = ["internalized", "sft-only", "base"];

export const inOrder = (exams: readonly ExamView[]): ExamView[] =>
  [...exams].sort((a, b) => order.indexOf(a.arm) - order.indexOf(b.arm));

/** Exam accuracy by category, one group of bars an arm. */
export function examBars({ exams }: RunView): TemplateResult {
  const known = inOrder(exams);
  return html`<h2>Exam by category</h2>
    ${
      known.length === 0
        ? html`<p class="muted placeholder">Accuracy shows here after the first exam.</p>`
        : known.map(armBars)
    }`;
}

function armBars({ arm, overall, byCategory }: ExamView): TemplateResult {
  const rows = Object.entries(categoryWord).flatMap(([category, word]) => {
    const score = byCategory[category];
    return score ? [{ category, word, score }] : [];
  });
  return html`<table class="bars number" data-arm=${arm}>
    <caption>
      <span>${wordFor(armWord, arm)}</span>
      <span>${decimal(overall.accuracy)}</span>
    </caption>
    <tbody>
      ${rows.map(
        ({ category, word, score }) =>
          html`<tr>
            <th scope="row">${word}</th>
            <td class="bar">${bar(score, category)}</td>
            <td>${decimal(score.accuracy)}</td>
            <td class="muted">${score.n === undefined ? nothing : `n=${score.n}`}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A bar from 0 to 1 with its 95 % interval; the figures beside it say the same in text. */
export function bar({ accuracy, interval }: ScoreView, color: string): TemplateResult {
  const x = (share: number) => `${(share * 100).toFixed(1)}%`;
  return html`<svg class="share ${color}" width="100%" height="10" aria-hidden="true">
    <rect class="track" width="100%" height="10" rx="2" />
    <rect class="fill" width=${x(accuracy)} height="10" rx="2" />
    ${
      interval
        ? svg`<line class="interval" x1=${x(interval[0])} x2=${x(interval[1])} y1="5" y2="5" />`
        : nothing
    }
  </svg>`;
}
