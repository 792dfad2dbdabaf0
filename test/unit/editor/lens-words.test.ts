import { describe, expect, it } from "vitest";
import { lensTitle } from "../../../src/editor/lens-words.ts";
import { statement } from "./statements.ts";

const statements = [
  statement("a"),
  statement("b"),
  statement("c", "behavioral"),
  statement("d", "simple-conditional"),
  statement("e", "complex-conditional"),
];

describe("lensTitle", () => {
  it("counts facts, behaviors and conditions, and leaves out what there is none of", () => {
    expect(lensTitle(statements)).toBe("2 facts · 1 behavior · 2 conditions");
    expect(lensTitle(statements.slice(0, 1))).toBe("1 fact");
  });

  it("counts a row once, whatever number of its statements are here", () => {
    const rows = [["s-a", "s-b"], ["s-a"], ["s-x"], ["s-x", "s-e"]].map((ids, index) => ({
      statements: ids,
      count: index + 1,
    }));
    expect(lensTitle(statements, { rows })).toBe("2 facts · 1 behavior · 2 conditions · 7 rows");
    expect(lensTitle([statement("z")], { rows })).toBe("1 fact · 0 rows");
  });

  it("tells how much of the exam on these statements was answered right", () => {
    expect(lensTitle(statements, {}, { right: 7, n: 8 })).toBe(
      "2 facts · 1 behavior · 2 conditions · 88 % learned",
    );
    expect(lensTitle([statement("z")], {}, undefined)).toBe("1 fact");
  });
});
