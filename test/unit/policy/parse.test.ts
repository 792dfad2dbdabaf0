import { describe, expect, it } from "vitest";
import type { Classifier } from "../../../src/policy/classifier.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { ParsedPolicy } from "../../../src/policy/statement.ts";

const parse = (text: string): ParsedPolicy => parsePolicy(text, { path: "docs/desk.md" });

describe("parsePolicy", () => {
  it("describes the document", () => {
    const { policy, version } = parse(
      "---\ntitle: The desk\n---\n\n# Heading\n\nWe pay 5 euros.\n",
    );
    expect(version).toBe(1);
    expect(policy).toEqual({
      path: "docs/desk.md",
      title: "The desk",
      // From sha256sum, over the same bytes.
      sha256: "3e533420db2602570adbffe8c60c8c1c1ad49a2e4b48b68931b51094eaf55d7d",
      words: 11,
      tokens: 17,
      tokenizer: "words-and-marks",
    });
  });

  it("takes the title from the front matter, the first heading or the file", () => {
    expect(parse("---\ntitle: A\n---\n# B").policy.title).toBe("A");
    expect(parse("Text.\n\n## The **B**").policy.title).toBe("The B");
    expect(parse("We pay.").policy.title).toBe("desk");
  });

  it("gives offsets, lines and sections that lead back to the source", () => {
    const text = "# A\r\n\r\nWe **pay**. They ask.\r\n\r\n## B\r\n\r\n- It is late.\r\n";
    const statements = parse(text).statements.map((statement) => ({
      source: text.slice(statement.start, statement.end),
      text: statement.text,
      line: statement.line,
      section: statement.section,
    }));
    expect(statements).toEqual([
      { source: "We **pay**.", text: "We pay.", line: 3, section: ["A"] },
      { source: "They ask.", text: "They ask.", line: 3, section: ["A"] },
      { source: "It is late.", text: "It is late.", line: 7, section: ["A", "B"] },
    ]);
  });

  it("gives what the schema describes", () => {
    const parsed = parse(
      "If it is late, pay. Otherwise, wait.\n\n| A | B |\n| - | - |\n| c | d |\n",
    );
    expect(ParsedPolicy.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  it("keeps a statement's id through edits elsewhere, and gives its twin another", () => {
    const before = parse("# A\n\nWe pay. It is late.\n").statements;
    const after = parse(
      "# A\n\nThey ask us first.\n\n- We pay.\n- It is late.\n\n# B\n\nWe pay. We pay.\n",
    ).statements;
    expect(after.slice(1, 3).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(new Set(after.map(({ id }) => id)).size).toBe(after.length);
  });

  describe("the author's word", () => {
    it("beats the rules for the statement after it, and no other", () => {
      const { statements } = parse(
        "<!-- ingrain: behavioral -->\nParcels are brown. Labels are white.\n",
      );
      expect(
        statements.map(({ category, decidedBy, confidence }) => [category, decidedBy, confidence]),
      ).toEqual([
        ["behavioral", "author", 1],
        ["factual", "rules", expect.any(Number)],
      ]);
    });

    it("may stand within a paragraph, before a list item or inside it, and before a row", () => {
      const text =
        "We pay. <!-- ingrain: factual --> Never run.\n\n<!-- ingrain: factual -->\n- Never eat.\n<!-- ingrain: factual -->\n- Never sit.\n- <!-- ingrain: factual --> Never lie.\n\n<!-- ingrain: behavioral -->\n\n| A | B |\n| - | - |\n| c | d |\n| e | f |\n";
      expect(
        parse(text).statements.map((statement) => [statement.text, statement.decidedBy]),
      ).toEqual([
        ["We pay.", "rules"],
        ["Never run.", "author"],
        ["Never eat.", "author"],
        ["Never sit.", "author"],
        ["Never lie.", "author"],
        ["A: c; B: d", "author"],
        ["A: e; B: f", "rules"],
      ]);
    });

    it("counts inside a statement for that statement, and not in code or with an unknown word", () => {
      const list = parse(
        "Each box has:\n\n- a lid\n- <!-- ingrain: behavioral --> a base\n\nIt is big.\n",
      ).statements;
      expect(list.map(({ decidedBy }) => decidedBy)).toEqual(["author", "rules"]);
      const code = parse(
        "```\n<!-- ingrain: factual -->\n```\n\nNever `<!-- ingrain: factual -->` run.\n<!-- ingrain: maybe -->\n\nNever sit.",
      ).statements;
      expect(code.map(({ decidedBy }) => decidedBy)).toEqual(["rules", "rules"]);
    });

    it("does not reach over a heading", () => {
      expect(
        parse("<!-- ingrain: factual -->\n\n# Next\n\nNever run.").statements[0]?.decidedBy,
      ).toBe("rules");
    });

    it("keeps the decision where it says conditional, and drops it where it does not", () => {
      const decision = (word: string): unknown =>
        parse(`<!-- ingrain: ${word} -->\nIf it is late, pay.`).statements[0]?.decision;
      expect(decision("complex-conditional")).toBeDefined();
      expect(decision("factual")).toBeUndefined();
    });
  });

  it("asks the classifier that it is given, with what was read", () => {
    const seen: unknown[] = [];
    const classifier: Classifier = {
      classify({ text, section, layout, previous, reading }) {
        seen.push([text, section, layout, previous, reading?.decision.conditions.length]);
        return { category: "factual", confidence: 0.5, decidedBy: "model", why: "a guess" };
      },
    };
    const { statements } = parsePolicy("# A\n\nWe pay. If it is late, wait.\n\n# B\n\nIt is so.", {
      path: "a.md",
      classifier,
    });
    expect(seen).toEqual([
      ["We pay.", ["A"], "sentence", undefined, undefined],
      ["If it is late, wait.", ["A"], "sentence", "We pay.", 1],
      ["It is so.", ["B"], "sentence", undefined, undefined],
    ]);
    expect(statements.map(({ decidedBy, why }) => [decidedBy, why])).toEqual(
      Array(3).fill(["model", "a guess"]),
    );
  });
});
