import { html, nothing, type TemplateResult } from "lit";
import type {
  DatasetLook,
  DatasetQuery,
  DatasetSnapshot,
  FromDatasetView,
  RowEdit,
} from "../../src/protocol/dataset.ts";
import { counted } from "../../src/protocol/words.ts";
import { integer, percent } from "../common/format.ts";
import { icon, iconButton } from "../common/icon.ts";
import { renderCharts } from "./charts.ts";
import { renderDetail } from "./detail.ts";
import { renderEdit } from "./edit.ts";
import { renderFacets } from "./facets.ts";
import { renderTable, type TableActions } from "./table.ts";
import type { Viewport } from "./window.ts";

/** What the page knows beside the snapshot. */
export interface PageState {
  /** Whether other rows are being made. */
  regenerating: boolean;
  viewport: Viewport;
  editing: boolean;
  /** What was done last, for people who listen as well. */
  done?: string | undefined;
  /** Why the last verdict or edit was not written. */
  refused?: string | undefined;
}

export interface DatasetActions extends TableActions {
  post(message: FromDatasetView): void;
  query(change: Partial<DatasetQuery>): void;
  view(view: DatasetLook["view"]): void;
  judge(verdict: "approved" | "rejected" | "withdrawn"): void;
  judgeAll(verdict: "approved" | "rejected" | "withdrawn"): void;
  edit(): void;
  saveEdit(edit: RowEdit): void;
  cancelEdit(): void;
  /** The selected row, or all rows of a statement. */
  regenerate(statement?: string): void;
}

/** The inspector: filters, the rows that match, and the selected row. */
export function renderDataset(
  snapshot: DatasetSnapshot,
  state: PageState,
  actions: DatasetActions,
): TemplateResult {
  const { look, facets, charts, problems, readOnly } = snapshot;
  const filter = (filters: DatasetQuery["filters"]) => actions.query({ filters });
  return html`
    ${renderHeader(snapshot, actions)}
    ${[...problems, ...(readOnly === undefined ? [] : [`${readOnly}.`])].map(
      (problem) =>
        html`<div class="notice warning" role="note">
          ${icon("warning")}
          <p>${problem}</p>
        </div>`,
    )}
    <div class="columns">
      ${renderFacets(facets, look.query, filter)}
      <div class="center">
        ${renderToolbar(snapshot, actions)}
        ${
          look.view === "charts"
            ? charts
              ? renderCharts(charts, snapshot.title, (filters) => {
                  actions.view("rows");
                  filter(filters);
                })
              : nothing
            : renderRows(snapshot, state, actions)
        }
        <div class="row status">
          <span role="status"
            >${state.regenerating ? "Making other rows" : (state.done ?? nothing)}</span
          >
          ${
            state.refused === undefined || state.editing
              ? nothing
              : html`<span class="flag" role="alert">${icon("error")} ${state.refused}</span>`
          }
        </div>
      </div>
    </div>
  `;
}

function renderHeader(
  { title, teacher, seed, undo }: DatasetSnapshot,
  actions: DatasetActions,
): TemplateResult {
  const by = teacher === "none" ? "Made by the grammar" : `Teacher ${teacher}`;
  return html`<header class="row spread">
    <div class="row">
      <h1>${title}</h1>
      <span class="muted">${by}${seed === undefined ? nothing : ` · seed ${seed}`}</span>
    </div>
    <div class="row">
      <button
        class="action"
        ?disabled=${undo === undefined}
        title=${undo === undefined ? "Nothing to undo" : `Undo: ${undo}`}
        @click=${() => actions.post({ type: "undo" })}
      >
        <kbd>u</kbd> Undo
      </button>
      ${iconButton("markdown", "Open Policy", () => actions.post({ type: "openPolicy" }))}
      ${iconButton("folder-opened", "Reveal Folder", () => actions.post({ type: "reveal" }))}
    </div>
  </header>`;
}

function renderToolbar(snapshot: DatasetSnapshot, actions: DatasetActions): TemplateResult {
  const { look, matches, total, progress, readOnly } = snapshot;
  const closed = readOnly !== undefined || matches === 0 || progress !== undefined;
  const view = (name: DatasetLook["view"], title: string) =>
    html`<button
      class="choice"
      aria-pressed=${look.view === name ? "true" : "false"}
      @click=${() => actions.view(name)}
    >
      ${title}
    </button>`;
  const all = (verdict: "approved" | "rejected" | "withdrawn", title: string) =>
    html`<button class="action" ?disabled=${closed} @click=${() => actions.judgeAll(verdict)}>
      ${title}
    </button>`;
  return html`<div class="row toolbar">
    <vscode-text-field
      type="search"
      placeholder="Search rows ( / )"
      aria-label="Search rows"
      .value=${look.query.search}
      @input=${(event: Event) =>
        actions.query({ search: (event.target as HTMLInputElement).value })}
    >
      <span slot="start" class="codicon codicon-search" aria-hidden="true"></span>
    </vscode-text-field>
    <span class="number matches" role="status">
      ${matches === total ? counted(total, "row") : `${integer(matches)} of ${counted(total, "row")}`}
      ${
        progress === undefined
          ? nothing
          : html`<span class="muted"
              >${progress.what === "reading" ? "Reading" : "Searching"},
              ${percent(progress.share)}</span
            >`
      }
    </span>
    <div class="row" role="group" aria-label="View">
      ${view("rows", "Rows")} ${view("charts", "Charts")}
    </div>
    <div class="row all" role="group" aria-label="All rows that match">
      <span class="muted">All ${integer(matches)}:</span>
      ${all("approved", "Approve")} ${all("rejected", "Reject")} ${all("withdrawn", "Withdraw")}
    </div>
  </div>`;
}

function renderRows(
  snapshot: DatasetSnapshot,
  { viewport, editing, regenerating, refused }: PageState,
  actions: DatasetActions,
): TemplateResult {
  const { matches, total, detail, progress, readOnly, look } = snapshot;
  if (matches === 0 && progress === undefined) return renderNoRows(total, actions);
  const { filters } = look.query;
  return html`${renderTable(snapshot, viewport, actions)}
  ${
    detail === undefined
      ? nothing
      : editing
        ? renderEdit(detail, refused, {
            save: (edit) => actions.saveEdit(edit),
            cancel: () => actions.cancelEdit(),
          })
        : renderDetail(
            detail,
            { regenerating, readOnly },
            {
              post: (message) => actions.post(message),
              judge: (verdict) => actions.judge(verdict),
              edit: () => actions.edit(),
              regenerate: (statement) => actions.regenerate(statement),
              filter: (change) => actions.query({ filters: { ...filters, ...change } }),
            },
          )
  }`;
}

function renderNoRows(total: number, actions: DatasetActions): TemplateResult {
  return html`<div class="empty">
    ${icon("search")}
    ${
      total > 0
        ? html`<p>No row matches.</p>
            <vscode-button
              appearance="secondary"
              @click=${() => actions.query({ search: "", filters: {} })}
              >Clear Filters</vscode-button
            >`
        : html`<p>This dataset has no rows.</p>`
    }
  </div>`;
}

/** The folder cannot be read at all. */
export function renderProblem(message: string, reveal: () => void): TemplateResult {
  return html`<div class="empty">
    ${icon("warning")}
    <h1>This dataset cannot be shown</h1>
    <p>${message}</p>
    <vscode-button appearance="secondary" @click=${reveal}>Reveal Folder</vscode-button>
  </div>`;
}
