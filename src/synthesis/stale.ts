import { compare, fingerprint } from "../policy/compare.ts";
import type { Statement } from "../policy/statement.ts";
import type { DatasetManifest } from "./dataset.ts";

/**
 * Why the rows of a statement no longer hold: it has other words or conditions, or another
 * category, which decides what kind of data teaches it, or it is gone.
 */
export const staleReasons = ["changed", "recategorized", "removed"] as const;
export type StaleReason = (typeof staleReasons)[number];

/** A statement as the rows of a dataset know it. */
export type KnownStatement = DatasetManifest["statements"][number];

/**
 * The statements of a dataset whose rows no longer hold, by id. A statement that only moved keeps
 * its rows.
 * @param now the statements of the policy as it is.
 */
export function staleStatements(
  known: readonly KnownStatement[],
  now: readonly Statement[],
): Map<string, { reason: StaleReason; statement: KnownStatement }> {
  const changes = compare(known, now, {
    old: ({ reading }) => reading,
    new: ({ decision }) => fingerprint(decision),
  });
  return new Map(
    changes.flatMap((change) => {
      if (change.kind === "added" || change.kind === "moved" || change.kind === "unchanged") {
        return [];
      }
      return [[change.old.id, { reason: change.kind, statement: change.old }]];
    }),
  );
}

/** Ids of the rows that come from each of these statements, in the order of the rows. */
export function rowsByStatement(
  rows: readonly { id: string; statements: readonly string[] }[],
  statements: Iterable<string>,
): Map<string, string[]> {
  const found = new Map([...statements].map((id): [string, string[]] => [id, []]));
  for (const row of rows) {
    for (const id of new Set(row.statements)) found.get(id)?.push(row.id);
  }
  return found;
}
