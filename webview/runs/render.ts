import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import type {
  ChartLook,
  FromRunsView,
  RunStatus,
  RunSummary,
  RunsSnapshot,
  RunView,
} from "../../src/protocol/runs.ts";
import { statusWord } from "../../src/protocol/words.ts";
import { dateTime, durationRange, percent } from "../common/format.ts";
import { icon, iconButton } from "../common/icon.ts";
import { comparedExam, comparedWith, comparisonSection } from "./comparison.ts";
import { examBars } from "./exam.ts";
import { reportSection } from "./report.ts";
import { servingButtons, servingLine } from "./serving.ts";
import { stageLine } from "./stages.ts";
import { firstLook, training, type TrainingActions } from "./training.ts";

export interface RunsActions extends TrainingActions {
  post(message: FromRunsView): void;
}

/** The reader's own choices. */
export interface ReaderChoice {
  /** The arm whose curves are shown; undefined leaves it to the panel. */
  arm?: string;
  look: ChartLook;
}

/** The whole run panel, from one snapshot. */
export function renderRuns(
  snapshot: RunsSnapshot,
  actions: RunsActions,
  { arm, look }: ReaderChoice = { look: firstLook },
): TemplateResult {
  const { run, comparison, problem, runs, trusted } = snapshot;
  if (!run)
    return problem === undefined ? empty(trusted, actions) : unreadable(problem, runs, actions);
  return html`
    ${header(run, runs, actions)} ${stageLine(run.stages)} ${progress(run)} ${notices(run, actions)}
    <div class="columns ${comparison && comparison.runs.length > 2 ? "wide" : ""}">
      <section aria-label="Training">
        ${training({ run, ...(comparison && { comparison }) }, actions, look, arm)}
      </section>
      <section aria-label="Exam">${comparison ? comparedExam(comparison) : examBars(run)}</section>
    </div>
    ${comparedWith(snapshot, (message) => actions.post(message))}
    ${comparison ? comparisonSection(comparison) : nothing}
    ${run.report ? reportSection(run.report) : nothing} ${log(run, actions)}
  `;
}

const statusIcon: Readonly<Record<RunStatus, TemplateResult>> = {
  created: icon("loading", "spin"),
  running: icon("circle-filled", "live"),
  cancelling: icon("loading", "spin"),
  finished: icon("pass-filled", "good"),
  failed: icon("error", "bad"),
  cancelled: icon("circle-slash"),
  interrupted: icon("debug-disconnect", "warn"),
  broken: icon("warning", "warn"),
};

function header(run: RunView, runs: readonly RunSummary[], actions: RunsActions): TemplateResult {
  return html`<header class="row spread">
    <div>
      <h1>${run.title}</h1>
      <div class="muted">
        Run ${when(run)} · ${run.engine}${run.device ? onDevice(run) : nothing}
      </div>
      ${servingLine(run)}
    </div>
    <div class="row">
      <span class="status" role="status" data-status=${run.status}>
        ${statusIcon[run.status]} ${statusWord[run.status]}
      </span>
      ${
        run.canCancel
          ? html`<vscode-button @click=${() => actions.post({ type: "cancel" })}
              >Cancel</vscode-button
            >`
          : nothing
      }
      ${
        run.canResume
          ? html`<vscode-button @click=${() => actions.post({ type: "resume" })}
              >Resume</vscode-button
            >`
          : nothing
      }
      ${
        run.report
          ? html`<vscode-button @click=${() => actions.post({ type: "whatToDoNext" })}
              >What to Do Next</vscode-button
            >`
          : nothing
      }
      ${servingButtons(run, (message) => actions.post(message))}
      ${iconButton("table", "Open Dataset", () => actions.post({ type: "openDataset" }))}
      ${iconButton("markdown", "Open Policy", () => actions.post({ type: "openPolicy" }))}
      ${iconButton("folder-opened", "Reveal Folder", () => actions.post({ type: "reveal" }))}
      ${iconButton("export", "Export…", () => actions.post({ type: "export" }))}
      ${runChoice(runs, run.folder, actions)}
    </div>
  </header>`;
}

function onDevice({ device, deviceReason }: RunView): TemplateResult {
  return html` on <span title=${deviceReason ?? nothing}>${device}</span>`;
}

function runChoice(
  runs: readonly RunSummary[],
  selected: string | undefined,
  actions: RunsActions,
): TemplateResult | typeof nothing {
  if (runs.length < 2 && selected !== undefined) return nothing;
  const choose = ({ target }: Event) => {
    const { value } = target as HTMLSelectElement;
    if (value !== "" && value !== selected) actions.post({ type: "select", folder: value });
  };
  // A dropdown copies the words of its choice once: new words need a new one.
  const words = runs.map(({ status }) => status).join();
  return html`${keyed(
    words,
    html`<vscode-dropdown aria-label="Run" current-value=${selected ?? ""} @change=${choose}>
      ${repeat(
        runs,
        ({ folder }) => folder,
        (run) =>
          html`<vscode-option value=${run.folder}>
            ${run.title}, ${when(run)} (${statusWord[run.status]})
          </vscode-option>`,
      )}
    </vscode-dropdown>`,
  )}`;
}

const when = ({ createdAt, id }: RunSummary): string =>
  createdAt === undefined ? id : dateTime(createdAt);

function progress(run: RunView): TemplateResult {
  return html`<div class="progress">
    <progress max="1" .value=${run.progress} aria-label="Progress of the run"></progress>
    <div class="row spread muted number">
      <span>${run.activity}</span>
      <span>${percent(Math.floor(run.progress * 100) / 100)}${timeLeft(run)}</span>
    </div>
  </div>`;
}

const why = "By the slowest and the fastest of the last stretches of this run";

function timeLeft({ timeLeft: left, status }: RunView): TemplateResult | typeof nothing {
  if (!left || status !== "running") return nothing;
  const of = left.of === "stage" ? " of this stage" : "";
  return html` · <span title=${why}>${durationRange(left.low, left.high)} left${of}</span>`;
}

function notices(run: RunView, actions: RunsActions): TemplateResult {
  const { error, warnings } = run;
  return html`
    ${
      error
        ? html`<div class="notice error" role="alert">
            ${icon("error")}
            <div>
              <p><strong>${error.message}</strong></p>
              <p>${error.kept} ${error.hint}</p>
              <div class="row">
                ${
                  run.canResume
                    ? html`<vscode-button @click=${() => actions.post({ type: "resume" })}
                        >Resume</vscode-button
                      >`
                    : nothing
                }
                <vscode-button
                  appearance="secondary"
                  @click=${() => actions.post({ type: "openLog" })}
                  >Open Log</vscode-button
                >
              </div>
            </div>
          </div>`
        : nothing
    }
    ${warnings.map(
      (warning) =>
        html`<div class="notice warning">
          ${icon("warning")}
          <p>${warning}</p>
        </div>`,
    )}
  `;
}

function log(run: RunView, actions: RunsActions): TemplateResult {
  return html`<details class="log">
    <summary>Log</summary>
    ${
      run.log.length === 0
        ? html`<p class="muted">The trainer has written nothing yet.</p>`
        : html`<ingrain-log .lines=${run.log}></ingrain-log>`
    }
    <vscode-button appearance="secondary" @click=${() => actions.post({ type: "openLog" })}
      >Open Log</vscode-button
    >
  </details>`;
}

function empty(trusted: boolean, actions: RunsActions): TemplateResult {
  return html`<div class="empty">
    ${icon("graph-line")}
    <h1>No runs yet</h1>
    ${
      trusted
        ? html`<p>
              Open a policy and internalize it: a small model is trained on this machine and
              examined in a few minutes.
            </p>
            <vscode-button @click=${() => actions.post({ type: "internalize" })}
              >Internalize Policy</vscode-button
            >`
        : html`<p>Nothing runs in Restricted Mode. Trust this workspace to train.</p>
            <vscode-button @click=${() => actions.post({ type: "manageTrust" })}
              >Manage Workspace Trust</vscode-button
            >`
    }
  </div>`;
}

function unreadable(
  problem: string,
  runs: readonly RunSummary[],
  actions: RunsActions,
): TemplateResult {
  return html`<div class="empty">
    ${icon("warning")}
    <h1>This run cannot be shown</h1>
    <p>${problem}</p>
    ${runs.length > 0 ? runChoice(runs, undefined, actions) : nothing}
  </div>`;
}
