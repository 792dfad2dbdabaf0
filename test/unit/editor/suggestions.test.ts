import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suggestionsAt } from "../../../src/editor/suggestions.ts";
import { checkDirectives } from "../../../src/policy/directives.ts";
import { isMarkedPolicy } from "../../../src/policy/front-matter.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { categories } from "../../../src/policy/statement.ts";

/** What the text becomes with each suggestion at `|`. */
function accept(marked: string, isPolicy: boolean): string[] {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  return suggestionsAt(text, offset, isPolicy).map(
    ({ text: inserted, start, end }) => text.slice(0, start) + inserted + text.slice(end),
  );
}

describe("suggestionsAt, in a policy", () => {
  it.each([
    ["<!-- ingrain:|"],
    ["<!-- ingrain: |"],
    ["<!-- ingrain: beh|"],
    ["<!-- ingrain: beh|avior -->"],
    ["<!-- ingrain: | -->"],
    ["<!-- ingrain:|-->"],
    ["<!-- ingrain: |>"],
    ["<|"],
    ["<|>"],
    ["<!--|"],
    ["<!-- ingr|"],
    ["<!--ingr| -->"],
  ])("completes %s to a comment that works", (marked) => {
    const policies = accept(`# Desk\r\n\r\n${marked}\r\nThe desk opens at nine.\r\n`, true);
    expect(policies).toHaveLength(categories.length);
    policies.forEach((text, i) => {
      const { statements } = parsePolicy(text, { path: "desk.md" });
      expect(statements.map(({ category, decidedBy }) => [category, decidedBy])).toEqual([
        [categories[i], "author"],
      ]);
      expect(checkDirectives(text, statements)).toEqual([]);
    });
  });

  it("keeps what stands behind the comment", () => {
    expect(accept("<!-- ingrain: f| The desk opens.", true)[0]).toBe(
      "<!-- ingrain: factual --> The desk opens.",
    );
  });

  it.each(["The desk|", "a <b|", "<!-- TODO|", "- |", "ingrain|", "<div|"])(
    "offers nothing at %s",
    (marked) => {
      expect(accept(marked, true)).toEqual([]);
    },
  );
});

describe("suggestionsAt, in other Markdown", () => {
  it.each([
    ["|"],
    ["ingr|\n\n# Desk\n"],
    ["---\n|\n---\n"],
    ["---\ntitle: Desk\ningrain:|\n---\n"],
    ["---\r\ntitle: Desk\r\nin|\r\n---\r\n"],
  ])("marks the file as a policy: %j", (marked) => {
    const texts = accept(marked, false);
    expect(texts).toHaveLength(1);
    expect(isMarkedPolicy(texts[0]!)).toBe(true);
  });

  it.each(["<!-- |", "<|", "# Desk\n|", "---\na: 1\n---\ning|", "---|\n", "ingrain: x|", "a|"])(
    "offers nothing at %j",
    (marked) => {
      expect(accept(marked, false)).toEqual([]);
    },
  );
});

it("replaces only what stands on the line, and contains the offset", () => {
  const piece = fc.constantFrom("<", "!--", " ", "ingrain:", "factual", "-->", "\n", "---", "ing");
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, fc.nat(40), fc.boolean(), (source, at, isPolicy) => {
      const offset = Math.min(at, source.length);
      for (const { start, end } of suggestionsAt(source, offset, isPolicy)) {
        expect(start).toBeLessThanOrEqual(offset);
        expect(end).toBeGreaterThanOrEqual(offset);
        expect(source.slice(start, end)).not.toContain("\n");
      }
    }),
  );
});
