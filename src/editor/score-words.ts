import type { Outcome, ScoreBoard, StatementScore, Tally } from "../workspace/statement-scores.ts";
import type { Statement } from "../policy/statement.ts";

/** What a score comes to: the sign and the figures say it, whatever colours a theme has. */
export const outcomeSign: Readonly<Record<Outcome, string>> = {
  learned: "✓",
  missed: "✗",
  stale: "↻",
};

/** From which share of right answers on a statement counts as learned. */
const learnedFrom = 0.8;

export function outcomeOf({ trained, stale }: StatementScore): Outcome {
  if (stale) return "stale";
  return trained.right >= learnedFrom * trained.n ? "learned" : "missed";
}

/** `✓ 12/12`, `✗ 7/12`, or `↻ stale`: a score of other words is none of these. */
export function scoreMark(score: StatementScore): string {
  const outcome = outcomeOf(score);
  const { right, n } = score.trained;
  return `${outcomeSign[outcome]} ${outcome === "stale" ? "stale" : `${right}/${n}`}`;
}

/** A score, and whether the statement still says what it is of: typing runs ahead of the board. */
export function scoreOf(
  board: ScoreBoard | undefined,
  { id, text }: Pick<Statement, "id" | "text">,
): StatementScore | undefined {
  const score = board?.scores.get(id);
  return score === undefined || score.text === text ? score : { ...score, stale: true };
}

/** Right and asked over statements, without what is stale; undefined where nothing was asked. */
export function tallyOf(
  board: ScoreBoard | undefined,
  statements: readonly Statement[],
): Tally | undefined {
  const sum = { right: 0, n: 0 };
  for (const statement of statements) {
    const score = scoreOf(board, statement);
    if (!score || score.stale) continue;
    sum.right += score.trained.right;
    sum.n += score.trained.n;
  }
  return sum.n > 0 ? sum : undefined;
}

/** From the one to be told first to the one to be told last. */
const gravest: readonly Outcome[] = ["missed", "stale", "learned"];

/**
 * What a run says of the statements that begin on each line, by the line; of several on one line the
 * gravest.
 * @param lineAt the line of an offset.
 */
export function outcomesByLine(
  board: ScoreBoard | undefined,
  statements: readonly Statement[],
  lineAt: (offset: number) => number,
): Map<number, Outcome> {
  const outcomes = new Map<number, Outcome>();
  for (const statement of statements) {
    const score = scoreOf(board, statement);
    if (!score) continue;
    const line = lineAt(statement.start);
    const [known, found] = [outcomes.get(line), outcomeOf(score)];
    if (known === undefined || gravest.indexOf(found) < gravest.indexOf(known)) {
      outcomes.set(line, found);
    }
  }
  return outcomes;
}

/** "12 of 12 right · untrained 3 of 12 · SFT only 6 of 12" */
export function describeScore({ trained, base, sftOnly }: StatementScore): string {
  const of = ({ right, n }: Tally) => `${right} of ${n}`;
  return [
    `${of(trained)} right`,
    ...(base ? [`untrained ${of(base)}`] : []),
    ...(sftOnly ? [`SFT only ${of(sftOnly)}`] : []),
  ].join(" · ");
}
