import { z } from "zod";
import { compare } from "../policy/compare.ts";
import { countTokens } from "../policy/tokens.ts";
import type { CptRow, Dataset, DatasetManifest, ExamItem, SftRow } from "./dataset.ts";
import type { KnownStatement } from "./stale.ts";

/**
 * Why rows of a statement are made anew. `weighted`: it is to have more or fewer of them.
 * `dependant`: the statement itself is as it was, but its rows are made from others too, which are
 * not.
 */
export const changeReasons = [
  "added",
  "changed",
  "recategorized",
  "removed",
  "weighted",
  "dependant",
] as const;
export type ChangeReason = (typeof changeReasons)[number];

/** What is read of a row of the dataset before. */
export const KnownRow = z.object({
  id: z.string(),
  statements: z.array(z.string()),
  uses: z.array(z.string()).optional(),
});
export type KnownRow = z.infer<typeof KnownRow>;

const parts = ["cpt", "sft", "exam"] as const;
type Part = (typeof parts)[number];

/** A dataset before a change. */
export interface PreviousDataset {
  manifest: DatasetManifest;
  rows: Record<Part, readonly KnownRow[]>;
}

/** A row that no longer holds: a line of `stale.jsonl` in the folder of the dataset that has it. */
export const StaleRow = z.object({
  row: z.string(),
  /**
   * What became of the statement that it depends on; `regenerated` when another was asked for in
   * its place, `remade` when rows are made another way.
   */
  reason: z.enum([...changeReasons, "regenerated", "remade"]),
  /** That statement's id. */
  statement: z.string().optional(),
});
export type StaleRow = z.infer<typeof StaleRow>;

/** What making a dataset anew comes to, before it is done. */
export interface ChangePlan {
  /** Whether there is a dataset to go on from. */
  continues: boolean;
  /** Of the statements whose rows are made anew; none where there is nothing to go on from. */
  statements: { id: string; text: string; reason: ChangeReason }[];
  /** Rows of the previous dataset that no longer hold, by part. */
  stale: Record<Part, StaleRow[]>;
  /** Rows of the previous dataset that stay as they are, to the byte. */
  kept: number;
  /** Rows to be made. */
  made: number;
  /** Tokens of the rows to be made, as `countTokens` estimates them. */
  tokens: number;
}

/** Compares a dataset with the one that takes its place. Both know their statements by the same ids. */
export function planChange(previous: PreviousDataset | undefined, next: Dataset): ChangePlan {
  const statements = previous ? changedStatements(previous.manifest, next.manifest) : [];
  const reasons = new Map(statements.map(({ id, reason }) => [id, reason]));
  const again = previous?.manifest.regenerated;
  const regenerated = JSON.stringify(again) !== JSON.stringify(next.manifest.regenerated);
  const staleRow = ({ id, statements, uses = [] }: KnownRow): StaleRow => {
    const statement = [...statements, ...uses].find((one) => reasons.has(one));
    if (statement !== undefined) return { row: id, reason: reasons.get(statement)!, statement };
    if (reasons.size === 0 && regenerated) return { row: id, reason: "regenerated" };
    // A new answer may take the place of a choice that holds as before.
    return { row: id, reason: reasons.size > 0 ? "dependant" : "remade" };
  };
  const plan: ChangePlan = {
    continues: previous !== undefined,
    statements,
    stale: { cpt: [], sft: [], exam: [] },
    kept: 0,
    made: 0,
    tokens: 0,
  };
  for (const part of parts) {
    const rows: readonly (CptRow | SftRow | ExamItem)[] = next[part];
    const now = new Set(rows.map(({ id }) => id));
    const known = previous?.rows[part] ?? [];
    const before = new Set(known.map(({ id }) => id));
    plan.stale[part] = known.filter(({ id }) => !now.has(id)).map(staleRow);
    for (const row of rows) {
      if (before.has(row.id)) plan.kept++;
      else {
        plan.made++;
        plan.tokens += countTokens(wordsOf(row));
      }
    }
  }
  return plan;
}

function wordsOf(row: CptRow | SftRow | ExamItem): string {
  if ("text" in row) return row.text;
  const messages = "completion" in row ? [...row.prompt, ...row.completion] : row.prompt;
  const said = messages.map(({ content, tool_calls }) =>
    tool_calls ? `${content} ${JSON.stringify(tool_calls)}` : content,
  );
  const choices = "choices" in row ? row.choices : "expected" in row ? [row.expected] : [];
  return [...said, ...choices].join("\n");
}

function changedStatements(
  before: DatasetManifest,
  now: DatasetManifest,
): ChangePlan["statements"] {
  const reading = (statement: KnownStatement) => statement.reading;
  const inputs = new Map(before.statements.map((statement) => [statement.id, statement.inputs]));
  return compare(before.statements, now.statements, { old: reading, new: reading }).flatMap(
    (change): ChangePlan["statements"] => {
      const { id, text, inputs: made } = change.kind === "removed" ? change.old : change.new;
      if (change.kind !== "unchanged" && change.kind !== "moved") {
        return [{ id, text, reason: change.kind }];
      }
      if (inputs.get(id) === made) return [];
      const same = before.weights?.[id] === now.weights?.[id];
      return [{ id, text, reason: same ? "dependant" : "weighted" }];
    },
  );
}
