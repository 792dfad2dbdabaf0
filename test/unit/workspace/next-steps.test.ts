import { describe, expect, it } from "vitest";
import type { Statement } from "../../../src/policy/statement.ts";
import { outcomeOf } from "../../../src/editor/score-words.ts";
import { describeCauses } from "../../../src/panels/cause-words.ts";
import { nextSteps, type NextStepsInput } from "../../../src/workspace/next-steps.ts";
import type { StatementScore } from "../../../src/workspace/statement-scores.ts";
import { moreOf } from "../../../src/workspace/statement-weights.ts";
import { statement } from "../editor/statements.ts";

const words = "a b c d e f".split(" ");
/** One after the other, so that each has a place of its own. */
const statements: Statement[] = words.map((word, index) =>
  statement(word, "factual", { start: 10 * index, end: 10 * index + 5, text: `${word} is so` }),
);
const [a, b, c, d, e, f] = statements as [
  ...[Statement, Statement, Statement],
  ...[Statement, Statement, Statement],
];

const score = (right: number, n: number, rest: Partial<StatementScore> = {}): StatementScore => ({
  ...{ id: "s-x", trained: { right, n }, stale: false, text: "x" },
  ...rest,
});

const input = (
  scores: Record<string, StatementScore>,
  rest: Partial<NextStepsInput> = {},
): NextStepsInput => ({
  board: {
    run: {} as never,
    scores: new Map(Object.entries(scores)),
    added: new Set(statements.map(({ id }) => id).filter((id) => !(id in scores))),
  },
  statements,
  isLearned: (each) => outcomeOf(each) === "learned",
  findings: [],
  sureFrom: 0.8,
  ...rest,
});
const right = Object.fromEntries(statements.map(({ id }) => [id, score(4, 4)]));

describe("what to do next", () => {
  it("is nothing where all was learned", () => {
    expect(nextSteps(input(right))).toEqual([]);
  });

  it("begins with what cost most, and ends with what nobody asked about", () => {
    const others = Object.fromEntries(Object.entries(right).filter(([id]) => id !== a.id));
    const steps = nextSteps(
      input({
        ...others,
        [b.id]: score(2, 4),
        [c.id]: score(3, 9),
        [e.id]: score(0, 3),
        [f.id]: score(1, 9, { stale: true }),
      }),
    );
    expect(steps.map(({ statement: { id }, wrong }) => [id, wrong])).toEqual([
      [c.id, 6],
      [e.id, 3],
      [b.id, 2],
      [a.id, 0],
      [f.id, 0],
    ]);
    expect(steps.map(({ causes }) => causes.map(({ kind }) => kind))).toEqual([
      ...[[], [], []],
      ...[["added"], ["stale"]],
    ]);
  });

  it("leaves out what the run knows and asked nothing about", () => {
    const asked = input({ ...right });
    const board = { ...asked.board, scores: new Map(), added: new Set<string>() };
    expect(nextSteps({ ...asked, board })).toEqual([]);
  });

  it("names the causes that are known", () => {
    const wrong = { ...right, [d.id]: score(0, 4, { base: { right: 1, n: 4 } }) };
    const dataset = {
      manifest: { statements: statements.map((each) => ({ ...each, depth: 0 })) } as never,
      rows: statements.map(({ id }) => ({ statements: [id], count: id === d.id ? 20 : 100 })),
    };
    const findings = [
      { start: d.start + 2, end: d.start + 3, message: "It is vague" },
      { start: d.end, end: d.end + 2, message: "It is another's" },
    ];
    const [step] = nextSteps(input(wrong, { dataset, findings }));
    expect(step?.causes).toEqual([
      { kind: "finding", message: "It is vague" },
      { kind: "few-rows", rows: 20, median: 100 },
    ]);
    expect(describeCauses(step!)).toBe("It is vague · few rows (20, where others have 100)");
    const [bare] = nextSteps(input(wrong));
    expect(describeCauses(bare!)).toBe("no better than before training");

    const hard = { ...d, confidence: 0.5, decision: { depth: 3 } as never };
    const now = statements.map((each) => (each.id === d.id ? hard : each));
    const [deep] = nextSteps(input(wrong, { statements: now }));
    expect(describeCauses(deep!)).toBe(
      "a decision tree of depth 3 · its category is doubtful (50 %)",
    );
  });
});

describe("more rows", () => {
  const known = statements.map((each) => ({ ...each, depth: 0 }));

  it("are once more the usual ones, up to ten times", () => {
    expect(moreOf({ statements: known }, b, statements)).toEqual({ [b.id]: 2 });
    const weights = { [b.id]: 2, [c.id]: 10 };
    expect(moreOf({ statements: known, weights }, b, statements)).toEqual({ [b.id]: 3 });
    expect(() => moreOf({ statements: known, weights }, c, statements)).toThrow("10 times");
  });

  it("are for the statement that a dataset knows by another id", () => {
    const renamed = known.map((each) => ({ ...each, id: `${each.id}9` }));
    expect(moreOf({ statements: renamed }, b, statements)).toEqual({ [`${b.id}9`]: 2 });
    expect(moreOf({ statements: known.slice(0, 1) }, { start: 99 }, statements)).toBeUndefined();
  });
});
