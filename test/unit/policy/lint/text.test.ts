import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frontMatterEnd } from "../../../../src/policy/front-matter-end.ts";
import { areCompatible, alternativesOf, casesOf } from "../../../../src/policy/lint/cases.ts";
import { lintPolicy } from "../../../../src/policy/lint/lint.ts";
import { mask } from "../../../../src/policy/lint/mask.ts";
import { readOutline } from "../../../../src/policy/lint/outline.ts";
import { gistOf } from "../../../../src/policy/lint/words.ts";
import { endOf, parseRegion } from "../../../../src/policy/markdown.ts";
import { parsePolicy } from "../../../../src/policy/parse.ts";
import { cpuSeconds } from "../../cpu-time.ts";

describe("mask", () => {
  it.each([
    ["Ask `soon` now", "Ask        now"],
    ["a [b](c d.md) e", "a [b](c d.md) e"],
    ["a [b](c.md) e", "a [b]       e"],
    ["a <!-- soon --> b", "a               b"],
    ["a <b>c</b> d", "a    c     d"],
    ["```\nsoon\n```\nnow", "   \n    \n   \nnow"],
    ["~~~\nsoon\n```\nnow", "   \n    \n   \n   "],
    ["me.you@desk.example, now", "                   , now"],
    ["see {{ site.soon }} now", "see                 now"],
  ])("blanks what is no prose, and keeps the rest in place: %j", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it("keeps the length and the line breaks", () => {
    const parts = fc.constantFrom(
      "`",
      "```",
      "<!--",
      "-->",
      "a",
      "\n",
      "\r\n",
      "[b](",
      ")",
      "{{",
      "}}",
      "🙂",
    );
    fc.assert(
      fc.property(
        fc.array(parts).map((all) => all.join("")),
        (text) => {
          const masked = mask(text);
          expect(masked).toHaveLength(text.length);
          expect(masked.replace(/[^\r\n]/g, "")).toBe(text.replace(/[^\r\n]/g, ""));
        },
      ),
    );
  });
});

describe("readOutline", () => {
  it("finds the headings that the Markdown parser finds", () => {
    const text = [
      "---",
      "title: Desk",
      "---",
      "# One *two*",
      "",
      "Three",
      "=====",
      "",
      "```",
      "# code",
      "```",
      "",
      "#hashtag",
      "",
      "- a",
      "---",
      "## Four ##",
      "| a |",
      "| - |",
      "",
      "### [Five](x.md)",
      "",
    ].join("\n");
    const body = frontMatterEnd(text);
    const ends = parseRegion(text.slice(body))
      .blocks.filter(({ type }) => type === "heading")
      .map((block) => endOf(block) + body);
    const { headings, anchors } = readOutline(text, mask(text));
    expect(headings.slice(1).map(({ text: title }) => title)).toEqual([
      "One two",
      "Three",
      "Four",
      "Five",
    ]);
    expect(headings.slice(1).map(({ end }) => end)).toEqual(ends);
    expect([...anchors]).toEqual(expect.arrayContaining(["one-two", "three", "four", "five"]));
  });

  it("counts the steps of the longest numbered list", () => {
    const text = "# A\n\n1. a\n1. b\n   - c\n\n1. d\n\nWe pay.\n\n1. e\n\n# B\n\nWe ask.\n";
    expect(readOutline(text, text).headings.map(({ steps }) => steps)).toEqual([0, 3, 0]);
  });
});

describe("gistOf", () => {
  const same = (a: string, b: string) => expect(gistOf(a)).toEqual(gistOf(b));

  it("is the same for other words that say the same", () => {
    same("Inform the customers of the fee.", "Tell the client the charge.");
    same("He checks 1,000 parcels.", "They verified 1000 packages.");
    same("You cannot refund it.", "You must never refund it.");
  });

  it("differs by amount, name and negation", () => {
    expect(gistOf("Pay 3 euros.").numbers).not.toEqual(gistOf("Pay 4 euros.").numbers);
    expect(gistOf("Serve zone 1.").numbers).not.toEqual(gistOf("Serve zone 2.").numbers);
    expect(gistOf("Do not pay.").negative).toBe(true);
    expect(gistOf("Never do not pay.").negative).toBe(false);
  });
});

describe("areCompatible", () => {
  /** Whether the first cases of two statements can both hold. */
  const together = (one: string, other: string, listed = "We pay."): boolean => {
    const { statements } = parsePolicy(`${listed}\n\n${one}\n\n${other}`, { path: "desk.md" });
    const conditionals = statements.filter(({ decision }) => decision !== undefined);
    const literals = conditionals.flatMap((statement) => casesOf(statement)[0]!.literals);
    return areCompatible(literals, alternativesOf(statements));
  };

  it("agrees with arithmetic for every pair of limits", () => {
    const words = {
      "more than": (x: number, y: number) => x > y,
      "less than": (x: number, y: number) => x < y,
      "at least": (x: number, y: number) => x >= y,
      "at most": (x: number, y: number) => x <= y,
    };
    const limit = fc.tuple(
      fc.constantFrom(...(Object.keys(words) as (keyof typeof words)[])),
      fc.integer({ min: 1, max: 6 }),
    );
    const range = Array.from({ length: 32 }, (_, i) => i / 4);
    fc.assert(
      fc.property(limit, limit, ([one, a], [other, b]) => {
        const sentence = (word: string, value: number) =>
          `If the parcel weighs ${word} ${value} kg, pay.`;
        const possible = range.some((x) => words[one](x, a) && words[other](x, b));
        expect(together(sentence(one, a), sentence(other, b))).toBe(possible);
      }),
    );
  });

  it("takes values for exclusive only where the policy lists them", () => {
    const gold = "If the account is gold, pay.";
    const basic = "If the account is basic, ask.";
    expect(together(gold, basic)).toBe(true);
    expect(together(gold, basic, "Every account is basic, silver or gold.")).toBe(false);
    expect(together("If the lamp is on, pay.", "If the lamp is off, ask.")).toBe(false);
  });
});

describe("time", () => {
  it.each(["x", "a.", "{{ a ", "```", "# a\n", "\n", "[a](", "<!-- a ", "1. a\n", "(", "`a"])(
    "grows no faster than the text: %j",
    (unit) => {
      const text = unit.repeat(200_000 / unit.length);
      expect(cpuSeconds(() => lintPolicy(text, { statements: [] }))).toBeLessThan(5);
    },
  );
});
