import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import type {
  FromRunsView,
  RunStatus,
  RunSummary,
  RunsSnapshot,
  RunView,
} from "../../src/protocol/runs.ts";
import { armWord, statusWord, wordFor } from "../../src/protocol/words.ts";
import { dateTime, duration, integer, percent, rate } from "../common/format.ts";
import { icon, iconButton } from "../common/icon.ts";
import { examBars } from "./exam.ts";
import { reportSection } from "./report.ts";
import { servingButtons, servingLine } from "./serving.ts";
import { stageLine } from "./stages.ts";

export interface RunsActions {
  post(message: FromRunsView): void;
  /** The arm whose curve the reader chose to see. */
  showArm(arm: string): void;
}

/** The whole run panel, from one snapshot. `arm` is the reader's choice of curve, if any. */
export function renderRuns(
  snapshot: RunsSnapshot,
  actions: RunsActions,
  arm?: string,
): TemplateResult {
  const { run, problem, runs, trusted } = snapshot;
  if (!run)
    return problem === undefined ? empty(trusted, actions) : unreadable(problem, runs, actions);
  return html`
    ${header(run, runs, actions)} ${stageLine(run.stages)} ${progress(run)} ${notices(run, actions)}
    <div class="columns">
      <section aria-label="Training">${training(run, actions, arm)}</section>
      <section aria-label="Exam">${examBars(run)}</section>
    </div>
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
        Run ${when(run)} · ${run.engine}${run.device ? ` on ${run.device}` : nothing}
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
      ${servingButtons(run, (message) => actions.post(message))}
      ${iconButton("table", "Open Dataset", () => actions.post({ type: "openDataset" }))}
      ${iconButton("markdown", "Open Policy", () => actions.post({ type: "openPolicy" }))}
      ${iconButton("folder-opened", "Reveal Folder", () => actions.post({ type: "reveal" }))}
      ${runChoice(runs, run.folder, actions)}
    </div>
  </header>`;
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
  const left =
    run.secondsLeft !== undefined && run.status === "running"
      ? `about ${duration(run.secondsLeft)} left`
      : nothing;
  return html`<div class="progress">
    <progress max="1" .value=${run.progress} aria-label="Progress of the run"></progress>
    <div class="row spread muted number">
      <span>${run.activity}</span>
      <span
        >${percent(Math.floor(run.progress * 100) / 100)}${left === nothing ? nothing : html` · ${left}`}</span
      >
    </div>
  </div>`;
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

function training(run: RunView, actions: RunsActions, chosen: string | undefined): TemplateResult {
  const arms = [...new Set(run.curves.map((curve) => curve.arm))];
  const arm = chosen !== undefined && arms.includes(chosen) ? chosen : shownArm(run, arms);
  const curves = run.curves.filter((curve) => curve.arm === arm);
  const last = curves.at(-1);
  const held = curves.flatMap((curve) => curve.heldOut).findLast((loss) => loss !== null);
  const label =
    last === undefined
      ? "No loss yet"
      : `Loss of ${wordFor(armWord, arm ?? "")}: train ${last.train.at(-1)?.toFixed(2) ?? "–"}, held-out ${held?.toFixed(2) ?? "–"}`;
  return html`
    <div class="row spread">
      <h2>Loss</h2>
      ${
        arms.length > 1
          ? html`<div class="row" role="group" aria-label="Shown arm">
              ${arms.map(
                (name) =>
                  html`<button
                    class="choice"
                    aria-pressed=${name === arm ? "true" : "false"}
                    @click=${() => actions.showArm(name)}
                  >
                    ${wordFor(armWord, name)}
                  </button>`,
              )}
            </div>`
          : nothing
      }
    </div>
    ${
      last === undefined
        ? html`<p class="muted placeholder">The curve begins with the first steps of training.</p>`
        : html`<ingrain-loss-chart
            role="img"
            aria-label=${label}
            .curves=${curves}
          ></ingrain-loss-chart>`
    }
    <dl class="figures number">
      ${figure("Tokens/s", run.tokensPerSecond, integer)}
      ${figure("Learning rate", run.learningRate, rate)}
      ${figure("Train loss", last?.train.at(-1), (loss) => loss.toFixed(3))}
      ${figure("Held-out loss", held, (loss) => loss.toFixed(3))}
    </dl>
  `;
}

/** The arm in training, or the internalized one when nothing trains. */
function shownArm(run: RunView, arms: readonly string[]): string | undefined {
  const running = run.status === "running" ? arms.at(-1) : undefined;
  return running ?? arms.find((arm) => arm === "internalized") ?? arms[0];
}

function figure(
  name: string,
  value: number | null | undefined,
  write: (value: number) => string,
): TemplateResult {
  return html`<div>
    <dt class="muted">${name}</dt>
    <dd>${value === undefined || value === null ? "–" : write(value)}</dd>
  </div>`;
}

function log(run: RunView, actions: RunsActions): TemplateResult {
  return html`<details class="log">
    <summary>Log</summary>
    ${
      run.log.length === 0
        ? html`<p class="muted">The trainer has written nothing yet.</p>`
        : html`<pre
            tabindex="0"
            aria-label="Last lines of the trainer's log"
            .textContent=${run.log.join("\n")}
          ></pre>`
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
