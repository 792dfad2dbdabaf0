import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  barLines,
  layoutHints,
  nearestStatement,
  statementAt,
} from "../../../src/editor/hint-layout.ts";
import type { Category, Statement } from "../../../src/policy/statement.ts";
import { categories } from "../../../src/policy/statement.ts";

const statement = (start: number, end: number, category: Category = "factual"): Statement => ({
  id: `s-${start}${end}`,
  category,
  start,
  end,
  line: 1,
  section: [],
  text: "x",
  confidence: 1,
  decidedBy: "rules",
});

describe("layoutHints", () => {
  it("puts the word at the end of each statement", () => {
    const text = "One is. Two does.";
    const hints = layoutHints(
      [statement(0, 7), statement(8, 17, "behavioral")],
      text,
      0,
      text.length,
    );
    expect(hints.map(({ offset, word }) => [offset, word])).toEqual([
      [7, "fact"],
      [17, "behavior"],
    ]);
  });

  it("stands after the marks that close the statement", () => {
    const text = "**Bold is.** Then.";
    const [hint] = layoutHints([statement(2, 10)], text, 0, text.length);
    expect(hint?.offset).toBe("**Bold is.**".length);
  });

  it("stands after the last bar of a table row, and before a bar in its middle", () => {
    const text = "| Economy | 6 euros   |\n| Next | x |";
    const end = text.indexOf("6 euros") + "6 euros".length;
    expect(layoutHints([statement(2, end)], text, 0, text.length)[0]?.offset).toBe(
      text.indexOf("\n"),
    );
    expect(layoutHints([statement(2, 9)], text, 0, text.length)[0]?.offset).toBe(9);
  });

  it("shares one hint between statements with one end", () => {
    const hints = layoutHints(
      [statement(0, 9, "simple-conditional"), statement(4, 9, "factual"), statement(5, 9)],
      "012345678",
      0,
      9,
    );
    expect(hints).toHaveLength(1);
    expect(hints[0]).toMatchObject({ offset: 9, word: "if, fact" });
    expect(hints[0]?.statements).toHaveLength(3);
  });

  it("keeps to the range, loses no statement in it, and goes in the order of the text", () => {
    const span = fc.record({
      start: fc.nat(80),
      length: fc.integer({ min: 1, max: 20 }),
      category: fc.constantFrom(...categories),
    });
    fc.assert(
      fc.property(fc.array(span), fc.nat(100), fc.nat(100), (spans, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const statements = spans.map((s) => statement(s.start, s.start + s.length, s.category));
        const hints = layoutHints(statements, "x".repeat(100), from, to);
        const offsets = hints.map(({ offset }) => offset);
        expect(offsets).toEqual([...new Set(offsets)].sort((x, y) => x - y));
        const expected = statements.filter(({ end }) => end >= from && end <= to).length;
        expect(hints.flatMap((hint) => hint.statements)).toHaveLength(expected);
      }),
    );
  });
});

describe("statementAt", () => {
  it("finds the innermost statement, and none between statements", () => {
    const outer = statement(0, 30);
    const inner = statement(10, 20);
    expect(statementAt([outer, inner], 15)).toBe(inner);
    expect(statementAt([outer, inner], 25)).toBe(outer);
    expect(statementAt([outer, inner], 31)).toBeUndefined();
  });
});

describe("nearestStatement", () => {
  it("prefers the statement around the offset, then the closest end", () => {
    const [first, second] = [statement(5, 10), statement(20, 30)] as const;
    const nearest = (offset: number) => nearestStatement([first, second], offset);
    expect(nearest(7)).toBe(first);
    expect(nearest(0)).toBe(first);
    expect(nearest(14)).toBe(first);
    expect(nearest(16)).toBe(second);
    expect(nearest(99)).toBe(second);
    expect(nearestStatement([], 7)).toBeUndefined();
  });
});

describe("barLines", () => {
  const lines = (text: string) => (offset: number) => text.slice(0, offset).split("\n").length - 1;

  it("gives every line of a statement its category, and a shared line that of the first", () => {
    const text = "One is. Two\ndoes it. Three\nis.\n\nFour.";
    const statements = [
      statement(0, 7),
      statement(8, 20, "behavioral"),
      statement(21, 30, "simple-conditional"),
      statement(32, 37),
    ];
    expect(barLines(statements, lines(text))).toEqual([
      { category: "factual", first: 0, last: 0 },
      { category: "behavioral", first: 1, last: 1 },
      { category: "simple-conditional", first: 2, last: 2 },
      { category: "factual", first: 4, last: 4 },
    ]);
  });

  it("puts one bar on each line that a statement touches, and none elsewhere", () => {
    const span = fc.record({
      start: fc.nat(80),
      length: fc.integer({ min: 1, max: 20 }),
      category: fc.constantFrom(...categories),
    });
    const text = fc.string({ unit: fc.constantFrom("x", "\n"), minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(fc.array(span), text, (spans, document) => {
        const lineAt = lines(document);
        const statements = spans.map((s) => statement(s.start, s.start + s.length, s.category));
        const covered = (ranges: readonly { first: number; last: number }[]) =>
          ranges.flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, at) => first + at),
          );
        const bars = covered(barLines(statements, lineAt));
        const touched = covered(
          statements.map(({ start, end }) => ({ first: lineAt(start), last: lineAt(end) })),
        );
        expect(bars).toEqual([...new Set(touched)].sort((a, b) => a - b));
      }),
    );
  });
});
