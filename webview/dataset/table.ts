import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { DatasetLook, DatasetSnapshot, RowView, SortKey } from "../../src/protocol/dataset.ts";
import { categoryWord, kindWord, wordFor } from "../../src/protocol/words.ts";
import { icon } from "../common/icon.ts";
import { canvasHeight, topOf, type Viewport } from "./window.ts";
import { checkWord, verdictIcon, verdictWord } from "./words.ts";

export interface TableActions {
  select(position: number): void;
  source(position: number): void;
  sort(sort: DatasetLook["query"]["sort"]): void;
  scrolled(): void;
}

const columns: readonly { title: string; sort?: SortKey; name: string }[] = [
  { title: "Row", sort: "file", name: "id" },
  { title: "Kind", sort: "kind", name: "kind" },
  { title: "Statement", sort: "statement", name: "statement" },
  { title: "Text", sort: "size", name: "text" },
  { title: "Verdict", sort: "verdict", name: "verdict" },
];

/** The rows on the screen, of however many there are. */
export function renderTable(
  { rows, matches, look }: DatasetSnapshot,
  viewport: Viewport,
  actions: TableActions,
): TemplateResult {
  const selected = rows[look.position - look.offset];
  return html`<div
    class="table"
    role="grid"
    tabindex="0"
    aria-label="Rows"
    aria-rowcount=${matches + 1}
    aria-colcount=${columns.length}
    aria-activedescendant=${selected ? `row-${selected.row}` : nothing}
    @scroll=${() => actions.scrolled()}
  >
    <div class="head" role="rowgroup">
      <div class="line" role="row" aria-rowindex="1">
        ${columns.map((column) => header(column, look.query.sort, actions))}
      </div>
    </div>
    <div class="canvas" role="rowgroup" .style=${`height: ${canvasHeight(matches)}px`}>
      ${repeat(
        rows,
        ({ row }) => row,
        (row, index) => {
          const position = look.offset + index;
          const at = { position, top: topOf(position, viewport) };
          return renderRow(row, at, position === look.position, actions);
        },
      )}
    </div>
  </div>`;
}

function header(
  { title, sort, name }: (typeof columns)[number],
  now: DatasetLook["query"]["sort"],
  actions: TableActions,
): TemplateResult {
  const sorted = sort === now.by;
  const order = sorted ? (now.descending ? "descending" : "ascending") : "none";
  const hint = name === "text" ? "Sort by length" : name === "id" ? "As in the files" : nothing;
  return html`<div class="cell ${name}" role="columnheader" aria-sort=${order}>
    ${
      sort
        ? html`<button
            class="sort"
            title=${hint}
            @click=${() => actions.sort({ by: sort, descending: sorted && !now.descending })}
          >
            ${title} ${sorted ? icon(now.descending ? "arrow-down" : "arrow-up") : nothing}
          </button>`
        : title
    }
  </div>`;
}

function renderRow(
  { row, id, kind, verdict, checks, statement, more, text }: RowView,
  { position, top }: { position: number; top: number },
  selected: boolean,
  actions: TableActions,
): TemplateResult {
  const failed = checks.filter((check) => check !== "passed");
  return html`<div
    class="line body ${selected ? "selected" : ""}"
    role="row"
    id="row-${row}"
    data-row=${id}
    aria-rowindex=${position + 2}
    aria-selected=${selected ? "true" : "false"}
    .style=${`top: ${top}px`}
    @click=${() => actions.select(position)}
    @dblclick=${() => actions.source(position)}
  >
    <div class="cell id" role="gridcell">${id === "" ? "–" : id}</div>
    <div class="cell kind" role="gridcell">${wordFor(kindWord, kind)}</div>
    <div class="cell statement" role="gridcell">
      ${
        statement?.category
          ? html`<span class="category ${statement.category}"
              >${categoryWord[statement.category]}</span
            >`
          : nothing
      }
      ${statement?.text ?? "–"}
      ${more > 0 ? html`<span class="muted">and ${more} more</span>` : nothing}
    </div>
    <div class="cell text" role="gridcell">
      ${
        failed.length > 0
          ? html`<span class="flag" title=${failed.map((check) => checkWord[check]).join(", ")}
              >${icon("warning")}<span class="unseen"
                >${failed.map((check) => checkWord[check]).join(", ")}</span
              ></span
            >`
          : nothing
      }
      ${text}
    </div>
    <div class="cell verdict ${verdict}" role="gridcell">
      ${icon(verdictIcon[verdict])} ${verdictWord[verdict]}
    </div>
  </div>`;
}
