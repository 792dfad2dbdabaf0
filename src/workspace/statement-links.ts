import { type Change, compare, fingerprint } from "../policy/compare.ts";
import type { Statement } from "../policy/statement.ts";
import type { StatementState } from "../protocol/dataset.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";

type Known = DatasetManifest["statements"][number];

/** A statement of a dataset, and the statement that it is in the policy as it stands now. */
export interface StatementLink {
  id: string;
  state: StatementState;
  /** Absent when the policy has it no more. */
  now?: Pick<Statement, "start" | "end">;
}

/** Which statement of a policy each statement of a dataset is, in the order of the dataset. */
export function linkStatements(
  known: readonly Known[],
  now: readonly Statement[],
): StatementLink[] {
  const changes: Change<Known, Statement>[] = compare(known, now, {
    old: ({ reading }) => reading,
    new: ({ decision }) => fingerprint(decision),
  });
  return changes.flatMap((change): StatementLink[] => {
    if (change.kind === "added") return [];
    if (change.kind === "removed") return [{ id: change.old.id, state: "removed" }];
    const { start, end } = change.new;
    const state = change.kind === "moved" || change.kind === "unchanged" ? "same" : change.kind;
    return [{ id: change.old.id, state, now: { start, end } }];
  });
}

/** The ids by which a dataset knows the statements that begin at these places of the policy. */
export function idsAt(links: readonly StatementLink[], starts: readonly number[]): string[] {
  return links.flatMap(({ id, now }) => (now && starts.includes(now.start) ? [id] : []));
}
