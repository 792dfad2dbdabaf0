import type { Statement } from "../policy/statement.ts";
import type { RunResults } from "./run-results.ts";
import { linkStatements } from "./statement-links.ts";

/** Questions on a statement that a model answered right, of those it was asked, over all tiers. */
export interface Tally {
  right: number;
  n: number;
}

/** What a run says of a statement of the policy as it stands now. */
export interface StatementScore {
  /** The id that the run's dataset knows it by. */
  id: string;
  /** Of the trained model. */
  trained: Tally;
  /** Of the model before training, and of the one that was only fine-tuned; where they were asked. */
  base?: Tally;
  sftOnly?: Tally;
  /** It has other words, conditions or another category since: the score is of what it was. */
  stale: boolean;
  /** The words that this was worked out for. */
  text: string;
}

/** What a run says of a policy as it stands now. */
export interface ScoreBoard {
  run: RunResults;
  /** By the statement's id in the policy as it stands now; without those that nobody asked about. */
  scores: ReadonlyMap<string, StatementScore>;
  /** Ids of the statements that came after the run's dataset was made. */
  added: ReadonlySet<string>;
}

/** Finds the statements of a policy in a run's results, be they moved or reworded since. */
export function scoreStatements(run: RunResults, now: readonly Statement[]): ScoreBoard {
  const { internalized, base, "sft-only": sftOnly } = run.arms;
  const byStart = new Map(now.map((statement) => [statement.start, statement]));
  const scores = new Map<string, StatementScore>();
  const added = new Set(now.map(({ id }) => id));
  for (const { id, state, now: place } of linkStatements(run.statements, now)) {
    const statement = place && byStart.get(place.start);
    if (!statement) continue;
    added.delete(statement.id);
    const trained = internalized.byStatement[id];
    if (!trained || trained.n === 0) continue;
    const before = base?.byStatement[id];
    const alone = sftOnly?.byStatement[id];
    scores.set(statement.id, {
      id,
      trained,
      ...(before && { base: before }),
      ...(alone && { sftOnly: alone }),
      stale: state !== "same",
      text: statement.text,
    });
  }
  return { run, scores, added };
}

export type Outcome = "learned" | "missed" | "stale";
