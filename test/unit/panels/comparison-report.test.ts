import { describe, expect, it } from "vitest";
import { escapeMarkdown, renderComparison } from "../../../src/panels/comparison-report.ts";
import { diffPolicies } from "../../../src/policy/diff.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { StaleRows } from "../../../src/workspace/stale-rows.ts";

const parse = (text: string) => parsePolicy(text, { path: "desk.md" });
const desk = `# Desk

## Loans

A key is lent for one day. Greet every guest by name. Call the guest once.

## Fees

A lost key costs 20 euros. Never lend a key twice.
`;
const edited = desk
  .replace("one day", "two days")
  .replace(" Greet every guest by name.", "")
  .replace("## Fees\n\n", "## Fees\n\nFees are in euros. <!-- ingrain: behavioral --> ")
  .replace(" Call the guest once.", "")
  .replace("twice.", "twice. Call the guest once.");
const nothing = { cpt: [], sft: [], exam: [] };

describe("renderComparison", () => {
  it("tells what was added, removed, changed, re-categorized and moved", () => {
    const { text } = renderComparison(diffPolicies(parse(desk), parse(edited)), "v1.0", undefined);
    expect(text).toBe(`# Desk: changes since v1.0

1 added, 1 removed, 1 changed, 1 re-categorized, 1 moved; 1 unchanged.

## Added

- line 9, Fees, fact: Fees are in euros.

## Removed

- Loans, behavior: Greet every guest by name.

## Changed

- line 5, Loans, fact
  - before: A key is lent for one day.
  - now: A key is lent for two days.

## Re-categorized

- line 9, Fees, fact → behavior: A lost key costs 20 euros.

## Moved

- line 9, Fees, behavior, moved from Loans: Call the guest once.
`);
  });

  it("links every place of the policy as it is to its line", () => {
    const { text, links } = renderComparison(
      diffPolicies(parse(desk), parse(edited)),
      "HEAD",
      undefined,
    );
    expect(links.map(({ start, end, line }) => [text.slice(start, end), line])).toEqual([
      ["line 9", 9],
      ["line 5", 5],
      ["line 9", 9],
      ["line 9", 9],
    ]);
  });

  it("says so when nothing changed", () => {
    const { text } = renderComparison(diffPolicies(parse(desk), parse(desk)), "HEAD", undefined);
    expect(text).toBe("# Desk: changes since HEAD\n\nNothing changed; 5 unchanged.\n");
  });

  it("tells how many and which rows went stale", () => {
    const stale: StaleRows = {
      dataset: "/work/.ingrain/datasets/desk-12",
      rows: 1310,
      stale: { cpt: ["c-1", "c-2"], sft: [], exam: ["e-1"] },
      statements: [
        {
          id: "s-1",
          reason: "changed",
          text: "A key is lent for one day.",
          rows: { cpt: ["c-1", "c-2"], sft: [], exam: ["e-1"] },
        },
      ],
    };
    const diff = diffPolicies(parse(desk), parse(desk));
    expect(renderComparison(diff, "HEAD", stale).text).toContain(`## Stale rows

Of the 1,310 rows of the newest dataset, desk-12, 3 are stale: 2 to pretrain on, 0 to fine-tune on and 1 of the exam. Their statements are not what they were when it was made:

- changed: A key is lent for one day.
  - c-1, c-2, e-1
`);
    const fresh = { ...stale, stale: nothing, statements: [] };
    expect(renderComparison(diff, "HEAD", fresh).text).toContain(
      "All 1,310 rows of the newest dataset, desk-12, still hold.",
    );
    expect(renderComparison(diff, "HEAD", { problem: "dataset.json is missing" }).text).toContain(
      "cannot be read: dataset.json is missing",
    );
  });

  it("gives a stranger's words no meaning of their own", () => {
    const hostile = "Pay <b onclick=x>now</b> [here](command:run) `rm`\u001b[2J $x$.";
    const next = parse(`# A\n\n${hostile.replaceAll("<", "\\<").replaceAll("[", "\\[")}\n`);
    const { text } = renderComparison(diffPolicies(parse("# A\n"), next), "HEAD", undefined);
    expect(text).not.toMatch(/(?<!\\)[<[`]|[^\P{Cc}\n]/u);
    expect(escapeMarkdown("a\n# b")).toBe("a # b");
  });
});
