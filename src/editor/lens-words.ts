import { counted } from "../protocol/words.ts";
import type { Category, Statement } from "../policy/statement.ts";
import type { PolicyResults } from "../workspace/policy-results.ts";
import type { Tally } from "../workspace/statement-scores.ts";

type Group = "fact" | "behavior" | "condition";

const groupOf: Readonly<Record<Category, Group>> = {
  factual: "fact",
  behavioral: "behavior",
  "simple-conditional": "condition",
  "complex-conditional": "condition",
};

/** How many rows come from any of these statements. */
export function rowsOf(ids: ReadonlySet<string>, rows: NonNullable<PolicyResults["rows"]>): number {
  return rows
    .filter(({ statements }) => statements.some((id) => ids.has(id)))
    .reduce((sum, { count }) => sum + count, 0);
}

/**
 * What stands above a section: `3 facts · 2 behaviors · 4 conditions · 62 rows · 88 % learned`.
 * Groups without a statement are left out; rows and pass rate show once there are any.
 * @param learned how many questions on them a model answered right.
 */
export function lensTitle(
  statements: readonly Statement[],
  results: PolicyResults = {},
  learned?: Tally,
): string {
  const ids = new Set(statements.map(({ id }) => id));
  const counts: Record<Group, number> = { fact: 0, behavior: 0, condition: 0 };
  for (const { category } of statements) counts[groupOf[category]]++;
  const parts = (Object.keys(counts) as Group[])
    .filter((group) => counts[group] > 0)
    .map((group) => counted(counts[group], group));
  if (results.rows) {
    parts.push(counted(rowsOf(ids, results.rows), "row"));
  }
  if (learned) parts.push(`${Math.round((100 * learned.right) / learned.n)} % learned`);
  return parts.join(" · ");
}
