import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawSvg, wrap, type Palette } from "../../../src/policy/draw-svg.ts";
import { drawMermaid, drawText } from "../../../src/policy/draw.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { Decision } from "../../../src/policy/statement.ts";

const palette: Palette = {
  text: "#111",
  line: "#222",
  question: "#333",
  outcome: "#444",
  box: "#fff",
};

function decisionOf(sentence: string): Decision {
  const { statements } = parsePolicy(`# Desk\n\n${sentence}\n`, { path: "desk.md" });
  const { decision } = statements[0]!;
  if (decision === undefined) throw new Error("no decision");
  return decision;
}

/** A tree whose words are a stranger's. */
function saying(words: string): Decision {
  return {
    depth: 1,
    conditions: [{ start: 0, end: 1, text: words }],
    tree: {
      kind: "test",
      condition: 0,
      yes: { kind: "outcome", start: 0, end: 1, text: words },
      no: { kind: "unstated" },
    },
  };
}

describe("drawText", () => {
  it("draws both sides of a condition", () => {
    expect(drawText(decisionOf("A parcel can be rerouted only if it is in the depot."))).toBe(
      [
        "it is in the depot?",
        "├─ yes: a parcel can be rerouted",
        "└─ no: not: a parcel can be rerouted",
      ].join("\n"),
    );
  });

  it("joins tests that lead to the same answer, and indents what is below", () => {
    const decision = decisionOf(
      "If the parcel is late or damaged, refund the fee, unless the customer chose economy.",
    );
    expect(drawText(decision)).toBe(
      [
        "the parcel is late or the parcel is damaged?",
        "├─ yes: the customer chose economy?",
        "│  ├─ yes: not: refund the fee",
        "│  └─ no: refund the fee",
        "└─ no: not said",
      ].join("\n"),
    );
  });
});

describe("drawMermaid", () => {
  it("writes a node for each question and answer", () => {
    expect(drawMermaid(decisionOf("If the parcel is late, refund the fee."))).toBe(
      [
        "flowchart TD",
        '  n0{"the parcel is late?"}',
        '  n1["refund the fee"]',
        "  n0 -->|yes| n1",
        '  n2(["not said"])',
        "  n0 -->|no| n2",
      ].join("\n"),
    );
  });

  it("writes a stranger's words as words", () => {
    const rows = drawMermaid(saying('"] --> x; click n0 "javascript:alert(1)" `**b**` <b>#9;&'));
    for (const row of rows.split("\n").slice(1)) {
      expect(row).toMatch(
        /^ {2}n\d(?:\{"[^"<>`;[\]{}()]*(?:#\d+;[^"<>`;[\]{}()]*)*"\}|\[".*"\]|\(\["not said"\]\)| -->\|(?:yes|no)\| n\d)$/u,
      );
      expect(row.replaceAll(/#\d+;/g, "")).not.toMatch(/javascript:.*[()]|[`<*&#]/);
    }
  });
});

describe("drawSvg", () => {
  it("puts “yes” to the right and “no” below", () => {
    const svg = drawSvg(
      decisionOf("If the parcel is late, refund the fee, otherwise apologise."),
      palette,
    );
    const boxes = [...svg.matchAll(/<rect x="(\d+)" y="(\d+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(boxes).toHaveLength(3);
    const [question, yes, no] = boxes as [number[], number[], number[]];
    expect(yes[0]).toBeGreaterThan(question[0]!);
    expect(yes[1]).toBe(question[1]);
    expect(no[0]).toBe(question[0]);
    expect(no[1]).toBeGreaterThan(question[1]!);
  });

  it("holds no element, attribute or control character of a stranger, whatever the words", () => {
    const words = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("</text><script>x</script>", '" onload="x', "&lt;", "\u0000\u0008", "\ud800"),
    );
    fc.assert(
      fc.property(words, (text) => {
        const svg = drawSvg(saying(text), palette);
        const tags = new Set([...svg.matchAll(/<\/?([a-z]+)/gi)].map(([, name]) => name));
        expect(
          [...tags].filter((name) => !["svg", "path", "text", "rect"].includes(name!)),
        ).toEqual([]);
        expect(svg.replaceAll(/>[^<]*</g, "><")).not.toMatch(/\son\w+=/);
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
        expect(svg).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
        expect(Buffer.from(svg).toString()).toBe(svg);
      }),
    );
  });
});

describe("wrap", () => {
  it("keeps every letter in order, and no line is empty but that of an empty text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const lines = wrap(text, 120);
        expect(lines.join("").replaceAll(/\s/gu, "")).toBe(text.replaceAll(/\s/gu, ""));
        if (text.trim() !== "") expect(lines.every((line) => line !== "")).toBe(true);
      }),
    );
  });

  it("breaks between words where it can, and within a word that is too long", () => {
    expect(wrap("the parcel is late", 70)).toEqual(["the parcel", "is late"]);
    expect(wrap("aaaaaaaaaaaaaaaaaaaa", 64).every((line) => line.length <= 10)).toBe(true);
  });
});
