import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { decodePolicy } from "../../../src/policy/decode.ts";
import { formatDecision } from "../../../src/policy/format.ts";
import { isMarkedPolicy } from "../../../src/policy/front-matter.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { categories, type ParsedPolicy } from "../../../src/policy/statement.ts";

/**
 * Golden tests: what is read from the sample policy, as text for a reviewer's eyes. Run with
 * `UPDATE_GOLDEN=1` to write the golden files anew, and read the difference before you commit it.
 */
const root = fileURLToPath(new URL("../../..", import.meta.url));
const sample = join(root, "media/sample/parcel-desk.md");
const golden = join(root, "test/fixtures/policy");

function render(source: string, { statements }: ParsedPolicy): string {
  return statements
    .map((statement) => {
      const rows = [
        `${statement.line}:${statement.section.at(-1) ?? ""} · ${statement.category} · ${statement.id}`,
        `  ${statement.text}`,
        `  ${statement.decidedBy} ${statement.confidence}: ${statement.why ?? ""}`,
      ];
      if (statement.decision !== undefined) {
        rows.push(formatDecision(statement.decision).replace(/^/gm, "    "));
        for (const { start, end, text, variable, operator, value, unit } of statement.decision
          .conditions) {
          const read = [variable, operator, value, unit]
            .filter((part) => part !== undefined)
            .join(" ");
          rows.push(`    [${source.slice(start, end)}] ${text}: ${read}`);
        }
      }
      return rows.join("\n");
    })
    .join("\n\n")
    .concat("\n");
}

describe("the sample policy", () => {
  const source = decodePolicy(readFileSync(sample), sample);
  const parsed = parsePolicy(source, { path: basename(sample) });

  it("is marked as a policy and has 600 to 1,000 words", () => {
    expect(isMarkedPolicy(source)).toBe(true);
    expect(parsed.policy.words).toBeGreaterThanOrEqual(600);
    expect(parsed.policy.words).toBeLessThanOrEqual(1000);
  });

  it("has all four categories, each with a fifth of the statements at least", () => {
    for (const category of categories) {
      const share =
        parsed.statements.filter((statement) => statement.category === category).length /
        parsed.statements.length;
      expect(share, category).toBeGreaterThanOrEqual(0.2);
    }
  });

  it("has a decision for every conditional", () => {
    const conditional = parsed.statements.filter(({ category }) =>
      category.endsWith("conditional"),
    );
    expect(conditional.filter(({ decision }) => decision === undefined)).toEqual([]);
  });

  it("reads as its golden file says", () => {
    const file = join(golden, "parcel-desk.golden.txt");
    const text = render(source, parsed);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  });
});

/** A folder of other policies (Markdown), to try the reader on documents that are not ours. */
const folder = process.env["INGRAIN_POLICIES"];

describe.skipIf(folder === undefined)("policies in INGRAIN_POLICIES", () => {
  it("has the retail policy of τ-bench read as we read it", ({ skip }) => {
    const file = join(folder ?? "", "tau-retail.md");
    skip(!existsSync(file), `${file} does not exist`);
    const { policy, statements } = parsePolicy(decodePolicy(readFileSync(file), file), {
      path: file,
    });
    const count = (category: string): number =>
      statements.filter((statement) => statement.category === category).length;
    expect(policy.words).toBe(1020);
    expect(categories.map(count)).toEqual([17, 18, 13, 3]);
  });
});
