import { categories } from "../../policy/statement.ts";
import type { DatasetCharts } from "../../protocol/dataset.ts";
import { checkResults, type RowIndex } from "./row-index.ts";
import type { Selection } from "./select.ts";

/** What the charts show of the rows that match, counted in one pass. */
export function chartsOf(
  index: RowIndex,
  { rows, facets }: Selection,
  refused: ReadonlyMap<string, number> | undefined,
): DatasetCharts {
  return {
    coverage: coverageOf(index, rows, facets.statement),
    kinds: index.kinds.all
      .map((kind, at) => ({ kind, rows: facets.kind[at] ?? 0 }))
      .filter((entry) => entry.rows > 0),
    lengths: lengthsOf(index, rows),
    checks: checkResults.flatMap((check) => {
      const found = checkedRows(index, rows, check);
      return found > 0 ? [{ check, rows: found }] : [];
    }),
    ...(refused && { refused: [...refused].map(([reason, count]) => ({ reason, rows: count })) }),
  };
}

function coverageOf(
  index: RowIndex,
  rows: Uint32Array,
  byStatement: Uint32Array,
): DatasetCharts["coverage"] {
  const cells = index.sections.all.map(() =>
    categories.map((category) => ({ category, statements: 0, without: 0, rows: 0 })),
  );
  const covered = new Set<number>();
  for (const row of rows) {
    // A row of two statements of a cell is one row of it.
    const seen = new Set<object>();
    for (const statement of index.groupOf(row).statements) {
      covered.add(statement);
      const { section, category } = index.statements[statement]!;
      const cell = category && cells[section]![categories.indexOf(category)]!;
      if (!cell || seen.has(cell)) continue;
      seen.add(cell);
      cell.rows++;
    }
  }
  index.statements.forEach(({ section, category }, number) => {
    if (category === undefined) return;
    const cell = cells[section]![categories.indexOf(category)]!;
    cell.statements++;
    if (!covered.has(number) && !byStatement[number]) cell.without++;
  });
  return index.sections.all
    .map((section, at) => ({ section, cells: cells[at]! }))
    .filter((row) => row.cells.some(({ statements }) => statements > 0));
}

/**
 * Bars of equal width whose bounds are round numbers; the last one has whatever is longer, so that
 * one giant does not flatten all others.
 */
function lengthsOf(index: RowIndex, rows: Uint32Array): DatasetCharts["lengths"] {
  const sizes = rows.map((row) => index.size.get(row)).sort();
  const common = sizes[Math.floor(0.99 * (sizes.length - 1))] ?? 0;
  const width = roundWidth(common / 20);
  const last = Math.floor(common / width);
  const bars = new Array<number>(last + 1).fill(0);
  for (const size of sizes) bars[Math.min(last, Math.floor(size / width))]!++;
  return bars.map((count, at) => ({ from: at * width, rows: count }));
}

/** The smallest of 1, 2, 5, 10, 20, … that is not smaller. */
function roundWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(width, 1)));
  return power * ([1, 2, 5].find((step) => step * power >= width) ?? 10);
}

function checkedRows(index: RowIndex, rows: Uint32Array, check: (typeof checkResults)[number]) {
  const mask = 1 << checkResults.indexOf(check);
  return rows.reduce((count, row) => count + (index.checksOf(row) & mask ? 1 : 0), 0);
}
