import { describe, expect, it } from "vitest";
import {
  describeScore,
  outcomeOf,
  outcomesByLine,
  scoreMark,
  scoreOf,
  tallyOf,
} from "../../../src/editor/score-words.ts";
import type { ScoreBoard, StatementScore } from "../../../src/workspace/statement-scores.ts";
import { statement } from "./statements.ts";

const scored = (right: number, n: number, rest: Partial<StatementScore> = {}): StatementScore => ({
  ...{ id: "s-a", trained: { right, n }, stale: false, text: "a" },
  ...rest,
});

const boardOf = (scores: Record<string, StatementScore>): ScoreBoard => ({
  run: {
    ...{ folder: "f", id: "r", policy: "p.md", at: "2026-01-01T00:00:00.000Z", engine: "onnx" },
    ...{ accuracy: 1, statements: [], arms: { internalized: {} as never } },
  },
  scores: new Map(Object.entries(scores)),
  added: new Set(),
});

describe("a score", () => {
  it("is learned from four of five right answers on, and says it by a sign and figures", () => {
    expect(scoreMark(scored(12, 12))).toBe("✓ 12/12");
    expect(scoreMark(scored(4, 5))).toBe("✓ 4/5");
    expect(scoreMark(scored(7, 12))).toBe("✗ 7/12");
    expect(outcomeOf(scored(0, 1))).toBe("missed");
  });

  it("of other words is neither learned nor missed", () => {
    expect(scoreMark(scored(12, 12, { stale: true }))).toBe("↻ stale");
    const board = boardOf({ "s-a": scored(12, 12) });
    expect(scoreOf(board, { id: "s-a", text: "a" })?.stale).toBe(false);
    // Typing runs ahead of the board.
    expect(scoreOf(board, { id: "s-a", text: "ab" })?.stale).toBe(true);
    expect(scoreOf(board, { id: "s-b", text: "b" })).toBeUndefined();
    expect(scoreOf(undefined, { id: "s-a", text: "a" })).toBeUndefined();
  });

  it("tells the arms that the run has, and no others", () => {
    expect(describeScore(scored(3, 4))).toBe("3 of 4 right");
    const compared = scored(3, 4, { base: { right: 1, n: 4 }, sftOnly: { right: 2, n: 4 } });
    expect(describeScore(compared)).toBe("3 of 4 right · untrained 1 of 4 · SFT only 2 of 4");
  });

  it("of a section leaves out what is stale", () => {
    const board = boardOf({
      "s-a": scored(3, 4),
      "s-b": scored(1, 4, { text: "b" }),
      "s-c": scored(9, 9, { text: "c", stale: true }),
    });
    const all = [statement("a"), statement("b"), statement("c"), statement("d")];
    expect(tallyOf(board, all)).toEqual({ right: 4, n: 8 });
    expect(tallyOf(board, all.slice(2))).toBeUndefined();
  });
});

it("tells the gravest of what begins on a line", () => {
  const board = boardOf({
    "s-a": scored(4, 4),
    "s-b": scored(0, 4, { text: "b" }),
    "s-c": scored(4, 4, { text: "c", stale: true }),
    "s-d": scored(4, 4, { text: "d" }),
  });
  const all = "abcd".split("").map((id, index) => statement(id, "factual", { start: 10 * index }));
  const outcomes = outcomesByLine(board, all, (offset) => Math.floor(offset / 20));
  expect([...outcomes]).toEqual([
    [0, "missed"],
    [1, "stale"],
  ]);
  expect(outcomesByLine(undefined, all, () => 0).size).toBe(0);
});
