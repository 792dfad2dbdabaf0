import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { DatasetQuery, FacetName, FacetView } from "../../src/protocol/dataset.ts";
import { integer } from "../common/format.ts";
import { facetWord, valueWord } from "./words.ts";

/** Facets that begin folded: they have as many values as the policy has sections and statements. */
const folded: readonly FacetName[] = ["section", "statement", "teacher", "tier"];

/** The filters, each value with the rows that it has. */
export function renderFacets(
  facets: readonly FacetView[],
  { filters }: DatasetQuery,
  filter: (filters: DatasetQuery["filters"]) => void,
): TemplateResult {
  const chosen = Object.values(filters).some((values) => values.length > 0);
  return html`<aside class="facets" aria-label="Filters">
    <div class="row spread">
      <h2>Filters</h2>
      <button class="link" ?disabled=${!chosen} @click=${() => filter({})}>Clear</button>
    </div>
    ${facets
      .filter(({ name, values }) => values.length > 1 || (filters[name]?.length ?? 0) > 0)
      .map((facet) => renderFacet(facet, filters, filter))}
  </aside>`;
}

function renderFacet(
  { name, values, more }: FacetView,
  filters: DatasetQuery["filters"],
  filter: (filters: DatasetQuery["filters"]) => void,
): TemplateResult {
  const chosen = filters[name] ?? [];
  const toggle = (value: string) => {
    const next = chosen.includes(value)
      ? chosen.filter((other) => other !== value)
      : [...chosen, value];
    filter({ ...filters, [name]: next });
  };
  return html`<details ?open=${!folded.includes(name) || chosen.length > 0}>
    <summary>
      ${facetWord[name]}
      ${chosen.length > 0 ? html`<span class="muted">${chosen.length} chosen</span>` : nothing}
    </summary>
    <fieldset>
      <legend class="unseen">${facetWord[name]}</legend>
      ${repeat(
        values,
        ({ value }) => value,
        ({ value, label, count }) => {
          const word = valueWord(name, value, label);
          return html`<label class="value ${name === "category" ? `category ${value}` : ""}">
            <input
              type="checkbox"
              data-facet=${name}
              data-value=${value}
              .checked=${chosen.includes(value)}
              @change=${() => toggle(value)}
            />
            <span class="name" title=${word}>${word}</span>
            <span class="muted number">${integer(count)}</span>
          </label>`;
        },
      )}
      ${more > 0 ? html`<p class="muted">and ${integer(more)} more: filter by section</p>` : nothing}
    </fieldset>
  </details>`;
}
