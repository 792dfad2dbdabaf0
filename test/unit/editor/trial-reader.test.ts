import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editBetween, trialReader } from "../../../src/editor/trial-reader.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";

describe("editBetween", () => {
  it("makes the one text the other, and keeps what both begin and end with", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { start, end, text: words } = editBetween(before, after);
        expect(before.slice(0, start) + words + before.slice(end)).toBe(after);
        if (before === after)
          expect([start, end, words]).toEqual([before.length, before.length, ""]);
      }),
    );
    expect(editBetween("We pay. They ask.", "We pay. Yes. They ask.")).toEqual({
      start: 8,
      end: 8,
      text: "Yes. ",
    });
  });
});

describe("trialReader", () => {
  it("reads one text after another as the parser does", async () => {
    const read = trialReader("desk.md", undefined);
    for (const text of [
      "We pay. They ask.",
      "We pay. <!-- ingrain: behavioral --> They ask.",
      "We pay. They ask.",
      "",
      "# Desk\n\nIf it is late, wait. Otherwise, pay.",
    ])
      expect(await read(text)).toEqual(parsePolicy(text, { path: "desk.md" }).statements);
  });
});
