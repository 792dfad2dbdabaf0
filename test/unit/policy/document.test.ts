import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolicyDocument } from "../../../src/policy/document.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { ParsedPolicy } from "../../../src/policy/statement.ts";
import { anything, pieces } from "./texts.ts";
import { finish } from "../../../src/policy/turns.ts";

const path = "a.md";
const whole = (text: string): ParsedPolicy => parsePolicy(text, { path, window: Infinity });

function loaded(text: string, window?: number): PolicyDocument {
  const document = new PolicyDocument({ path, ...(window === undefined ? {} : { window }) });
  finish(document.load(text));
  return document;
}

function edit(document: PolicyDocument, start: number, end: number, text: string): void {
  finish(document.edit({ start, end, text }));
}

/** Blocks that reach far: each may swallow, end or name what stands after it. */
const far = [
  "\n\n",
  "\n\n",
  "```\n",
  "~~~\n",
  "<!-- ",
  " -->",
  "<!-- ingrain: behavioral -->\n\n",
  "[late]: #a\n",
  "[late]",
  "[^1]: A note.\n\n    with more\n",
  "[^1]",
  "    indented\n",
  "---\n",
  "===\n",
  "- a\n- b\n",
  "  c\n",
  "1. d:\n",
  "> e\n",
  "| a | b |\n| - | - |\n| c | d |\n",
  "# F\n",
  "Pay Ann. We call Bob, Ann or Eve.\n",
  "Otherwise, wait.\n",
  "If it is late, pay:\n",
  "<div>\n",
  "</div>\n",
  "<pre>\n",
  "title: x\n",
];
const document = fc.oneof(
  anything,
  fc.array(fc.constantFrom(...far, ...pieces), { maxLength: 80 }).map((parts) => parts.join("")),
  fc.array(fc.constantFrom(...far), { maxLength: 40 }).map((parts) => parts.join("")),
);
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
  text: fc.oneof(
    fc.constantFrom(...far, ...pieces, "", "a", " "),
    fc.array(fc.constantFrom(...far), { maxLength: 4 }).map((parts) => parts.join("")),
  ),
});

describe("PolicyDocument", () => {
  it("reads a text window by window as it reads it whole", () => {
    fc.assert(
      fc.property(document, fc.constantFrom(1, 10, 40, 200), (text, window) => {
        expect(loaded(text, window).parsed).toEqual(whole(text));
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it("gives after any edits what reading the text from scratch gives", () => {
    fc.assert(
      fc.property(document, fc.array(change, { minLength: 1, maxLength: 6 }), (text, changes) => {
        const edited = loaded(text, 60);
        for (const { at, length, text: inserted } of changes) {
          const start = Math.round(at * edited.text.length);
          edit(edited, start, Math.min(edited.text.length, start + length), inserted);
          expect(edited.parsed).toEqual(whole(edited.text));
        }
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it("keeps what it knows of blocks that an edit does not touch", () => {
    const text = Array.from(
      { length: 200 },
      (_, i) => `## S${i}\n\nIf it is ${i}, pay ${i}.\n`,
    ).join("\n");
    const seen: string[] = [];
    const classifier = {
      classify: ({ text: words }: { text: string }) => {
        seen.push(words);
        return { category: "factual", confidence: 1, decidedBy: "rules", why: "" } as const;
      },
    };
    const edited = new PolicyDocument({ path, classifier });
    finish(edited.load(text));
    expect(seen).toHaveLength(200);
    seen.length = 0;
    const at = text.indexOf("pay 100");
    edit(edited, at, at, "always ");
    expect(seen.length).toBeLessThan(5);
    expect(edited.parsed.statements[100]!.text).toBe("If it is 100, always pay 100.");
  });

  it("gives others a turn while it reads", () => {
    const text = "Parcels are brown. Pay if it is late.\n\n".repeat(2000);
    const turns = [...new PolicyDocument({ path }).load(text)].length;
    expect(turns).toBeGreaterThan(5);
  });
});
