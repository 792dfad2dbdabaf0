import { categories } from "../../policy/statement.ts";
import {
  type DatasetQuery,
  FacetName,
  type FacetView,
  type RowVerdict,
  type SortKey,
} from "../../protocol/dataset.ts";
import { checkResults, parts, type RowIndex, rowVerdicts } from "./row-index.ts";

/** The rows of a query, in its order, and how many rows each value of each facet has. */
export interface Selection {
  rows: Uint32Array;
  facets: Record<FacetName, Uint32Array>;
}

/** A facet as the selection sees it: values are small numbers. */
interface Facet {
  /** The values that a row has. */
  of(row: number): readonly number[];
  names(): readonly string[];
  labels?(): readonly string[];
}

/** `[0], [1], …`, made once. */
const singles: number[][] = [];
const single = (value: number): readonly number[] => (singles[value] ??= [value]);

/** The places of the bits of each mask. */
const bits: readonly number[][] = Array.from({ length: 256 }, (_, mask) =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((place) => mask & (1 << place)),
);

function facetsOf(index: RowIndex): Record<FacetName, Facet> {
  const statements = () => index.statements.map(({ id }) => id);
  return {
    part: { of: (row) => single(index.part.get(row)), names: () => parts },
    category: { of: (row) => index.groupOf(row).categories, names: () => categories },
    kind: { of: (row) => single(index.kind.get(row)), names: () => index.kinds.all },
    tier: { of: (row) => single(index.tier.get(row)), names: () => index.tiers.all },
    verdict: { of: (row) => single(index.verdictOf(row)), names: () => rowVerdicts },
    check: { of: (row) => bits[index.checksOf(row)]!, names: () => checkResults },
    teacher: { of: (row) => single(index.teacher.get(row)), names: () => index.teachers.all },
    section: { of: (row) => index.groupOf(row).sections, names: () => index.sections.all },
    statement: {
      of: (row) => index.groupOf(row).statements,
      names: statements,
      labels: () => index.statements.map(({ id, text }) => (text === "" ? id : text)),
    },
  };
}

/**
 * One pass over the index. A row that only one facet keeps out still counts for that facet's own
 * values: they say how many rows there would be if it were chosen, too.
 * @param found whether the full-text search has the row.
 */
export function select(
  index: RowIndex,
  { filters, sort }: DatasetQuery,
  found: (row: number) => boolean,
): Selection {
  const facets = facetsOf(index);
  const names = FacetName.options;
  const all = names.map((name) => facets[name]);
  const counts = all.map((facet) => new Uint32Array(facet.names().length));
  const wanted = names.map((name, at) => {
    const values = filters[name];
    if (values === undefined || values.length === 0) return undefined;
    return Uint8Array.from(all[at]!.names(), (value) => (values.includes(value) ? 1 : 0));
  });
  const active = names.map((_, at) => at).filter((at) => wanted[at] !== undefined);
  const rows = new Uint32Array(index.rows);
  let matches = 0;
  for (let row = 0; row < index.rows; row++) {
    let misses = 0;
    let missed = -1;
    for (const at of active) {
      if (all[at]!.of(row).some((value) => wanted[at]![value] === 1)) continue;
      missed = at;
      if (++misses > 1) break;
    }
    if (misses > 1 || !found(row)) continue;
    if (misses === 0) rows[matches++] = row;
    for (let at = misses === 0 ? 0 : missed; at < all.length; at++) {
      const values = all[at]!.of(row);
      const count = counts[at]!;
      for (let each = 0; each < values.length; each++) count[values[each]!]!++;
      if (misses > 0) break;
    }
  }
  return {
    rows: sorted(rows.slice(0, matches), index, sort.by, sort.descending),
    facets: Object.fromEntries(names.map((name, at) => [name, counts[at]!])) as Selection["facets"],
  };
}

/** Rows with equal keys keep the order of the files. */
function sorted(rows: Uint32Array, index: RowIndex, by: SortKey, descending: boolean): Uint32Array {
  const rank = (names: readonly string[]) => {
    const order = [...names].sort();
    return names.map((name) => order.indexOf(name));
  };
  const kinds = by === "kind" ? rank(index.kinds.all) : [];
  const keyOf: Record<SortKey, (row: number) => number> = {
    file: (row) => row,
    kind: (row) => kinds[index.kind.get(row)]!,
    statement: (row) => index.groupOf(row).statements[0] ?? index.statements.length,
    size: (row) => index.size.get(row),
    verdict: (row) => index.verdictOf(row),
  };
  const key = keyOf[by];
  const sign = descending ? -1 : 1;
  if (by === "file") return descending ? rows.reverse() : rows;
  return rows.sort((a, b) => sign * (key(a) - key(b)) || a - b);
}

/** The longest list of values that a snapshot carries; a filter narrows the rest. */
const longestFacet = 300;

/** What the webview shows of the facets: values with rows, and those that are chosen. */
export function viewFacets(
  index: RowIndex,
  { filters }: DatasetQuery,
  { facets: counts }: Selection,
): FacetView[] {
  const facets = facetsOf(index);
  return FacetName.options.map((name) => {
    const values = facets[name].names();
    const labels = facets[name].labels?.() ?? values;
    const chosen = filters[name] ?? [];
    const shown = values
      .map((value, at) => ({ value, label: labels[at]!, count: counts[name][at]! }))
      .filter(({ value, count }) => count > 0 || chosen.includes(value));
    return {
      name,
      values: shown.slice(0, longestFacet).map((entry) => ({
        ...entry,
        label: shorten(entry.label, 160),
      })),
      more: Math.max(0, shown.length - longestFacet),
    };
  });
}

export function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

export const verdictAt = (row: number, index: RowIndex): RowVerdict =>
  rowVerdicts[index.verdictOf(row)]!;
