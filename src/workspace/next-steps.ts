import type { Statement } from "../policy/statement.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";
import type { RowsOfStatements } from "./policy-results.ts";
import { linkStatements } from "./statement-links.ts";
import type { ScoreBoard, StatementScore } from "./statement-scores.ts";

/** What may be wrong with a statement that was not learned, most telling first. */
export type Cause =
  /** Its words, conditions or category are others than the run was trained on. */
  | { kind: "stale" }
  /** It came after the run's dataset was made. */
  | { kind: "added" }
  /** A finding of the linter: what it says, on one line. */
  | { kind: "finding"; message: string }
  /** Training rows of it, and of the statement in the middle. */
  | { kind: "few-rows"; rows: number; median: number }
  /** The depth of its decision tree. */
  | { kind: "complex"; depth: number }
  /** How sure the reading of its category is, 0 to 1. */
  | { kind: "doubtful"; confidence: number };

/** A statement that a run did not learn. */
export interface Unlearned {
  statement: Statement;
  /** Absent where the run does not know the statement. */
  score?: StatementScore;
  /** Questions that were answered wrong; of what is stale or new, none can be told. */
  wrong: number;
  causes: Cause[];
}

export interface NextStepsInput {
  board: ScoreBoard;
  statements: readonly Statement[];
  /** Whether a score counts as learned. */
  isLearned: (score: StatementScore) => boolean;
  /** Findings of the linter, with their place. */
  findings: readonly { start: number; end: number; message: string }[];
  /** The policy's newest dataset, which the next run trains on. */
  dataset?: { manifest: DatasetManifest; rows: readonly RowsOfStatements[] };
  /** Confidence from which on the reading is taken as sure. */
  sureFrom: number;
}

/** Depth from which on a tree is hard: the depth of workflow rules hurts most (arXiv 2510.11588). */
const deepFrom = 3;
/** Less than this share of the median counts as few rows. */
const fewShare = 0.5;

/**
 * The statements that were not learned, the costliest first: by the questions answered wrong, then
 * what has not been asked yet, in the order of the policy.
 */
export function nextSteps(input: NextStepsInput): Unlearned[] {
  const { board, statements, isLearned } = input;
  const rows = rowCounts(input);
  const counts = [...rows.values()].sort((a, b) => a - b);
  const median = counts[Math.floor(counts.length / 2)] ?? 0;
  return statements
    .flatMap((statement): Unlearned[] => {
      const score = board.scores.get(statement.id);
      if (score ? !score.stale && isLearned(score) : !board.added.has(statement.id)) return [];
      const wrong = score && !score.stale ? score.trained.n - score.trained.right : 0;
      const count = rows.get(statement.id);
      const causes: Cause[] = [
        ...(score
          ? score.stale
            ? [{ kind: "stale" } as const]
            : []
          : [{ kind: "added" } as const]),
        ...findingsOf(statement, input),
        ...(count !== undefined && count < fewShare * median
          ? [{ kind: "few-rows", rows: count, median } as const]
          : []),
        ...(statement.decision && statement.decision.depth >= deepFrom
          ? [{ kind: "complex", depth: statement.decision.depth } as const]
          : []),
        ...(statement.decidedBy !== "author" && statement.confidence < input.sureFrom
          ? [{ kind: "doubtful", confidence: statement.confidence } as const]
          : []),
      ];
      return [{ statement, ...(score && { score }), wrong, causes }];
    })
    .sort((a, b) => b.wrong - a.wrong);
}

function findingsOf({ start, end }: Statement, { findings }: NextStepsInput): Cause[] {
  return findings
    .filter((finding) => finding.start < end && finding.end > start)
    .map(({ message }) => ({ kind: "finding", message }));
}

/** Rows of the newest dataset, by the statement's id in the policy as it stands now. */
function rowCounts({ dataset, statements }: NextStepsInput): Map<string, number> {
  const counts = new Map<string, number>();
  if (!dataset) return counts;
  const perId = new Map<string, number>();
  for (const { statements: ids, count } of dataset.rows) {
    for (const id of new Set(ids)) perId.set(id, (perId.get(id) ?? 0) + count);
  }
  const byStart = new Map(statements.map((statement) => [statement.start, statement.id]));
  for (const { id, now } of linkStatements(dataset.manifest.statements, statements)) {
    const known = now && byStart.get(now.start);
    if (known !== undefined) counts.set(known, perId.get(id) ?? 0);
  }
  return counts;
}
