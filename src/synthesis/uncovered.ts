import { compare, fingerprint } from "../policy/compare.ts";
import type { Statement } from "../policy/statement.ts";
import type { DatasetManifest } from "./dataset.ts";

/** A statement that the training rows leave out, in part or as a whole. */
export interface Uncovered {
  statement: Statement;
  requirement: "rows" | "partly";
  /** What is missing, and why. */
  message: string;
}

/**
 * What a dataset does not cover of a policy as it is now. A statement that changed since has rows
 * that are stale, which is told elsewhere.
 * @returns nothing for a dataset that does not tell its coverage.
 */
export function uncovered(
  { coverage, statements: known }: Pick<DatasetManifest, "coverage" | "statements">,
  now: readonly Statement[],
): Uncovered[] {
  if (!coverage) return [];
  const changes = compare(known, now, {
    old: ({ reading }) => reading,
    new: ({ decision }) => fingerprint(decision),
  });
  return changes.flatMap((change): Uncovered[] => {
    if (change.kind === "added") {
      const message = "It has no rows: it came after the newest dataset was made.";
      return [{ statement: change.new, requirement: "rows", message }];
    }
    if (change.kind !== "unchanged" && change.kind !== "moved") return [];
    return coverage.gaps
      .filter(({ statement }) => statement === change.old.id)
      .map(({ requirement, message }) => ({
        statement: change.new,
        requirement: requirement === "rows" ? "rows" : "partly",
        message,
      }));
  });
}
