import { describe, expect, it } from "vitest";
import {
  countStatements,
  nestStatements,
  type StatementNode,
} from "../../../src/editor/sections.ts";
import type { Statement } from "../../../src/policy/statement.ts";

const statement = (id: string, ...section: string[]): Statement => ({
  id: `s-${id}`,
  category: "factual",
  start: 0,
  end: 1,
  line: 1,
  section,
  text: id,
  confidence: 1,
  decidedBy: "rules",
});

const outline = (nodes: readonly StatementNode[]): unknown[] =>
  nodes.map((node) =>
    node.kind === "section" ? { [node.title]: outline(node.children) } : node.statement.text,
  );

describe("nestStatements", () => {
  it("puts statements under their headings, in the order of the document", () => {
    const nodes = nestStatements([
      statement("a"),
      statement("b", "Desk", "Fees"),
      statement("c", "Desk"),
      statement("d", "Desk", "Fees"),
      statement("e", "Other", "Fees"),
    ]);
    expect(outline(nodes)).toEqual([
      "a",
      { Desk: [{ Fees: ["b", "d"] }, "c"] },
      { Other: [{ Fees: ["e"] }] },
    ]);
    expect(countStatements(nodes)).toBe(5);
  });

  it("gives equal headings under different ones different paths", () => {
    const [first, second] = nestStatements([statement("a", "A", "X"), statement("b", "B", "X")]);
    const inner = (node?: StatementNode) =>
      node?.kind === "section" ? node.children[0] : undefined;
    expect(inner(first)).toMatchObject({ title: "X" });
    expect(inner(second)).toMatchObject({ title: "X" });
    expect(inner(first)).not.toMatchObject({ path: JSON.stringify(["B", "X"]) });
  });
});
