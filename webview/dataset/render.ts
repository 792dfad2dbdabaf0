import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  type DatasetQuery,
  type DatasetSnapshot,
  type FromDatasetView,
  type Part,
  type RowView,
  pageSize,
} from "../../src/protocol/dataset.ts";
import { categoryWord, kindWord, partWord, tierWord } from "../../src/protocol/words.ts";
import { integer } from "../common/format.ts";
import { icon, iconButton } from "../common/icon.ts";

export interface DatasetActions {
  post(message: FromDatasetView): void;
}

/** The dataset as a table: one page of rows, read from disk by the panel. */
export function renderDataset(snapshot: DatasetSnapshot, actions: DatasetActions): TemplateResult {
  const { query, rows, matches, problem } = snapshot;
  const ask = (change: Partial<DatasetQuery>) =>
    actions.post({ type: "query", query: { ...query, offset: 0, ...change } });
  return html`
    <header class="row spread">
      <div>
        <h1>${snapshot.title}</h1>
        <div class="muted">
          ${snapshot.teacher === "none" ? "Made by the grammar" : `Teacher ${snapshot.teacher}`} ·
          seed ${snapshot.seed}
        </div>
      </div>
      <div class="row">
        ${iconButton("markdown", "Open Policy", () => actions.post({ type: "openPolicy" }))}
        ${iconButton("folder-opened", "Reveal Folder", () => actions.post({ type: "reveal" }))}
      </div>
    </header>
    <div class="row filters">
      <div class="row" role="group" aria-label="Part">
        ${(Object.keys(partWord) as Part[]).map(
          (part) =>
            html`<button
              class="choice"
              aria-pressed=${part === query.part ? "true" : "false"}
              @click=${() => ask({ part, kind: undefined })}
            >
              ${partWord[part]} <span class="muted number">${integer(snapshot.counts[part])}</span>
            </button>`,
        )}
      </div>
      <vscode-text-field
        type="search"
        placeholder="Search rows"
        aria-label="Search rows"
        .value=${query.search}
        @input=${(event: Event) => ask({ search: (event.target as HTMLInputElement).value })}
      >
        <span slot="start" class="codicon codicon-search" aria-hidden="true"></span>
      </vscode-text-field>
      <vscode-dropdown
        aria-label="Kind"
        current-value=${query.kind ?? ""}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          const kind = snapshot.kinds.find((known) => known === value);
          if (kind !== query.kind) ask({ kind });
        }}
      >
        <vscode-option value="">All kinds</vscode-option>
        ${repeat(
          snapshot.kinds,
          (kind) => kind,
          (kind) => html`<vscode-option value=${kind}>${kindWord[kind]}</vscode-option>`,
        )}
      </vscode-dropdown>
      ${pager(snapshot, ask)}
    </div>
    ${
      problem === undefined
        ? nothing
        : html`<div class="notice error" role="alert">
            ${icon("error")}
            <p>${problem}</p>
          </div>`
    }
    ${
      rows.length > 0
        ? table(rows, query.part)
        : problem === undefined
          ? noRows(matches, query, ask)
          : nothing
    }
  `;
}

function pager(
  { counts, matches, query, rows }: DatasetSnapshot,
  ask: (change: Partial<DatasetQuery>) => void,
): TemplateResult {
  const from = query.offset;
  const to = from + rows.length;
  const all = counts[query.part];
  return html`<div class="row pager number">
    <span class="muted" role="status">
      ${matches === 0 ? "0" : `${integer(from + 1)}–${integer(to)}`} of ${integer(matches)}
      ${matches === all ? "rows" : `(${integer(all)} in all)`}
    </span>
    <vscode-button
      appearance="icon"
      aria-label="Previous rows"
      ?disabled=${from === 0}
      @click=${() => ask({ offset: Math.max(0, from - pageSize) })}
      >${icon("chevron-left")}</vscode-button
    >
    <vscode-button
      appearance="icon"
      aria-label="Next rows"
      ?disabled=${to >= matches}
      @click=${() => ask({ offset: from + pageSize })}
      >${icon("chevron-right")}</vscode-button
    >
  </div>`;
}

function table(rows: readonly RowView[], part: Part): TemplateResult {
  return html`<table class="rows">
    <thead>
      <tr>
        <th scope="col">Kind</th>
        ${part === "exam" ? html`<th scope="col">Tier</th>` : nothing}
        <th scope="col">Statement</th>
        <th scope="col">Text</th>
      </tr>
    </thead>
    <tbody>
      ${repeat(
        rows,
        ({ id }) => id,
        (row) =>
          html`<tr data-row=${row.id} title=${row.id}>
            <td>${kindWord[row.kind]}</td>
            ${
              part === "exam"
                ? html`<td>${row.tier === undefined ? nothing : tierWord[row.tier]}</td>`
                : nothing
            }
            <td class="statement">${statements(row)}</td>
            <td class="text">
              <div class="asked" .textContent=${row.text}></div>
              ${
                row.answer === undefined
                  ? nothing
                  : html`<div class="answer">${icon("check")}<span>${row.answer}</span></div>`
              }
              ${(row.distractors ?? []).map(
                (choice) =>
                  html`<div class="answer muted">${icon("dash")}<span>${choice}</span></div>`,
              )}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The first statement; how many more there are stands behind it. */
function statements({ statements: all }: RowView): TemplateResult {
  const [first, ...more] = all;
  if (!first) return html`<span class="muted">–</span>`;
  return html`<span class="category ${first.category}">${categoryWord[first.category]}</span>
    ${first.text}
    ${
      more.length > 0
        ? html`<span class="muted" title=${more.map(({ text }) => text).join("\n")}
            >and ${more.length} more</span
          >`
        : nothing
    }`;
}

function noRows(
  matches: number,
  query: DatasetQuery,
  ask: (change: Partial<DatasetQuery>) => void,
): TemplateResult {
  const filtered = query.search !== "" || query.kind !== undefined;
  return html`<div class="empty">
    ${icon("search")}
    ${
      filtered && matches === 0
        ? html`<p>No row matches the search.</p>
            <vscode-button
              appearance="secondary"
              @click=${() => ask({ search: "", kind: undefined })}
              >Clear Filters</vscode-button
            >`
        : html`<p>This part of the dataset is empty.</p>`
    }
  </div>`;
}

/** The folder cannot be read at all. */
export function renderProblem(message: string, actions: DatasetActions): TemplateResult {
  return html`<div class="empty">
    ${icon("warning")}
    <h1>This dataset cannot be shown</h1>
    <p>${message}</p>
    <vscode-button appearance="secondary" @click=${() => actions.post({ type: "reveal" })}
      >Reveal Folder</vscode-button
    >
  </div>`;
}
