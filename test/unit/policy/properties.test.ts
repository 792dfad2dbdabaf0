import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDecision } from "../../../src/policy/format.ts";
import { drawSvg } from "../../../src/policy/draw-svg.ts";
import { drawMermaid, drawText } from "../../../src/policy/draw.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import {
  ParsedPolicy,
  type DecisionNode,
  type Outcome,
  type Span,
} from "../../../src/policy/statement.ts";
import { anything, pieces } from "./texts.ts";

const palette = { text: "#000", line: "#000", question: "#000", outcome: "#000", box: "#fff" };

/** The parts of an outcome stand in order, apart from each other, and reach from its start to its end. */
function partsFit({ start, end, parts }: Outcome): boolean {
  if (parts === undefined) return start < end;
  return (
    parts.length > 1 &&
    parts[0]!.start === start &&
    parts.at(-1)!.end === end &&
    parts.every((part, i) => part.start < part.end && part.start > (parts[i - 1]?.end ?? -1))
  );
}

function leaves(node: DecisionNode): Span[] {
  if (node.kind === "test") return [...leaves(node.yes), ...leaves(node.no)];
  return node.kind === "outcome" ? [node] : [];
}

function depthOf(node: DecisionNode): number {
  return node.kind === "test" ? 1 + Math.max(depthOf(node.yes), depthOf(node.no)) : 0;
}

const runs = { numRuns: 150 };

describe("parsePolicy, whatever the text", () => {
  it("never throws, and gives what the schema describes", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parsePolicy(text, { path: "a.md" });
        expect(ParsedPolicy.safeParse(parsed).error).toBeUndefined();
      }),
      runs,
    );
  });

  it("gives spans that lie in the text and hold more than white space", () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const { decision, ...statement } of parsePolicy(text, { path: "a.md" }).statements) {
          const spans = [
            statement,
            ...(decision === undefined ? [] : [...decision.conditions, ...leaves(decision.tree)]),
          ];
          for (const { start, end } of spans) {
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(text.length);
            expect(text.slice(start, end).trim()).not.toBe("");
          }
        }
      }),
      runs,
    );
  });

  it("gives statements in the order of the text that do not overlap, with ids of their own", () => {
    fc.assert(
      fc.property(anything, (text) => {
        const { statements } = parsePolicy(text, { path: "a.md" });
        statements.slice(1).forEach((statement, i) => {
          expect(statement.start).toBeGreaterThanOrEqual(statements[i]!.end);
          expect(statement.line).toBeGreaterThanOrEqual(statements[i]!.line);
        });
        expect(new Set(statements.map(({ id }) => id)).size).toBe(statements.length);
      }),
      runs,
    );
  });

  it("gives decisions whose depth and tests are those of the tree, and that can be written", () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const { decision } of parsePolicy(text, { path: "a.md" }).statements) {
          if (decision === undefined) continue;
          const used = new Set<number>();
          const walk = (node: DecisionNode): void => {
            if (node.kind === "outcome") expect(partsFit(node)).toBe(true);
            if (node.kind !== "test") return;
            used.add(node.condition);
            walk(node.yes);
            walk(node.no);
          };
          walk(decision.tree);
          expect(decision.depth).toBe(depthOf(decision.tree));
          expect([...used].sort((a, b) => a - b)).toEqual(decision.conditions.map((_, i) => i));
          expect(formatDecision(decision)).not.toContain("?:");
          expect(drawText(decision)).not.toBe("");
          expect(drawMermaid(decision)).toMatch(/^flowchart TD\n/);
          expect(drawSvg(decision, palette)).toMatch(/^<svg [^]*<\/svg>$/);
        }
      }),
      runs,
    );
  });

  it("gives the same for line ends of either kind, offsets aside", () => {
    const plain = fc
      .array(fc.constantFrom(...pieces.filter((piece) => !piece.includes("\r"))), { maxLength: 40 })
      .map((parts) => parts.join(" "));
    const read = (text: string): unknown =>
      parsePolicy(text, { path: "a.md" }).statements.map(({ id, text: words, category, line }) => ({
        id,
        words,
        category,
        line,
      }));
    fc.assert(
      fc.property(plain, (text) => {
        expect(read(text.replaceAll("\n", "\r\n"))).toEqual(read(text));
      }),
      runs,
    );
  });

  it("keeps ids when a section is put before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("We pay.", "It is late.", "Call us."), {
          minLength: 1,
          maxLength: 8,
        }),
        (texts) => {
          const body = `# A\n\n${texts.join("\n\n")}\n`;
          const ids = (text: string): string[] =>
            parsePolicy(text, { path: "a.md" }).statements.map(({ id }) => id);
          expect(ids(`# Z\n\nWe pay. A new one.\n\n${body}`).slice(2)).toEqual(ids(body));
        },
      ),
    );
  });

  it("reads one long line and many short ones", () => {
    const line = parsePolicy("If the parcel is late, pay 5 euros. ".repeat(3000), { path: "a.md" });
    expect(line.statements).toHaveLength(3000);
    expect(parsePolicy("word ".repeat(20_000), { path: "a.md" }).statements.length).toBeGreaterThan(
      0,
    );
    expect(
      parsePolicy("x is y, and if ".repeat(7000), { path: "a.md" }).statements.length,
    ).toBeGreaterThan(0);
    expect(parsePolicy(". ".repeat(50_000), { path: "a.md" }).statements).toEqual([]);
    expect(parsePolicy("- If a is b, c\n".repeat(1000), { path: "a.md" }).statements).toHaveLength(
      1000,
    );
  });
});
