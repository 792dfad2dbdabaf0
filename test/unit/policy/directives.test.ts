import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDirectives } from "../../../src/policy/directives.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { categories } from "../../../src/policy/statement.ts";
import { cpuSeconds } from "../cpu-time.ts";

const check = (source: string) =>
  checkDirectives(source, parsePolicy(source, { path: "desk.md" }).statements).map(
    ({ kind, start, end }) => [kind, source.slice(start, end)],
  );

describe("checkDirectives", () => {
  it.each([
    ["before a statement", "<!-- ingrain: behavioral -->\nThe desk opens at nine.\n"],
    ["on its line", "<!-- ingrain: behavioral --> The desk opens at nine.\n"],
    ["over three lines", "<!--\ningrain: factual\n-->\nThe desk opens at nine.\n"],
    ["in an item", "- <!-- ingrain: factual --> Greet everybody.\n- Never shout.\n"],
    ["in code", "```md\n<!-- ingrain: nonsense -->\n```\n\nWrite `<!-- ingrain: x -->` there.\n"],
    ["in front matter", "---\ntitle: x # <!-- ingrain: factual -->\n---\n\nThe desk opens.\n"],
    [
      "a remark",
      "<!-- ingrain is a tool -->\n<!-- ingrain-disable x -->\nThe desk opens at nine.\n",
    ],
  ])("accepts a comment %s", (_, source) => {
    expect(check(source)).toEqual([]);
  });

  it.each([
    ["unknown-category", "<!-- ingrain: behavoral -->"],
    ["unknown-category", "<!-- ingrain: -->"],
    ["unknown-category", "<!-- Ingrain: behavioral -->"],
    ["unknown-category", "<!-- ingrain: Behavioral -->"],
    ["unknown-category", "<!-- ingrain : behavioral -->"],
    ["unknown-category", "<!-- ingrain: factual, I think -->"],
    ["unclosed", "<!-- ingrain: behavioral"],
    ["unclosed", "<!-- ingrain: behavioral ->"],
  ])("finds %s: %s", (kind, comment) => {
    expect(check(`${comment}\nThe desk opens at nine.\n`)).toEqual([[kind, comment]]);
  });

  it("finds a comment with no statement after it in its section", () => {
    const comment = "<!-- ingrain: factual -->";
    expect(check(`The desk opens at nine.\n\n${comment}\n`)).toEqual([["no-statement", comment]]);
    expect(check(`${comment}\n\n# Desk\n\nThe desk opens at nine.\n`)).toEqual([
      ["no-statement", comment],
    ]);
    const both = `${comment}\n\n# Desk\n\n<!-- ingrain: behavioral -->\nThe desk opens at nine.\n`;
    expect(check(both)).toEqual([["no-statement", comment]]);
  });

  it("finds a comment that the next one overrides", () => {
    const source =
      "<!-- ingrain: factual -->\n<!-- ingrain: behavioral -->\nThe desk opens at nine.\n";
    expect(check(source)).toEqual([["overridden", "<!-- ingrain: factual -->"]]);
  });

  it("does not count what stands in code", () => {
    const source =
      "<!-- ingrain: factual -->\n\n```md\n<!-- ingrain: behavioral -->\n```\n\nThe desk opens at nine.\n";
    expect(check(source)).toEqual([]);
  });

  it("takes no time for a line of megabytes", () => {
    const space = " ".repeat(1_000_000);
    const text = `<!-- ingrain:${space}\n<!--${space}ingrain: ${"x".repeat(1_000_000)}`;
    expect(cpuSeconds(() => checkDirectives(text, []))).toBeLessThan(1);
  });

  it("says what to write", () => {
    const [problem] = checkDirectives("<!-- ingrain: Factual -->\n", []);
    expect(problem?.message).toBe("Write exactly <!-- ingrain: factual -->.");
  });

  it("keeps to one of the two: a directive decides a statement, or it is a problem", () => {
    const line = fc.constantFrom(
      ...categories.map((category) => `<!-- ingrain: ${category} -->`),
      "<!-- ingrain: nothing -->",
      "The desk opens at nine.",
      "- Greet everybody.",
      "# Desk",
      "```",
      "",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        const source = lines.join("\n");
        const { statements } = parsePolicy(source, { path: "desk.md" });
        const fence = source.indexOf("```");
        const text = fence < 0 ? source : source.slice(0, fence);
        const written = [...text.matchAll(/<!-- ingrain: (?!nothing)/g)].length;
        const problems = checkDirectives(source, statements).filter(
          ({ kind, start }) => kind !== "unknown-category" && start < text.length,
        );
        const decided = statements.filter(({ decidedBy }) => decidedBy === "author");
        if (fence < 0) expect(decided.length + problems.length).toBe(written);
        else expect(problems.length).toBeLessThanOrEqual(written);
      }),
    );
  });
});
