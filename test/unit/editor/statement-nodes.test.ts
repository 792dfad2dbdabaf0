import { describe, expect, it } from "vitest";
import { outlineOf } from "../../../src/editor/sections.ts";
import {
  countStatements,
  matches,
  nodesBelow,
  nodesOf,
  type StatementNode,
} from "../../../src/editor/statement-nodes.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { statement } from "./statements.ts";

const source = `# Desk

The desk is open at nine.

## Callers

Greet every caller by name.

If the caller is angry, stay calm.

# Parcels

A parcel has a weight.
`;
const outline = outlineOf(source, parsePolicy(source, { path: "desk.md" }).statements);

const shape = (nodes: readonly StatementNode[]): unknown[] =>
  nodes.map((node) =>
    node.kind === "statement"
      ? node.statement.text
      : { [node.kind === "section" ? node.section.title : node.category]: shape(node.children) },
  );

describe("nodesOf", () => {
  it("groups by section", () => {
    expect(shape(nodesOf(outline, "section", ""))).toEqual([
      {
        Desk: [
          "The desk is open at nine.",
          {
            Callers: ["Greet every caller by name.", "If the caller is angry, stay calm."],
          },
        ],
      },
      { Parcels: ["A parcel has a weight."] },
    ]);
  });

  it("groups by category, in the order of the categories", () => {
    expect(shape(nodesOf(outline, "category", ""))).toEqual([
      { factual: ["The desk is open at nine.", "A parcel has a weight."] },
      { behavioral: ["Greet every caller by name."] },
      { "simple-conditional": ["If the caller is angry, stay calm."] },
    ]);
  });

  it("leaves out what holds no statement that matches", () => {
    expect(shape(nodesOf(outline, "section", "caller @if"))).toEqual([
      { Desk: [{ Callers: ["If the caller is angry, stay calm."] }] },
    ]);
    expect(countStatements(nodesOf(outline, "category", "desk"))).toBe(3);
    expect(nodesOf(outline, "section", "nobody says this")).toEqual([]);
  });

  it.each(["section", "category"] as const)("knows the parent of each node, by %s", (grouping) => {
    const nodes = nodesOf(outline, grouping, "");
    for (const node of nodes) expect(node.parent).toBeUndefined();
    for (const node of nodesBelow(nodes)) {
      if (node.kind === "statement") continue;
      for (const child of node.children) expect(child.parent).toBe(node);
    }
    expect(countStatements(nodes)).toBe(4);
  });
});

describe("matches", () => {
  const rule = statement("a", "complex-conditional", {
    text: "Refund the fee if the parcel was late or damaged.",
    section: ["Refunds", "Late parcels"],
  });

  it.each([
    ["", true],
    ["  ", true],
    ["FEE", true],
    ["damaged late", true],
    ["refunds voucher", false],
    ["@complex", true],
    ["@if", true],
    ["@if…", true],
    ["@fact", false],
    ["@simple", false],
    ["@complex fee", true],
    ["@behavior fee", false],
  ])("%j: %s", (filter, expected) => {
    expect(matches(rule, filter)).toBe(expected);
  });
});
