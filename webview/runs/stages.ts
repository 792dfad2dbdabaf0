import { html, type TemplateResult } from "lit";
import type { StageView } from "../../src/protocol/runs.ts";
import { stageWord } from "../../src/protocol/words.ts";
import { icon } from "../common/icon.ts";

const mark: Readonly<Record<StageView["status"], { icon: string; word: string }>> = {
  done: { icon: "check", word: "done" },
  running: { icon: "circle-filled", word: "running" },
  waiting: { icon: "circle", word: "waiting" },
  stopped: { icon: "circle-slash", word: "stopped" },
};

/** Parse ✓ ─ Data ✓ ─ Pretrain ● ─ Fine-tune ○ ─ Exam ○ */
export function stageLine(stages: readonly StageView[]): TemplateResult {
  return html`<ol class="stages" aria-label="Stages">
    ${stages.map(
      ({ name, status }) =>
        html`<li
          class=${status}
          data-stage=${name}
          aria-current=${status === "running" ? "step" : "false"}
        >
          <span>${stageWord[name]}</span>
          ${icon(mark[status].icon)}
          <span class="hidden">${mark[status].word}</span>
        </li>`,
    )}
  </ol>`;
}
