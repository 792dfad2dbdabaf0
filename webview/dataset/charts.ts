import { html, nothing, type TemplateResult } from "lit";
import type { DatasetCharts, DatasetQuery } from "../../src/protocol/dataset.ts";
import { categoryWord, counted, kindWord, wordFor } from "../../src/protocol/words.ts";
import { integer } from "../common/format.ts";
import { checkWord, sectionWord } from "./words.ts";

/** The rows that match, counted: tables that are drawn as charts, and read out as tables. */
export function renderCharts(
  charts: DatasetCharts,
  title: string,
  filter: (filters: DatasetQuery["filters"]) => void,
): TemplateResult {
  const duplicates = charts.checks.find(({ check }) => check === "duplicate")?.rows ?? 0;
  const failures = charts.checks.filter(({ check }) => check !== "passed");
  return html`<div class="charts" tabindex="0" role="region" aria-label="Charts">
    <section>
      <h2>Coverage by section and category</h2>
      ${renderCoverage(charts.coverage, title, filter)}
    </section>
    <section>
      <h2>Rows per kind</h2>
      ${bars(
        "Rows per kind",
        charts.kinds.map(({ kind, rows }) => ({ label: wordFor(kindWord, kind), rows })),
      )}
    </section>
    <section>
      <h2>Length in characters</h2>
      ${bars("Rows by length", lengthBars(charts.lengths))}
    </section>
    <section>
      <h2>Duplicates</h2>
      <p>
        ${
          duplicates === 0
            ? "No row says what another row of its part says."
            : `${counted(duplicates, "row")} ${duplicates === 1 ? "says" : "say"} what another row of the part says, but for case and marks.`
        }
      </p>
    </section>
    <section>
      <h2>Checks that failed</h2>
      ${
        failures.length === 0
          ? html`<p>Every row passes.</p>`
          : bars(
              "Rows by failed check",
              failures.map(({ check, rows }) => ({ label: checkWord[check], rows })),
            )
      }
    </section>
    <section>
      <h2>Refused while the dataset was made</h2>
      ${
        charts.refused === undefined
          ? html`<p class="muted">This dataset keeps no record of refused rows.</p>`
          : charts.refused.length === 0
            ? html`<p>No row was refused.</p>`
            : bars(
                "Refused rows by reason",
                charts.refused.map(({ reason, rows }) => ({ label: reason, rows })),
              )
      }
    </section>
  </div>`;
}

function renderCoverage(
  coverage: DatasetCharts["coverage"],
  title: string,
  filter: (filters: DatasetQuery["filters"]) => void,
): TemplateResult {
  if (coverage.length === 0) {
    return html`<p class="muted">The manifest names no statements.</p>`;
  }
  const categories = coverage[0]!.cells.map(({ category }) => category);
  const most = Math.max(1, ...coverage.flatMap(({ cells }) => cells.map(({ rows }) => rows)));
  return html`<table class="heat">
    <thead>
      <tr>
        <th scope="col">Section</th>
        ${categories.map((category) => html`<th scope="col">${categoryWord[category]}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${coverage.map(
        ({ section, cells }) =>
          html`<tr>
            <th scope="row">${sectionWord(section, title)}</th>
            ${cells.map(({ category, statements, without, rows }) => {
              if (statements === 0)
                return html`<td class="none"><span aria-label="none">·</span></td>`;
              const share = Math.round((35 * rows) / most);
              return html`<td
                .style=${`background: color-mix(in srgb, var(--vscode-charts-blue) ${share}%, transparent)`}
              >
                <button
                  class="link"
                  title="Show these rows"
                  @click=${() => filter({ section: [section], category: [category] })}
                >
                  ${integer(rows)} <span class="unseen">rows</span>
                </button>
                <span class="muted">${counted(statements, "statement")}</span>
                ${
                  without > 0
                    ? html`<strong class="flag">${integer(without)} without rows</strong>`
                    : nothing
                }
              </td>`;
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

interface Bar {
  label: string;
  rows: number;
}

function lengthBars(lengths: DatasetCharts["lengths"]): Bar[] {
  return lengths.map(({ from, rows }, index) => {
    const next = lengths[index + 1]?.from;
    const label =
      next === undefined ? `${integer(from)} or more` : `${integer(from)}–${integer(next - 1)}`;
    return { label, rows };
  });
}

/** Bars that are a table: the bar only repeats the figure beside it. */
function bars(caption: string, entries: readonly Bar[]): TemplateResult {
  const most = Math.max(1, ...entries.map(({ rows }) => rows));
  return html`<table class="bars">
    <caption class="unseen">
      ${caption}
    </caption>
    <tbody>
      ${entries.map(
        ({ label, rows }) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td class="number">${integer(rows)}</td>
            <td class="bar" aria-hidden="true">
              <svg viewBox="0 0 100 1" preserveAspectRatio="none">
                <rect width=${(100 * rows) / most} height="1"></rect>
              </svg>
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
