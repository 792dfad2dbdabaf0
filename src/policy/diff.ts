import { z } from "zod";
import { type Change, compareStatements } from "./compare.ts";
import { ParsedPolicy, Statement } from "./statement.ts";

const kept = {
  old: Statement,
  new: Statement,
  reworded: z.boolean(),
  recategorized: z.boolean(),
  moved: z.boolean(),
};

/** A statement that is not as it was. */
export const StatementChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("added"), new: Statement }),
  z.object({ kind: z.literal("removed"), old: Statement }),
  z.object({ kind: z.literal("changed"), ...kept }),
  z.object({ kind: z.literal("recategorized"), ...kept }),
  z.object({ kind: z.literal("moved"), ...kept }),
]);
export type StatementChange = z.infer<typeof StatementChange>;

/** The kinds of change, in the order in which they are told. */
export const changeKinds = ["added", "removed", "changed", "recategorized", "moved"] as const;

/** What `ingrain parse --diff --json` prints. */
export const PolicyDiff = z.object({
  version: z.literal(1),
  old: ParsedPolicy.shape.policy,
  new: ParsedPolicy.shape.policy,
  counts: z.object({
    added: z.int(),
    removed: z.int(),
    changed: z.int(),
    recategorized: z.int(),
    moved: z.int(),
    unchanged: z.int(),
  }),
  /** In the order of the new version. */
  changes: z.array(StatementChange),
});
export type PolicyDiff = z.infer<typeof PolicyDiff>;

/** Compares two versions of a policy; the new statements continue the ids of the old ones. */
export function diffPolicies(old: ParsedPolicy, next: ParsedPolicy): PolicyDiff {
  const all = compareStatements(old.statements, next.statements);
  const counts = { added: 0, removed: 0, changed: 0, recategorized: 0, moved: 0, unchanged: 0 };
  for (const { kind } of all) counts[kind]++;
  return {
    version: 1,
    old: old.policy,
    new: next.policy,
    counts,
    changes: all.flatMap((change) => (isChange(change) ? [change] : [])),
  };
}

function isChange(change: Change<Statement, Statement>): change is StatementChange {
  return change.kind !== "unchanged";
}

/** "2 added, 1 changed; 40 unchanged" */
export function summarizeCounts(counts: PolicyDiff["counts"]): string {
  const changed = changeKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${changeWord[kind]}`);
  const before = changed.length === 0 ? "nothing changed" : changed.join(", ");
  return `${before}; ${counts.unchanged} unchanged`;
}

export const changeWord: Readonly<Record<(typeof changeKinds)[number], string>> = {
  added: "added",
  removed: "removed",
  changed: "changed",
  recategorized: "re-categorized",
  moved: "moved",
};
